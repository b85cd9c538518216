//! The workflow defines the `workflow.parameters` that templates of other files read.

use std::collections::{BTreeSet, HashSet};

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::spelling::nearest;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::variables::for_each_text;
use crate::view::{Call, Manifest, Template};

const PARAMETERS: &str = "workflow.parameters.";

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    if ctx.manifest.is_library() {
        return;
    }
    let mut reached = ctx.reached(ctx.roots());
    reached.retain(|(_, manifest)| !std::ptr::eq(*manifest, ctx.manifest));
    let mut reported = BTreeSet::new();
    while let Some((_, manifest)) = reached.first().copied() {
        let (here, others): (Vec<_>, Vec<_>) =
            reached.into_iter().partition(|(_, other)| std::ptr::eq(*other, manifest));
        reached = others;
        let here: HashSet<*const Template<'_>> =
            here.into_iter().map(|(template, _)| std::ptr::from_ref(template)).collect();
        let other = Ctx::of(ctx.project, manifest);
        for_each_text(&other, &mut |text| {
            let Some(template) = text.scope.template() else { return };
            if !here.contains(&std::ptr::from_ref(template)) {
                return;
            }
            for tag in tags(text.written).flatten().filter(|tag| tag.kind == TagKind::Simple) {
                let name = tag.name();
                let exists = ctx.globals.names.contains(name) || ctx.globals.may_have(name);
                if name.starts_with(PARAMETERS) && !exists && reported.insert(name.to_owned()) {
                    found.push(lacks(ctx, manifest, template, name));
                }
            }
        });
    }
}

fn lacks(ctx: &Ctx<'_, '_>, manifest: &Manifest<'_>, template: &Template<'_>, name: &str) -> Diagnostic {
    let calls = ctx.tasks().map(|(_, task)| &task.call);
    let call = calls.chain(ctx.manifest.hooks.iter().map(|hook| &hook.call)).find_map(|call| match call {
        Call::Reference { manifest: name, node, .. } if *name == manifest.name => Some(node.place.clone()),
        _ => None,
    });
    let place = call
        .or_else(|| Some(ctx.manifest.spec.get("workflowTemplateRef")?.place))
        .unwrap_or_else(|| ctx.manifest.spec.place.clone());
    let message = format!(
        "{} of `{}` reads `{name}`, which this workflow does not define",
        template.describe(),
        manifest.name
    );
    let diagnostic = Diagnostic::error(codes::ARGO_VARIABLE, &place, message);
    match nearest(name, ctx.globals.names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("rename `{near}` to `{name}`")),
        None => {
            diagnostic.help(format!("add `{}` to the arguments of the workflow", &name[PARAMETERS.len()..]))
        }
    }
}
