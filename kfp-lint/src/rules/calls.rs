//! Every task runs one template, which is there.

use kfp_argo::tag::has_tag;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Call, Spot, Target};

/// The ways of saying what a task runs.
const WAYS: [&str; 3] = ["template", "templateRef", "inline"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    origin(ctx, found);
    for hook in &ctx.manifest.hooks {
        // Templates that are named are told of together with the entrypoint.
        if !matches!(hook.call, Call::Template { .. }) {
            one(ctx, &hook.spot, &hook.call, found);
        }
    }
    for (_, task) in ctx.tasks() {
        one(ctx, &task.spot, &task.call, found);
        for hook in &task.hooks {
            one(ctx, &hook.spot, &hook.call, found);
        }
    }
}

fn one(ctx: &Ctx<'_, '_>, spot: &Spot<'_>, call: &Call<'_>, found: &mut Vec<Diagnostic>) {
    found.extend(form(spot));
    match (call, ctx.project.target(ctx.manifest, call)) {
        (Call::Template { name, spot }, Target::NoTemplate(manifest)) => {
            let names = || manifest.templates.iter().map(|template| template.name);
            let message = format!("there is no template `{name}`");
            let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TEMPLATE, &spot.place, message);
            found.push(spelled(diagnostic, name, names()));
        }
        (Call::Reference { template, manifest: name, spot, .. }, Target::NoTemplate(manifest)) => {
            let names = || manifest.templates.iter().map(|template| template.name);
            let message = format!("the workflow template `{name}` has no template `{template}`");
            let diagnostic =
                Diagnostic::error(codes::ARGO_UNKNOWN_REFERENCE, &spot.place.key("template"), message);
            found.push(spelled(diagnostic, template, names()));
        }
        (Call::Reference { manifest, cluster, spot, .. }, Target::NoManifest) => {
            found.push(no_manifest(ctx, manifest, *cluster, spot));
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
        None => {
            diagnostic.help(format!("name a template that is there: it has {}", having("template", names)))
        }
    }
}

/// A workflow template that no file holds may be on the cluster, unless the files bring others along.
fn no_manifest(ctx: &Ctx<'_, '_>, name: &str, cluster: bool, spot: &Spot<'_>) -> Diagnostic {
    let what = if cluster { "cluster workflow template" } else { "workflow template" };
    let names = || ctx.project.libraries(cluster).map(|manifest| manifest.name);
    let place = spot.place.key("name");
    let message = format!("no file holds the {what} `{name}`");
    if names().next().is_none() {
        return Diagnostic::warning(codes::ARGO_UNKNOWN_REFERENCE, &place, message)
            .note("what is called there, and with what arguments, is not checked")
            .help("check the file that holds it together with this one");
    }
    let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_REFERENCE, &place, message);
    match nearest(name, names()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic
            .note(format!("the files hold {}", having(what, names())))
            .help("name one of them, or check the file that holds it together with this one"),
    }
}

fn form(spot: &Spot<'_>) -> Option<Diagnostic> {
    // An `onExit` is the name of a template and nothing else.
    if spot.tree.text().is_some() {
        return None;
    }
    let written: Vec<&str> = WAYS.into_iter().filter(|way| is_written(spot, way)).collect();
    match written.as_slice() {
        [] => Some(
            Diagnostic::error(
                codes::ARGO_CALL_FORM,
                &spot.place_of("name"),
                "it says nothing of what it runs",
            )
            .help("name a `template` or a `templateRef`, or write the template under `inline`"),
        ),
        ["templateRef"] => {
            let reference = spot.get("templateRef")?;
            let missing = ["name", "template"].into_iter().find(|key| reference.text_at(key).is_none())?;
            let message = format!("the `templateRef` has no `{missing}`");
            Some(
                Diagnostic::error(codes::ARGO_CALL_FORM, &reference.place, message)
                    .help("write the `name` of the workflow template and the name of its `template`"),
            )
        }
        [_] => None,
        [first, second, ..] => {
            let message = format!("both `{first}` and `{second}` say what it runs");
            let place = spot.place.key(second);
            let diagnostic = if *second == "inline" {
                Diagnostic::warning(codes::ARGO_CALL_FORM, &place, message)
                    .note("what is written here is what runs")
            } else {
                Diagnostic::error(codes::ARGO_CALL_FORM, &place, message)
            };
            Some(diagnostic.also(&spot.place.key(first), "the other one is here").help("remove one of them"))
        }
    }
}

fn is_written(spot: &Spot<'_>, way: &str) -> bool {
    spot.get(way).is_some_and(|value| value.tree.text() != Some(""))
}

/// A run of a workflow template has no templates of its own.
fn origin(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some((reference, library)) = ctx.project.origin(ctx.manifest) else { return };
    if let Some(first) = ctx.manifest.templates.first() {
        found.push(
            Diagnostic::error(
                codes::ARGO_CALL_FORM,
                &ctx.manifest.spec.place.key("templates"),
                "a workflow with a `workflowTemplateRef` has no templates of its own",
            )
            .also(&reference.place, "its templates are those of this one")
            .help(format!("remove {} and all others, or call them by `templateRef`", first.named())),
        );
    }
    let name = reference.text_at("name").unwrap_or_default();
    if library.is_none() && !has_tag(name) {
        found.push(no_manifest(ctx, name, reference.is_true("clusterScope"), &reference));
    }
}
