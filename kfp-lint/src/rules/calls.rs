//! Every task runs exactly one existing template.

use kfp_argo::tag::has_tag;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Call, Target, YamlNode};

/// The fields that select what a task runs.
const FIELDS: [&str; 3] = ["template", "templateRef", "inline"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    origin(ctx, found);
    for hook in &ctx.manifest.hooks {
        // `entrypoint` checks hooks that name a template.
        if !matches!(hook.call, Call::Template { .. }) {
            one(ctx, &hook.node, &hook.call, found);
        }
    }
    for (_, task) in ctx.tasks() {
        one(ctx, &task.node, &task.call, found);
        for hook in &task.hooks {
            one(ctx, &hook.node, &hook.call, found);
        }
    }
}

fn one(ctx: &Ctx<'_, '_>, node: &YamlNode<'_>, call: &Call<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(form(node));
    match (call, ctx.project.target(ctx.manifest, call)) {
        (Call::Template { name, node }, Target::NoTemplate(manifest)) => {
            let names = || manifest.templates.iter().map(|template| template.name);
            let message = format!("unknown template `{name}`");
            let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TEMPLATE, &node.place, message);
            found.push(spelled(diagnostic, name, names()));
        }
        (Call::Reference { template, manifest: name, node, .. }, Target::NoTemplate(manifest)) => {
            let names = || manifest.templates.iter().map(|template| template.name);
            let message = format!("unknown template `{template}` in the workflow template `{name}`");
            let diagnostic =
                Diagnostic::error(codes::ARGO_UNKNOWN_REFERENCE, &node.place.key("template"), message);
            found.push(spelled(diagnostic, template, names()));
        }
        (Call::Reference { manifest, cluster, node, .. }, Target::NoManifest) => {
            found.push(no_manifest(ctx, manifest, *cluster, node));
        }
        _ => {}
    }
}

fn spelled<'n>(
    diagnostic: Diagnostic,
    name: &str,
    names: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    match nearest(name, names.clone()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic.help(format!(
            "add the template, or use an existing one: the manifest has {}",
            having("template", names)
        )),
    }
}

/// Reports a workflow template that no file defines. It may exist on the cluster, so this is only a warning.
fn no_manifest(ctx: &Ctx<'_, '_>, name: &str, cluster: bool, node: &YamlNode<'_>) -> Diagnostic {
    let what = if cluster { "cluster workflow template" } else { "workflow template" };
    let others = ctx.project.libraries(cluster).filter(|manifest| !std::ptr::eq(*manifest, ctx.manifest));
    let message = format!("the {what} `{name}` is not in any of the files");
    let diagnostic = Diagnostic::warning(codes::ARGO_UNKNOWN_REFERENCE, &node.place_of("name"), message)
        .note("its templates and the arguments of this call are not checked");
    match nearest(name, others.map(|manifest| manifest.name)) {
        Some(near) => diagnostic
            .help(format!("use `{near}`, or check the file that defines `{name}` together with this one")),
        None => diagnostic.help("check the file that defines it together with this one"),
    }
}

fn form(node: &YamlNode<'_>) -> Option<Diagnostic> {
    // An `onExit` is only the name of a template.
    if node.tree.text().is_some() {
        return None;
    }
    let written: Vec<&str> = FIELDS.into_iter().filter(|field| is_set(node, field)).collect();
    match written.as_slice() {
        [] => Some(
            Diagnostic::error(
                codes::ARGO_CALL_FORM,
                &node.place_of("name"),
                "missing `template`, `templateRef` or `inline`",
            )
            .help("set `template` or `templateRef`, or write the template under `inline`"),
        ),
        ["templateRef"] => {
            let reference = node.get("templateRef")?;
            let missing = ["name", "template"].into_iter().find(|key| reference.text_at(key).is_none())?;
            let message = format!("missing `{missing}` in `templateRef`");
            Some(
                Diagnostic::error(codes::ARGO_CALL_FORM, &reference.place, message)
                    .help("set the `name` of the workflow template and the name of its `template`"),
            )
        }
        [_] => None,
        [first, second, ..] => {
            let message = format!("`{first}` and `{second}` are mutually exclusive");
            let place = node.place.key(second);
            let diagnostic = if *second == "inline" {
                Diagnostic::warning(codes::ARGO_CALL_FORM, &place, message)
                    .note("Argo runs the `inline` template")
            } else {
                Diagnostic::error(codes::ARGO_CALL_FORM, &place, message)
            };
            Some(
                diagnostic
                    .also(&node.place.key(first), format!("`{first}` is set here"))
                    .help("remove one of them"),
            )
        }
    }
}

fn is_set(node: &YamlNode<'_>, field: &str) -> bool {
    node.get(field).is_some_and(|value| value.tree.text() != Some(""))
}

/// Checks that a workflow with a `workflowTemplateRef` defines no templates.
fn origin(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some((reference, library)) = ctx.project.origin(ctx.manifest) else { return };
    if let Some(first) = ctx.manifest.templates.first() {
        found.push(
            Diagnostic::error(
                codes::ARGO_CALL_FORM,
                &ctx.manifest.spec.place.key("templates"),
                "a workflow with a `workflowTemplateRef` cannot define templates",
            )
            .also(&reference.place, "its templates come from here")
            .help(format!("remove {} and all others, or call them with `templateRef`", first.describe())),
        );
    }
    let name = reference.text_at("name").unwrap_or_default();
    if library.is_none() && !has_tag(name) {
        found.push(no_manifest(ctx, name, reference.is_true("clusterScope"), &reference));
    }
}
