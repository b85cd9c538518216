//! An exit region has exactly one task and yields no values.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::TaskKind;

use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let TaskKind::ExitHandler(handler) = &entry.task.kind else { continue };
        let place = entry.place.key("kind").key("exit_handler").key("exit");
        let name = &entry.task.name;
        let count = handler.exit.tasks.len();
        if count == 0 {
            let message = format!("exit handler `{name}` has no exit task");
            let help =
                "add the task that runs at the end: in Rust, with `.finally(..)` after `.exit_handler(..)`";
            found.push(
                Diagnostic::error(codes::EXIT_TASKS, &place, message).label("expected one task").help(help),
            );
        }
        if count > 1 {
            let message = format!("exit handler `{name}` has {}", spelling::counted(count, "exit task"));
            let mut diagnostic =
                Diagnostic::error(codes::EXIT_TASKS, &place, message).label("expected one task");
            for idx in 1..count {
                diagnostic = diagnostic.also(&place.key("tasks").index(idx), "unexpected task");
            }
            found.push(diagnostic.help("to run several steps, move them into a pipeline and call it"));
        }
        if let Some(first) = handler.exit.yields.keys().next() {
            let message = format!("the exit task of exit handler `{name}` cannot return values");
            let place = place.key("yields").key(first);
            found.push(
                Diagnostic::error(codes::EXIT_YIELDS, &place, message).label("cannot be used by other tasks"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_with, exit_handler, load};

    #[test]
    fn exit_regions_have_one_task() {
        let tasks = json!([exit_handler("g", json!({"tasks": [load()]}), json!({"constant": "x"}))]);
        let second = call("more", "notify", json!({"text": {"constant": "x"}}));
        check_with(
            &[
                ("tasks", tasks.clone()),
                ("tasks/0/kind/exit_handler/exit/tasks/1", second),
                ("tasks/0/kind/exit_handler/exit/yields", json!({"a": {"constant": 1}})),
            ],
            &[
                "KFP0405 tasks/0/kind/exit_handler/exit: exit handler `g` has 2 exit tasks",
                "KFP0406 tasks/0/kind/exit_handler/exit/yields/a: the exit task of exit handler `g` cannot return values",
            ],
        );
        check_with(
            &[("tasks", tasks), ("tasks/0/kind/exit_handler/exit/tasks", json!([]))],
            &["KFP0405 tasks/0/kind/exit_handler/exit: exit handler `g` has no exit task"],
        );
    }
}
