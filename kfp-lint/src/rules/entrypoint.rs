//! What a workflow starts with and ends with is there, and everything else is used.

use kfp_argo::tag::has_tag;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Call, Manifest, Spot, Target};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some(home) = ctx.home() else { return };
    let manifest = ctx.manifest;
    match manifest.entrypoint() {
        Some((name, spot)) => found.extend(missing(home, name, &spot)),
        None if manifest.is_library() || home.entrypoint().is_some() => {}
        None => found.push(
            Diagnostic::error(
                codes::ARGO_ENTRYPOINT,
                &manifest.spec.place_of("entrypoint"),
                "the workflow has no `entrypoint`",
            )
            .note(format!("it has {}", having("template", names(home))))
            .help("name the template that it starts with"),
        ),
    }
    for hook in &manifest.hooks {
        if let Call::Template { name, spot } = &hook.call {
            found.extend(missing(home, name, spot));
        }
    }
    if !manifest.is_library() && manifest.entrypoint().is_some() {
        unused(ctx, found);
    }
}

fn names<'p>(home: &'p Manifest<'_>) -> impl Iterator<Item = &'p str> {
    home.templates.iter().map(|template| template.name)
}

fn missing(home: &Manifest<'_>, name: &str, spot: &Spot<'_>) -> Option<Diagnostic> {
    if has_tag(name) || home.template(name).is_some() {
        return None;
    }
    let message = format!("there is no template `{name}`");
    let diagnostic = Diagnostic::error(codes::ARGO_ENTRYPOINT, &spot.place, message);
    Some(match nearest(name, names(home)) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic
            .help(format!("name a template that is there: it has {}", having("template", names(home)))),
    })
}

/// Templates that nothing leads to.
fn unused(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    // What a call leads to that leads nowhere, or that is known at run time only, may be any of them.
    let is_known = |call: &Call<'_>| match ctx.project.target(ctx.manifest, call) {
        Target::Found(..) => true,
        Target::NoManifest => matches!(call, Call::Reference { .. }),
        Target::NoTemplate(_) | Target::Unknown => false,
    };
    if ctx.entry().is_none() || !ctx.tasks().all(|(_, task)| is_known(&task.call)) {
        return;
    }
    let reached = ctx.reached(ctx.roots());
    for template in &ctx.manifest.templates {
        let is_used = reached.iter().any(|(other, _)| std::ptr::eq(*other, template));
        if !is_used && !template.name.is_empty() {
            let message = format!("template `{}` is not used", template.name);
            found.push(
                Diagnostic::warning(codes::ARGO_UNUSED_TEMPLATE, &template.names(), message)
                    .note("nothing that the entrypoint or an exit handler runs leads to it")
                    .help("remove it, or call it"),
            );
        }
    }
}
