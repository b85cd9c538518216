//! Steps that are told a secret are not cached.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Cache, TaskKind, Type};

use crate::check::ctx::Ctx;
use crate::check::scope::Entry;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let TaskKind::Call(call) = &entry.task.kind else { continue };
        let Some(callee) = ctx.callee(call) else { continue };
        let told = callee.inputs.iter().find(|(name, input)| {
            *input.r#type.present() == Type::Secret && call.arguments.contains_key(*name)
        });
        if let (Some((name, _)), true) = (told, is_cached(ctx, entry)) {
            let message = format!("task `{}` is cached and told the secret `{name}`", entry.task.name);
            found.push(
                Diagnostic::error(codes::CACHE_SECRET, &entry.place, message)
                    .label("cached")
                    .also(&callee.input_place(name), "declared `Secret` here")
                    .help("turn the cache off for this task"),
            );
        }
    }
}

fn is_cached(ctx: &Ctx<'_>, entry: &Entry<'_>) -> bool {
    let TaskKind::Call(call) = &entry.task.kind else { return false };
    let of_component = match &call.callee {
        kfp_model::Callee::Component(id) => {
            ctx.document.components.get(id).and_then(|component| component.policy.cache.as_ref())
        }
        kfp_model::Callee::Pipeline(_) => None,
    };
    let cache = entry.task.policy.cache.as_ref().or(of_component).or(ctx.pipeline.settings.cache.as_ref());
    matches!(cache, Some(Cache::For { .. }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_with, input};

    #[test]
    fn secrets_and_caches_do_not_meet() {
        let tasks = json!([call("n", "notify", json!({"text": {"constant": "x"}, "token": input("token")}))]);
        let cache = json!({"cache": {"for": {"max_age": "1h"}}});
        let message = "KFP0707 tasks/0: task `n` is cached and told the secret `token`";
        check_with(&[("tasks", tasks.clone()), ("tasks/0/policy", cache.clone())], &[message]);
        check_with(&[("tasks", tasks.clone()), ("/components/notify/policy", cache.clone())], &[message]);
        check_with(&[("tasks", tasks.clone()), ("/pipelines/0/settings", cache.clone())], &[message]);
        check_with(
            &[
                ("tasks", tasks),
                ("/pipelines/0/settings", cache),
                ("tasks/0/policy", json!({"cache": "off"})),
            ],
            &[],
        );
    }
}
