//! Calls set every required input and no unknown ones.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Call, TaskKind};

use super::phrases::suggest_name;
use crate::check::ctx::{Ctx, Interface};
use crate::check::scope::Entry;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        if let TaskKind::Call(call) = &entry.task.kind
            && let Some(callee) = ctx.callee(call)
        {
            unknown(entry, call, &callee, found);
            missing(entry, call, &callee, found);
        }
    }
}

fn unknown(entry: &Entry<'_>, call: &Call, callee: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    let arguments = entry.place.key("kind").key("call").key("arguments");
    for name in call.arguments.keys().filter(|name| !callee.inputs.contains_key(*name)) {
        let Interface { noun, name: callee_name, .. } = callee;
        let message = format!("unknown input `{name}` of {noun} `{callee_name}`");
        let known = || callee.inputs.keys().map(String::as_str);
        let diagnostic = Diagnostic::error(codes::UNKNOWN_ARGUMENT, &arguments.key(name), message)
            .label("unknown input")
            .also(&callee.place, format!("`{callee_name}` has {}", spelling::having("input", known())));
        found.push(suggest_name(diagnostic, name, known(), |diagnostic| diagnostic));
    }
}

fn missing(entry: &Entry<'_>, call: &Call, callee: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    let required = callee.inputs.iter().filter(|(_, input)| input.is_required());
    for (name, input) in required.filter(|(name, _)| !call.arguments.contains_key(*name)) {
        let message = format!(
            "missing input `{name}` of {} `{}` in task `{}`",
            callee.noun, callee.name, entry.task.name
        );
        found.push(
            Diagnostic::error(codes::MISSING_ARGUMENT, &entry.place, message)
                .label(format!("missing `{name}`"))
                .also(
                    &callee.input_place(name),
                    format!("declared `{}` here, without a default", input.r#type),
                ),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks};

    #[test]
    fn arguments_match_the_inputs() {
        check_tasks(
            json!([call("a", "load", json!({"pth": {"constant": "x"}}))]),
            &[
                "KFP0207 tasks/0: missing input `path` of component `load` in task `a`",
                "KFP0206 tasks/0/kind/call/arguments/pth: unknown input `pth` of component `load`",
            ],
        );
    }

    #[test]
    fn defaults_and_options_may_be_left_out() {
        check_tasks(json!([call("a", "notify", json!({"text": {"constant": "x"}}))]), &[]);
    }
}
