//! Names of tasks and arms are unique in their region, also in the form that the workflow uses.

use std::collections::HashMap;
use std::fmt;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Task, TaskKind};

use crate::check::ctx::Ctx;
use crate::check::limits::{Limit, NAME};
use crate::dag_names;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    for (_, entry) in ctx.scopes.regions() {
        let mut names = Names::default();
        for (idx, task) in entry.region.tasks.iter().enumerate() {
            names.task(task, &entry.place.key("tasks").index(idx), found);
        }
    }
}

/// What has a name in the workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner<'a> {
    /// The task or arm with that name.
    Named(&'a str),
    /// The `otherwise` arm of the branch with that name.
    Otherwise(&'a str),
    /// The exit region of the exit handler with that name.
    Exit(&'a str),
}

impl fmt::Display for Owner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "`{name}`"),
            Self::Otherwise(branch) => write!(f, "the `otherwise` arm of `{branch}`"),
            Self::Exit(handler) => write!(f, "the exit tasks of `{handler}`"),
        }
    }
}

/// The names of a region in the workflow, with the places that define them.
#[derive(Default)]
struct Names<'a> {
    taken: HashMap<String, (Owner<'a>, Place)>,
}

impl<'a> Names<'a> {
    /// Adds the names of a task and its arms. One arm may have the name of the branch itself.
    fn task(&mut self, task: &'a Task, place: &Place, found: &mut Vec<Diagnostic>) {
        let name = place.key("name");
        let is_new = self.named(&task.name, &name, found);
        match &task.kind {
            TaskKind::Branch(branch) => {
                let arms = place.key("kind").key("branch").key("arms");
                let mut own_name_free = true;
                for (idx, arm) in branch.arms.iter().enumerate() {
                    if arm.name == task.name && own_name_free {
                        own_name_free = false;
                    } else {
                        self.named(&arm.name, &arms.index(idx).key("name"), found);
                    }
                }
                if is_new && branch.otherwise.is_some() {
                    self.add(dag_names::otherwise(&task.name), Owner::Otherwise(&task.name), &name, found);
                }
            }
            TaskKind::ExitHandler(_) if is_new => {
                self.add(dag_names::exit(&task.name), Owner::Exit(&task.name), &name, found);
            }
            _ => {}
        }
    }

    /// Adds the name of a task or an arm. Returns false if it is invalid or taken.
    fn named(&mut self, name: &'a str, place: &Place, found: &mut Vec<Diagnostic>) -> bool {
        if !name.contains(|c: char| c.is_ascii_alphanumeric()) {
            let message = format!("invalid task name `{name}`");
            let diagnostic = Diagnostic::error(codes::BAD_NAME, place, message);
            found.push(diagnostic.label("expected at least one ASCII letter or digit"));
            return false;
        }
        found.extend(too_long(name, "task", place));
        self.add(dag_names::task(name), Owner::Named(name), place, found)
    }

    /// Adds a name of the workflow. Returns false if it is taken.
    fn add(&mut self, written: String, owner: Owner<'a>, place: &Place, found: &mut Vec<Diagnostic>) -> bool {
        let Some((earlier, first)) = self.taken.get(&written) else {
            self.taken.insert(written, (owner, place.clone()));
            return true;
        };
        found.push(match (earlier, owner) {
            (Owner::Named(earlier), Owner::Named(name)) if *earlier == name => {
                let message = format!("duplicate task or arm name `{name}`");
                let diagnostic = Diagnostic::error(codes::DUPLICATE_TASK_NAME, place, message);
                diagnostic.label("duplicate name").also(first, "first used here")
            }
            (earlier, owner) => {
                let names = match (earlier, owner) {
                    (Owner::Named(_), Owner::Named(_)) => "names ",
                    _ => "",
                };
                let message = format!("{names}{earlier} and {owner} both become `{written}` in the workflow");
                let diagnostic = Diagnostic::error(codes::COLLIDING_NAMES, place, message);
                diagnostic.label("conflicting name").also(first, "first used here")
            }
        });
        false
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

    #[test]
    fn names_of_the_workflow_are_compared() {
        for (first, second, written) in [
            ("a b", "a  b", "a-b"),
            ("-a", "a", "a"),
            ("é-a", "a", "a"),
            ("a_", "a", "a"),
            ("in", "in-task", "in-task"),
            ("IN", "In Task", "in-task"),
        ] {
            check_tasks(
                json!([named("x", first), named("y", second)]),
                &[&format!(
                    "KFP0504 tasks/1/name: names `{first}` and `{second}` both become `{written}` in the workflow"
                )],
            );
        }
    }

    #[test]
    fn generated_names_are_compared() {
        let region = |id: &str| json!({"tasks": [named(id, "load")]});
        let handler = |name: &str| {
            let kind = json!({"exit_handler": {"body": region(&format!("{name}.a")), "exit": region(&format!("{name}.b"))}});
            json!({"id": name, "name": name, "kind": kind})
        };
        let branch = branch("b", some_condition(), region("b.a"), Some(region("b.b")));
        let mut arm = branch.clone();
        arm["kind"]["branch"]["arms"][0]["name"] = json!("B Otherwise");
        for (tasks, expected) in [
            (
                json!([named("a", "train-exit"), handler("train")]),
                "tasks/1/name: `train-exit` and the exit tasks of `train` both become `train-exit` in the workflow",
            ),
            (
                json!([handler("in"), named("a", "in-task-exit")]),
                "tasks/1/name: the exit tasks of `in` and `in-task-exit` both become `in-task-exit` in the workflow",
            ),
            (
                json!([handler("h"), handler("h-exit")]),
                "tasks/1/name: the exit tasks of `h` and `h-exit` both become `h-exit` in the workflow",
            ),
            (
                json!([named("a", "b_otherwise"), branch]),
                "tasks/1/name: `b_otherwise` and the `otherwise` arm of `b` both become `b-otherwise` in the workflow",
            ),
            (
                json!([arm]),
                "tasks/0/name: `B Otherwise` and the `otherwise` arm of `b` both become `b-otherwise` in the workflow",
            ),
        ] {
            check_tasks(tasks, &[&format!("KFP0504 {expected}")]);
        }
    }
}
