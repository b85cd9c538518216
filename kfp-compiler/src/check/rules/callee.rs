//! Calls name components and pipelines that the document defines.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Callee, Place, TaskKind};

use super::phrases::suggest_name;
use crate::check::ctx::Ctx;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        if let TaskKind::Call(call) = &entry.task.kind
            && ctx.callee(call).is_none()
        {
            let place = entry.place.key("kind").key("call").key("callee");
            found.push(unknown(ctx, &entry.task.name, &call.callee, &place));
        }
    }
}

fn unknown(ctx: &Ctx<'_>, task: &str, callee: &Callee, place: &Place) -> Diagnostic {
    let (code, noun, name, place) = match callee {
        Callee::Component(id) => (codes::UNKNOWN_COMPONENT, "component", &id.0, place.key("component")),
        Callee::Pipeline(name) => (codes::UNKNOWN_PIPELINE, "pipeline", name, place.key("pipeline")),
    };
    let known: Vec<&str> = match callee {
        Callee::Component(_) => ctx.document.components.keys().map(|id| id.0.as_str()).collect(),
        Callee::Pipeline(_) => ctx.document.pipelines.iter().map(|other| other.name.as_str()).collect(),
    };
    let message = format!("task `{task}` calls unknown {noun} `{name}`");
    let diagnostic = Diagnostic::error(code, &place, message).label(format!("unknown {noun}"));
    suggest_name(diagnostic, name, known.iter().copied(), |diagnostic| {
        diagnostic.note(format!("the document defines {}", spelling::having(noun, &known)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{call, check_tasks};

    #[test]
    fn unknown_callees_are_reported() {
        check_tasks(
            json!([call("a", "laod", json!({})), {"id": "b", "name": "b", "kind": {"call": {
                "callee": {"pipeline": "other"},
            }}}]),
            &[
                "KFP0201 tasks/0/kind/call/callee/component: task `a` calls unknown component `laod`",
                "KFP0202 tasks/1/kind/call/callee/pipeline: task `b` calls unknown pipeline `other`",
            ],
        );
    }
}
