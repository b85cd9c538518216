//! Containers have an image and a command, and mount paths are unique.

use std::collections::BTreeMap;

use kfp_diag::graph::cycles;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::{Template, TemplateKind, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        match template.kind() {
            Some(kind @ (TemplateKind::Container | TemplateKind::Script)) => {
                if let Some(container) = template.node.get(kind.key()) {
                    found.extend(no_image(ctx, kind, &container));
                    found.extend(no_command(ctx, kind, &container));
                    if kind == TemplateKind::Container {
                        paths(template, &container, found);
                    }
                }
            }
            Some(TemplateKind::ContainerSet) => {
                if let Some(set) = template.node.get("containerSet") {
                    containers(template, &set, found);
                }
            }
            _ => {}
        }
    }
}

/// Returns a field of the containers in `templateDefaults`, where the kind of manifest has them.
fn default<'a>(ctx: &Ctx<'_, 'a>, kind: TemplateKind, key: &str) -> Option<YamlNode<'a>> {
    if ctx.manifest.kind == Kind::ClusterWorkflowTemplate {
        return None;
    }
    ctx.manifest.spec.at(&["templateDefaults", kind.key(), key])
}

fn no_image(ctx: &Ctx<'_, '_>, kind: TemplateKind, container: &YamlNode<'_>) -> Option<Diagnostic> {
    if container.text_at("image").is_some() || default(ctx, kind, "image").is_some() {
        return None;
    }
    let message = format!("missing `image` in the {}", kind.key());
    Some(
        Diagnostic::error(codes::ARGO_CONTAINER, &container.place_of("image"), message)
            .help("add an `image`"),
    )
}

fn no_command(ctx: &Ctx<'_, '_>, kind: TemplateKind, container: &YamlNode<'_>) -> Option<Diagnostic> {
    if container.list("command").next().is_some() || default(ctx, kind, "command").is_some() {
        return None;
    }
    // A missing image is already reported.
    container.text_at("image")?;
    let message = format!("missing `command` in the {}", kind.key());
    Some(
        Diagnostic::warning(codes::ARGO_CONTAINER, &container.place_of("image"), message)
            .note("the controller needs access to the registry to look up the command of the image")
            .help("add a `command`"),
    )
}

/// Checks that volume mounts and input artifacts have different paths.
fn paths(template: &Template<'_>, container: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, Place> = BTreeMap::new();
    let mounts = container
        .list("volumeMounts")
        .filter_map(|mount| Some((mount.text_at("mountPath")?, mount.place.key("mountPath"))));
    let artifacts = template.inputs.artifacts.iter().map(|artifact| &artifact.node);
    let artifacts =
        artifacts.filter_map(|artifact| Some((artifact.text_at("path")?, artifact.place.key("path"))));
    for (path, place) in mounts.chain(artifacts) {
        found.extend(taken.get(path).map(|first| duplicate(path, &place, first)));
        taken.entry(path).or_insert(place);
    }
}

fn duplicate(path: &str, place: &Place, first: &Place) -> Diagnostic {
    Diagnostic::error(codes::ARGO_PATH, place, format!("duplicate path `{path}`"))
        .also(first, "first used here")
        .help("use a different path")
}

fn containers(template: &Template<'_>, set: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let containers: Vec<YamlNode<'_>> = set.list("containers").collect();
    if containers.is_empty() {
        let message = "the container set is empty";
        found.push(
            Diagnostic::error(codes::ARGO_CONTAINER, &set.place_of("containers"), message)
                .help("add a container"),
        );
        return;
    }
    found.extend(no_main(template, set));
    let mut taken: BTreeMap<&str, Place> = BTreeMap::new();
    for mount in set.list("volumeMounts") {
        let Some(path) = mount.text_at("mountPath") else { continue };
        let place = mount.place.key("mountPath");
        found.extend(taken.get(path).map(|first| duplicate(path, &place, first)));
        taken.entry(path).or_insert(place);
    }
    order(&containers, found);
}

/// Checks for the `main` container, which reads and writes the files of the template.
fn no_main(template: &Template<'_>, set: &YamlNode<'_>) -> Option<Diagnostic> {
    let artifacts =
        template.inputs.artifacts.iter().chain(&template.outputs.artifacts).map(|each| &each.node);
    let first = artifacts.chain(template.outputs.parameters.iter().map(|each| &each.node)).next()?;
    (!template.container_named("main")).then(|| {
        let message =
            "missing container `main`, which reads and writes the artifacts and parameters of the template";
        Diagnostic::error(codes::ARGO_CONTAINER, &set.place.key("containers"), message)
            .also(&first.place_of("name"), "needs the `main` container")
            .help("name one of the containers `main`")
    })
}

/// Checks that containers wait for existing containers, without cycles.
fn order(containers: &[YamlNode<'_>], found: &mut Vec<Diagnostic>) {
    let names: Vec<&str> =
        containers.iter().map(|container| container.text_at("name").unwrap_or_default()).collect();
    let mut edges = Vec::new();
    let mut places = BTreeMap::new();
    for (waiting, container) in containers.iter().enumerate() {
        for dependency in container.list("dependencies") {
            let Some(name) = dependency.text() else { continue };
            if let Some(before) = names.iter().position(|other| *other == name) {
                edges.push((waiting, before));
                places.entry((waiting, before)).or_insert(dependency.place);
            } else {
                let message = format!("unknown container `{name}` in `dependencies`");
                let diagnostic = Diagnostic::error(codes::ARGO_CONTAINER, &dependency.place, message);
                found.push(match nearest(name, names.iter().copied()) {
                    Some(near) => diagnostic.help(format!("use `{near}`")),
                    None => {
                        let names = having("container", names.iter().copied());
                        diagnostic.help(format!("use an existing container: the set has {names}"))
                    }
                });
            }
        }
    }
    for cycle in cycles(containers.len(), &edges) {
        found.extend(super::dag::cycle("container", codes::ARGO_CONTAINER, &cycle, &names, &places));
    }
}
