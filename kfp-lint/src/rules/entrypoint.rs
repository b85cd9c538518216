//! The entrypoint and the exit handler exist, and no template is unused.

use kfp_argo::tag::has_tag;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Call, Manifest, Target, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some(home) = ctx.home() else { return };
    let manifest = ctx.manifest;
    match manifest.entrypoint() {
        Some((name, node)) => found.extend(missing(home, name, &node)),
        // A missing spec is reported as such.
        None if manifest.is_library() || home.entrypoint().is_some() || !manifest.has_spec => {}
        None => found.push(
            Diagnostic::error(
                codes::ARGO_ENTRYPOINT,
                &manifest.spec.place_of("entrypoint"),
                "missing `entrypoint`",
            )
            .note(format!("the workflow has {}", having("template", names(home))))
            .help("set `entrypoint` to the name of the first template to run"),
        ),
    }
    for hook in &manifest.hooks {
        if let Call::Template { name, node } = &hook.call {
            found.extend(missing(home, name, node));
        }
    }
    if !manifest.is_library() && manifest.entrypoint().is_some() {
        unused(ctx, found);
    }
}

fn names<'p>(home: &'p Manifest<'_>) -> impl Iterator<Item = &'p str> {
    home.templates.iter().map(|template| template.name)
}

fn missing(home: &Manifest<'_>, name: &str, node: &YamlNode<'_>) -> Option<Diagnostic> {
    if has_tag(name) || home.template(name).is_some() {
        return None;
    }
    let message = format!("unknown template `{name}`");
    let diagnostic = Diagnostic::error(codes::ARGO_ENTRYPOINT, &node.place, message);
    Some(match nearest(name, names(home)) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic.help(format!(
            "add the template, or use an existing one: the manifest has {}",
            having("template", names(home))
        )),
    })
}

/// Reports templates that are not reachable.
fn unused(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    // An unresolved call, or one that is resolved at run time, may refer to any template.
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
                Diagnostic::warning(codes::ARGO_UNUSED_TEMPLATE, &template.name_place(), message)
                    .note("neither the entrypoint nor an exit handler reaches it")
                    .help("remove it, or call it from a task"),
            );
        }
    }
}
