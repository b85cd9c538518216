//! Steps that receive a secret are not cached.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Callee, TaskKind, Type};

use crate::check::ctx::Ctx;
use crate::check::instances::Instances;

pub(super) fn check(ctx: &Ctx<'_>, instances: &Instances<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let TaskKind::Call(call) = &entry.task.kind else { continue };
        let Callee::Component(id) = &call.callee else { continue };
        let Some(callee) = ctx.callee(call) else { continue };
        let secret = callee.inputs.iter().find(|(name, input)| {
            *input.r#type.present() == Type::Secret && call.arguments.contains_key(*name)
        });
        let Some((name, _)) = secret else { continue };
        let mut policies = instances.policies(&ctx.pipeline.name, &entry.task.id);
        if policies.any(|policy| policy.cache.is_some()) {
            let of_component =
                ctx.document.components.get(id).and_then(|component| component.policy.cache.as_ref());
            let is_own = entry.task.policy.cache.as_ref().or(of_component).is_some();
            let message = format!("task `{}` is cached and receives the secret `{name}`", entry.task.name);
            found.push(
                Diagnostic::error(codes::CACHE_SECRET, &entry.place, message)
                    .label(if is_own { "cached" } else { "cached by an enclosing group, call or pipeline" })
                    .also(&callee.input_place(name), "declared `Secret` here")
                    .help("disable the cache for this task"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_with, input, repeat};

    #[test]
    fn caches_of_groups_and_callers_count() {
        let notify = call("n", "notify", json!({"text": {"constant": "x"}, "token": input("token")}));
        let cache = json!({"cache": {"for": {"max_age": "1h"}}});
        let message = "task `n` is cached and receives the secret `token`";
        let mut group = repeat("each", input("rates"), json!({"tasks": [notify]}));
        group["policy"] = cache.clone();
        let in_loop = format!("KFP0707 tasks/0/kind/loop/body/tasks/0: {message}");
        check_with(&[("tasks", json!([group.clone()]))], &[&in_loop]);
        group["kind"]["loop"]["body"]["tasks"][0]["policy"] = json!({"cache": "off"});
        check_with(&[("tasks", json!([group]))], &[]);

        let inner = json!({
            "name": "inner", "inputs": {"token": {"type": "secret"}}, "root": {"tasks": [notify]},
        });
        let mut inside = json!({"id": "in", "name": "in", "policy": cache, "kind": {"call": {
            "callee": {"pipeline": "inner"}, "arguments": {"token": input("token")},
        }}});
        let in_callee = format!("KFP0707 /pipelines/1/root/tasks/0: {message}");
        check_with(&[("tasks", json!([inside.clone()])), ("/pipelines/1", inner.clone())], &[&in_callee]);
        inside["policy"] = json!({});
        check_with(&[("tasks", json!([inside])), ("/pipelines/1", inner)], &[]);
    }

    #[test]
    fn steps_with_secrets_are_not_cached() {
        let tasks = json!([call("n", "notify", json!({"text": {"constant": "x"}, "token": input("token")}))]);
        let cache = json!({"cache": {"for": {"max_age": "1h"}}});
        let message = "KFP0707 tasks/0: task `n` is cached and receives the secret `token`";
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
