//! A resource template has an action and a manifest.

use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree, manifests};
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use super::strip_tags::without_tags;
use crate::ctx::Ctx;
use crate::view::{Template, YamlNode};

const ACTIONS: [&str; 6] = ["get", "create", "apply", "delete", "replace", "patch"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        if let Some(resource) = template.node.get("resource") {
            let action = resource.text_at("action").unwrap_or_default();
            found.extend(unknown_action(&resource, action));
            super::conditions::check(&resource, found);
            if !matches!(action, "delete" | "get") {
                found.extend(without_manifest(&resource));
                found.extend(no_artifact(template, &resource));
                found.extend(invalid_yaml(&resource));
            }
        }
    }
}

fn unknown_action(resource: &YamlNode<'_>, action: &str) -> Option<Diagnostic> {
    if ACTIONS.contains(&action) || has_tag(action) {
        return None;
    }
    let message = if action.is_empty() {
        "missing `action` in `resource`".to_owned()
    } else {
        format!("unknown action `{action}`")
    };
    let diagnostic = Diagnostic::error(codes::ARGO_RESOURCE, &resource.place_of("action"), message);
    let actions = ACTIONS.map(|action| format!("`{action}`")).join(", ");
    Some(match nearest(action, ACTIONS) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic.help(format!("use one of {actions}")),
    })
}

fn without_manifest(resource: &YamlNode<'_>) -> Option<Diagnostic> {
    let manifest = resource.text_at("manifest");
    match (manifest, resource.has("manifestFrom")) {
        (None, false) => Some(
            Diagnostic::error(
                codes::ARGO_RESOURCE,
                &resource.place_of("action"),
                "missing `manifest` in `resource`",
            )
            .help("add a `manifest`, or name an input artifact in `manifestFrom`"),
        ),
        (Some(_), true) => Some(
            Diagnostic::error(
                codes::ARGO_RESOURCE,
                &resource.place.key("manifestFrom"),
                "`manifest` and `manifestFrom` are mutually exclusive",
            )
            .also(&resource.place.key("manifest"), "`manifest` is set here")
            .help("remove one of them"),
        ),
        _ => None,
    }
}

fn no_artifact(template: &Template<'_>, resource: &YamlNode<'_>) -> Option<Diagnostic> {
    let artifact = resource.at(&["manifestFrom", "artifact"])?;
    let name = artifact.text_at("name").unwrap_or_default();
    if template.inputs.artifact(name).is_some() {
        return None;
    }
    let names = || template.inputs.artifacts.iter().map(|artifact| artifact.name);
    let message = format!("unknown input artifact `{name}` in `manifestFrom`");
    let diagnostic = Diagnostic::error(codes::ARGO_RESOURCE, &artifact.place_of("name"), message);
    Some(match nearest(name, names()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic
            .help(format!("use an existing input: the template has {}", having("input artifact", names()))),
    })
}

fn invalid_yaml(resource: &YamlNode<'_>) -> Option<Diagnostic> {
    let manifest = resource.get("manifest")?;
    let text = manifest.text()?;
    // The values of tags are unknown, and can be any text.
    let text = without_tags(text, "x");
    let rejected = match manifests("manifest", text.as_bytes()) {
        Ok(objects) => return incomplete(resource, &manifest, objects.tree.items()),
        Err(rejected) => rejected,
    };
    let first = rejected.diagnostics.first()?;
    let diagnostic =
        Diagnostic::error(codes::ARGO_RESOURCE, &manifest.place, "the manifest is not valid YAML")
            .note(first.message.clone());
    Some(diagnostic.help("fix the YAML syntax of the manifest"))
}

/// Reports an object of the manifest that lacks `apiVersion` or `kind`. A patch can name its object in flags.
fn incomplete(resource: &YamlNode<'_>, manifest: &YamlNode<'_>, objects: &[Tree]) -> Option<Diagnostic> {
    let action = resource.text_at("action").unwrap_or_default();
    if !matches!(action, "create" | "apply" | "replace") {
        return None;
    }
    let lacks = |object: &Tree, key: &str| matches!(object.node, Node::Map(_)) && object.get(key).is_none();
    let missing =
        ["apiVersion", "kind"].into_iter().find(|key| objects.iter().any(|object| lacks(object, key)))?;
    let message = format!("missing `{missing}` in the manifest of the resource");
    Some(
        Diagnostic::error(codes::ARGO_RESOURCE, &manifest.place, message)
            .help(format!("add `{missing}` to the manifest")),
    )
}
