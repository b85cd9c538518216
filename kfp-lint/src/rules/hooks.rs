//! Hooks have an expression.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let hooks = ctx.manifest.hooks.iter().chain(ctx.tasks().flat_map(|(_, task)| &task.hooks));
    for hook in hooks {
        if hook.name != "exit" && hook.node.text_at("expression").is_none() {
            let message = format!("missing `expression` in the hook `{}`", hook.name);
            found.push(
                Diagnostic::error(codes::ARGO_HOOK, &hook.node.place_of("expression"), message)
                    .help("add an `expression` such as `tasks.x.status == \"Running\"`, or name the hook `exit` to run it at the end"),
            );
        }
    }
}
