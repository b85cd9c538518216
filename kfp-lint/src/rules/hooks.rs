//! Hooks say when they run.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let hooks = ctx.manifest.hooks.iter().chain(ctx.tasks().flat_map(|(_, task)| &task.hooks));
    for hook in hooks {
        if hook.name != "exit" && hook.spot.text_at("expression").is_none() {
            let message = format!("the hook `{}` does not say when it runs", hook.name);
            found.push(
                Diagnostic::error(codes::ARGO_HOOK, &hook.spot.place_of("expression"), message)
                    .help("write an `expression`, as `tasks.x.status == \"Running\"`; for the end there is the hook `exit`"),
            );
        }
    }
}
