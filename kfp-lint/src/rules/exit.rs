//! Variables that exist at the end of a workflow are read only there.

use std::collections::BTreeSet;

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::{Ctx, Place};
use crate::variables::{Site, for_each_text};
use crate::view::Template;

const FAILURES: &str = "workflow.failures";
const STATUS: &str = "workflow.status";

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let started = pointers(ctx.reached(ctx.entry()));
    let ended = pointers(ctx.reached(ctx.exits()));
    let on_exit = ctx.manifest.hooks.iter().any(|hook| hook.node.tree.text().is_some());
    for_each_text(ctx, &mut |text| {
        let Some(template) = text.scope.template() else { return };
        let is_start = started.contains(&std::ptr::from_ref(template));
        let is_end = ended.contains(&std::ptr::from_ref(template));
        for tag in tags(text.written).flatten() {
            let reads = |name: &str| match tag.kind {
                TagKind::Simple => tag.name() == name,
                TagKind::Expression => tag.content.contains(name),
            };
            if reads(FAILURES) && (is_start || !on_exit) {
                let message = format!("`{FAILURES}` is not available here");
                let diagnostic = Diagnostic::error(codes::ARGO_EXIT_VARIABLE, &text.node.place, message);
                found.push(match (is_end, is_start) {
                    (true, false) => diagnostic.help("pass it in the arguments of the hook"),
                    (true, true) => diagnostic
                        .note("the template also runs before the workflow ends")
                        .help("pass it as a parameter"),
                    _ => diagnostic.help(
                        "read it in the template that `onExit` names, or in the arguments of `hooks.exit`",
                    ),
                });
            }
            if reads(STATUS) && is_start && !is_end && matches!(text.scope.site, Site::Body | Site::Task(_)) {
                let message = format!("`{STATUS}` is always `Running` here");
                found.push(Diagnostic::warning(codes::ARGO_EXIT_VARIABLE, &text.node.place, message).help(
                    "read it in a template that `onExit` or `hooks.exit` runs, or read the status of a task",
                ));
            }
        }
    });
}

fn pointers<'a>(reached: Vec<Place<'_, 'a>>) -> BTreeSet<*const Template<'a>> {
    reached.into_iter().map(|(template, _)| std::ptr::from_ref(template)).collect()
}
