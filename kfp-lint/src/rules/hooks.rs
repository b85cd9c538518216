//! Hooks have an expression that can become true.

use kfp_argo::expression::{parse, references};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Hook, Task, TemplateKind};

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
    found.extend(ctx.manifest.hooks.iter().filter_map(always_runs));
    for (template, task) in ctx.tasks() {
        let root = if template.is(TemplateKind::Steps) { "steps" } else { "tasks" };
        found.extend(task.hooks.iter().filter_map(|hook| own_exit_code(root, task, hook)));
    }
}

/// Reports an expression of the exit hook of a workflow, which Argo ignores.
fn always_runs(hook: &Hook<'_>) -> Option<Diagnostic> {
    let expression = hook.node.get("expression").filter(|_| hook.name == "exit")?;
    let message = "the expression of the hook `exit` of a workflow is ignored";
    Some(
        Diagnostic::warning(codes::ARGO_HOOK, &expression.place, message)
            .label("the hook always runs")
            .help("move the condition to the `when` of a step in the template of the hook"),
    )
}

/// Reports a hook that reads the exit code of its own task, which expressions of hooks do not contain.
fn own_exit_code(root: &str, task: &Task<'_>, hook: &Hook<'_>) -> Option<Diagnostic> {
    let expression = hook.node.get("expression")?;
    let parsed = parse(expression.text()?).ok()?;
    let is_own =
        |path: &[String]| path.len() == 3 && path[0] == root && path[1] == task.name && path[2] == "exitCode";
    let reads = references(&parsed).iter().any(|reference| is_own(&reference.path));
    reads.then(|| {
        let message =
            format!("the exit code of `{}` is not available in the expression of a hook", task.name);
        Diagnostic::warning(codes::ARGO_HOOK, &expression.place, message)
            .label("comparisons with it are false")
            .help(format!("use the status, as in `{root}['{}'].status == 'Failed'`", task.name))
    })
}
