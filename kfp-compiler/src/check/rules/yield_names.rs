//! Names of yields, and of the values that approvals return, are identifiers.

use std::collections::BTreeSet;

use kfp_diag::Diagnostic;
use kfp_model::TaskKind;

use super::interface_names::identifier;
use crate::check::ctx::Ctx;
use crate::check::scope::{Nested, nested_regions};

/// The yields of a pipeline are its outputs, which are checked as part of its interface.
pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for entry in ctx.scopes.entries.values() {
        let owner = &entry.task.name;
        // All arms of a branch have the same names.
        let mut seen = BTreeSet::new();
        for Nested { region, place, .. } in nested_regions(entry.task, &entry.place) {
            let yields = place.key("yields");
            for name in region.yields.keys().filter(|name| seen.insert(name.as_str())) {
                found.extend(identifier("yield", name, owner, &yields.key(name)));
            }
        }
        if let TaskKind::Approval(approval) = &entry.task.kind {
            let outputs = entry.place.key("kind").key("approval").key("outputs");
            for name in approval.outputs.keys() {
                found.extend(identifier("output", name, owner, &outputs.key(name)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, check_tasks, input, load, repeat, some_condition};

    fn region(name: &str) -> Value {
        let mut task = load();
        task["id"] = json!("x.load");
        json!({"tasks": [task], "yields": {name: input("path")}})
    }

    #[test]
    fn yields_have_identifiers() {
        for name in ["a b", "{{x}}", "", "é", "a.b", "kfp-taken", "0"] {
            let otherwise = json!({"yields": {name: input("path")}});
            let handler = json!({"body": region(name), "exit": {"tasks": [{
                "id": "y.load", "name": "load", "kind": load()["kind"]}]}});
            let looped = repeat("x", json!({"constant": [1]}), region(name));
            for (task, place) in [
                (branch("x", some_condition(), region(name), Some(otherwise)), "branch/arms/0/region"),
                (looped, "loop/body"),
                (json!({"id": "x", "name": "x", "kind": {"exit_handler": handler}}), "exit_handler/body"),
            ] {
                let expected =
                    format!("KFP0505 tasks/0/kind/{place}/yields/{name}: invalid yield name `{name}` of `x`");
                check_tasks(json!([task]), &[&expected]);
            }
        }
        check_tasks(json!([branch("x", some_condition(), region("_a1"), None)]), &[]);
    }

    #[test]
    fn approvals_return_identifiers() {
        let approval = json!({"message": "Deploy?", "outputs": {"is it ok": {"type": "boolean"}}});
        check_tasks(
            json!([{"id": "ask", "name": "ask", "kind": {"approval": approval}}]),
            &["KFP0505 tasks/0/kind/approval/outputs/is it ok: invalid output name `is it ok` of `ask`"],
        );
    }
}
