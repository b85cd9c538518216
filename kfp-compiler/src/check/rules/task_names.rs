//! Names of tasks and arms are unique in their region, also in the form that the workflow uses.

use std::collections::HashMap;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Task, TaskKind};

use crate::check::ctx::Ctx;
use crate::check::limits::{Limit, NAME};

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for (_, entry) in ctx.scopes.regions() {
        let mut taken: HashMap<String, (&str, Place)> = HashMap::new();
        for (idx, task) in entry.region.tasks.iter().enumerate() {
            let place = entry.place.key("tasks").index(idx);
            take(&mut taken, &task.name, &place.key("name"), found);
            for (name, place) in arms(task, &place) {
                take(&mut taken, name, &place, found);
            }
        }
    }
}

/// Returns the names of the arms of a branch. One arm may have the name of the branch itself.
fn arms<'a>(task: &'a Task, place: &Place) -> Vec<(&'a str, Place)> {
    let TaskKind::Branch(branch) = &task.kind else { return Vec::new() };
    let arms = place.key("kind").key("branch").key("arms");
    let mut own_name_free = true;
    let mut names = Vec::new();
    for (idx, arm) in branch.arms.iter().enumerate() {
        if arm.name == task.name && own_name_free {
            own_name_free = false;
        } else {
            names.push((arm.name.as_str(), arms.index(idx).key("name")));
        }
    }
    names
}

fn take<'a>(
    taken: &mut HashMap<String, (&'a str, Place)>,
    name: &'a str,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) {
    let written = workflow_name(name);
    if !written.contains(|c: char| c.is_ascii_alphanumeric()) {
        let message = format!("invalid task name `{name}`");
        let diagnostic = Diagnostic::error(codes::BAD_NAME, place, message);
        found.push(diagnostic.label("expected at least one ASCII letter or digit"));
        return;
    }
    found.extend(too_long(name, "task", place));
    match taken.get(&written) {
        None => {
            taken.insert(written, (name, place.clone()));
        }
        Some((earlier, first)) if *earlier == name => {
            let message = format!("duplicate task or arm name `{name}`");
            let diagnostic = Diagnostic::error(codes::DUPLICATE_TASK_NAME, place, message);
            found.push(diagnostic.label("duplicate name").also(first, "first used here"));
        }
        Some((earlier, first)) => {
            let message = format!("names `{earlier}` and `{name}` both become `{written}` in the workflow");
            let diagnostic = Diagnostic::error(codes::COLLIDING_NAMES, place, message);
            found.push(diagnostic.label("conflicting name").also(first, "first used here"));
        }
    }
}

/// Reports a name of a task, an arm or a component that is too long.
pub(super) fn too_long(name: &str, noun: &str, place: &Place) -> Option<Diagnostic> {
    let Limit { most, reason } = NAME;
    let length = name.chars().count();
    (length > most).then(|| {
        let message = format!("the name of {noun} `{name}` has {length} characters");
        Diagnostic::error(codes::BAD_NAME, place, message)
            .label(format!("at most {most} are allowed"))
            .note(reason)
    })
}

/// Returns the name in the form that templates and tasks of a workflow use.
fn workflow_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, check_tasks, load, some_condition};

    fn named(id: &str, name: &str) -> Value {
        let mut task = load();
        task["id"] = json!(id);
        task["name"] = json!(name);
        task
    }

    #[test]
    fn names_are_unique() {
        check_tasks(
            json!([
                named("a", "get_data"),
                named("b", "get_data"),
                named("c", "Get-Data"),
                named("d", "日本")
            ]),
            &[
                "KFP0503 tasks/1/name: duplicate task or arm name `get_data`",
                "KFP0504 tasks/2/name: names `get_data` and `Get-Data` both become `get-data` in the workflow",
                "KFP0505 tasks/3/name: invalid task name `日本`",
            ],
        );
    }

    #[test]
    fn arms_share_the_names_of_their_region() {
        let mut branch = branch("b", some_condition(), json!({"tasks": [named("b.load", "load")]}), None);
        branch["kind"]["branch"]["arms"][0]["name"] = json!("b");
        check_tasks(json!([load(), branch.clone()]), &[]);
        branch["kind"]["branch"]["arms"][0]["name"] = json!("load");
        check_tasks(
            json!([load(), branch]),
            &["KFP0503 tasks/1/kind/branch/arms/0/name: duplicate task or arm name `load`"],
        );
    }
}
