//! Containers have an image, a command and a place for each thing.

use std::collections::BTreeMap;

use kfp_diag::graph::cycles;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::{Spot, Template, TemplateKind};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        match template.kind() {
            Some(kind @ (TemplateKind::Container | TemplateKind::Script)) => {
                if let Some(container) = template.spot.get(kind.key()) {
                    found.extend(no_image(ctx, kind, &container));
                    found.extend(no_command(ctx, kind, &container));
                    if kind == TemplateKind::Container {
                        paths(template, &container, found);
                    }
                }
            }
            Some(TemplateKind::ContainerSet) => {
                if let Some(set) = template.spot.get("containerSet") {
                    containers(template, &set, found);
                }
            }
            _ => {}
        }
    }
}

/// What `templateDefaults` say of the containers of that kind, which not every manifest has.
fn default<'a>(ctx: &Ctx<'_, 'a>, kind: TemplateKind, key: &str) -> Option<Spot<'a>> {
    if ctx.manifest.kind == Kind::ClusterWorkflowTemplate {
        return None;
    }
    ctx.manifest.spec.at(&["templateDefaults", kind.key(), key])
}

fn no_image(ctx: &Ctx<'_, '_>, kind: TemplateKind, container: &Spot<'_>) -> Option<Diagnostic> {
    if container.text_at("image").is_some() || default(ctx, kind, "image").is_some() {
        return None;
    }
    let message = format!("the {} has no image", kind.key());
    Some(
        Diagnostic::error(codes::ARGO_CONTAINER, &container.place_of("image"), message)
            .help("name one in `image`"),
    )
}

fn no_command(ctx: &Ctx<'_, '_>, kind: TemplateKind, container: &Spot<'_>) -> Option<Diagnostic> {
    if container.list("command").next().is_some() || default(ctx, kind, "command").is_some() {
        return None;
    }
    // A container that has no image is told of already.
    container.text_at("image")?;
    let message = format!("the {} has no command", kind.key());
    Some(
        Diagnostic::warning(codes::ARGO_CONTAINER, &container.place_of("image"), message)
            .note("the controller asks the registry for the command of the image, and needs access to it")
            .help("write the `command`"),
    )
}

/// Volumes and input artifacts each have a path of their own.
fn paths(template: &Template<'_>, container: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, Place> = BTreeMap::new();
    let mounts = container
        .list("volumeMounts")
        .filter_map(|mount| Some((mount.text_at("mountPath")?, mount.place.key("mountPath"))));
    let artifacts = template.inputs.artifacts.iter().map(|artifact| &artifact.spot);
    let artifacts =
        artifacts.filter_map(|artifact| Some((artifact.text_at("path")?, artifact.place.key("path"))));
    for (path, place) in mounts.chain(artifacts) {
        found.extend(taken.get(path).map(|first| twice(path, &place, first)));
        taken.entry(path).or_insert(place);
    }
}

fn twice(path: &str, place: &Place, first: &Place) -> Diagnostic {
    Diagnostic::error(codes::ARGO_PATH, place, format!("something else is already at `{path}`"))
        .also(first, "here")
        .help("choose another path")
}

fn containers(template: &Template<'_>, set: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    let containers: Vec<Spot<'_>> = set.list("containers").collect();
    if containers.is_empty() {
        let message = "the set of containers is empty";
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
        found.extend(taken.get(path).map(|first| twice(path, &place, first)));
        taken.entry(path).or_insert(place);
    }
    order(&containers, found);
}

/// Files are read and written by the container called `main`.
fn no_main(template: &Template<'_>, set: &Spot<'_>) -> Option<Diagnostic> {
    let artifacts =
        template.inputs.artifacts.iter().chain(&template.outputs.artifacts).map(|each| &each.spot);
    let first = artifacts.chain(template.outputs.parameters.iter().map(|each| &each.spot)).next()?;
    (!template.container_named("main")).then(|| {
        let message =
            "no container of the set is called `main`, which reads and writes what the template has";
        Diagnostic::error(codes::ARGO_CONTAINER, &set.place.key("containers"), message)
            .also(&first.place_of("name"), "what is read or written")
            .help("call one of the containers `main`")
    })
}

/// Containers wait for containers that are there, and not for each other.
fn order(containers: &[Spot<'_>], found: &mut Vec<Diagnostic>) {
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
                let message = format!("there is no container `{name}` to wait for");
                let diagnostic = Diagnostic::error(codes::ARGO_CONTAINER, &dependency.place, message);
                found.push(match nearest(name, names.iter().copied()) {
                    Some(near) => diagnostic.help(format!("use `{near}`")),
                    None => {
                        diagnostic.help(format!("the set has {}", having("container", names.iter().copied())))
                    }
                });
            }
        }
    }
    for cycle in cycles(containers.len(), &edges) {
        found.extend(super::dag::circle("container", codes::ARGO_CONTAINER, &cycle, &names, &places));
    }
}
