//! The workflow defines the `workflow.parameters` that templates of other files read.

use std::collections::{BTreeSet, HashSet};

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::spelling::nearest_path;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::variables::{Text, for_each_text};
use crate::view::{Caller, Manifest, Parameter, Template};

const PARAMETERS: &str = "workflow.parameters.";

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    if ctx.manifest.is_library() {
        return;
    }
    let mut reached = ctx.reached(ctx.roots());
    let all: HashSet<*const Template<'_>> =
        reached.iter().map(|(template, _)| std::ptr::from_ref(*template)).collect();
    reached.retain(|(_, manifest)| !std::ptr::eq(*manifest, ctx.manifest));
    let mut reported = BTreeSet::new();
    while let Some((_, manifest)) = reached.first().copied() {
        let (here, others): (Vec<_>, Vec<_>) =
            reached.into_iter().partition(|(_, other)| std::ptr::eq(*other, manifest));
        reached = others;
        let here: HashSet<*const Template<'_>> =
            here.into_iter().map(|(template, _)| std::ptr::from_ref(template)).collect();
        let other = Ctx::of(ctx.project, ctx.callers, manifest);
        for_each_text(&other, &mut |text| {
            let Some(template) = text.scope.template() else { return };
            if !here.contains(&std::ptr::from_ref(template)) {
                return;
            }
            if is_replaced(text, |caller| match caller.template {
                Some(template) => all.contains(&std::ptr::from_ref(template)),
                None => std::ptr::eq(caller.manifest, ctx.manifest),
            }) {
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

/// Returns whether the text is the value of an input that each of these calls replaces: Argo does not evaluate it.
fn is_replaced(text: &Text<'_, '_, '_, '_>, counts: impl Fn(&Caller<'_, '_>) -> bool) -> bool {
    let Some(template) = text.scope.template() else { return false };
    let is_value = |input: &Parameter<'_>| input.value().is_some_and(|value| value.place == text.node.place);
    let Some(input) = template.inputs.parameters.iter().find(|input| is_value(input)) else { return false };
    let callers = text.scope.ctx.callers.of(template);
    callers.iter().filter(|caller| counts(caller)).all(|caller| caller.passes(input.name))
}

fn lacks(ctx: &Ctx<'_, '_>, manifest: &Manifest<'_>, template: &Template<'_>, name: &str) -> Diagnostic {
    let message = format!(
        "{} of `{}` reads `{name}`, which this workflow does not define",
        template.describe(),
        manifest.name
    );
    let diagnostic = Diagnostic::error(codes::ARGO_VARIABLE, &ctx.reference_to(manifest), message);
    match nearest_path(name, ctx.globals.names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("rename `{near}` to `{name}`")),
        None => {
            diagnostic.help(format!("add `{}` to the arguments of the workflow", &name[PARAMETERS.len()..]))
        }
    }
}
