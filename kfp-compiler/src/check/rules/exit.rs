//! An exit region is one task, and nothing leaves it.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::TaskKind;

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let TaskKind::ExitHandler(guard) = &entry.task.kind else { continue };
        let place = entry.place.key("kind").key("exit_handler").key("exit");
        let name = &entry.task.name;
        let count = guard.exit.tasks.len();
        if count != 1 {
            let message =
                format!("the exit region of group `{name}` has {}", spelling::counted(count, "task"));
            let mut diagnostic =
                Diagnostic::error(codes::EXIT_TASKS, &place, message).label("expected one task");
            for idx in 1..count {
                diagnostic = diagnostic.also(&place.key("tasks").index(idx), "this is one too many");
            }
            found.push(diagnostic.help("put several steps into a pipeline of their own and call that"));
        }
        if let Some(first) = guard.exit.yields.keys().next() {
            let message = format!("the exit region of group `{name}` yields values");
            let place = place.key("yields").key(first);
            found.push(Diagnostic::error(codes::EXIT_YIELDS, &place, message).label("nobody can take this"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_with, guard, load};

    #[test]
    fn exit_regions_are_one_task() {
        let tasks = json!([guard("g", json!({"tasks": [load()]}), json!({"constant": "x"}))]);
        let second = call("more", "notify", json!({"text": {"constant": "x"}}));
        check_with(
            &[
                ("tasks", tasks.clone()),
                ("tasks/0/kind/exit_handler/exit/tasks/1", second),
                ("tasks/0/kind/exit_handler/exit/yields", json!({"a": {"constant": 1}})),
            ],
            &[
                "KFP0405 tasks/0/kind/exit_handler/exit: the exit region of group `g` has 2 tasks",
                "KFP0406 tasks/0/kind/exit_handler/exit/yields/a: the exit region of group `g` yields values",
            ],
        );
        check_with(
            &[("tasks", tasks), ("tasks/0/kind/exit_handler/exit/tasks", json!([]))],
            &["KFP0405 tasks/0/kind/exit_handler/exit: the exit region of group `g` has 0 tasks"],
        );
    }
}
