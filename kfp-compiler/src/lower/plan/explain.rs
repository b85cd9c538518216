//! What becomes of one task of the pipeline.

use std::fmt::Write as _;

use super::{Plan, Task};

/// The tasks of the plan that belong to a task of the pipeline, below the templates that they are in. `path` is that of
/// the task without the numbers of iterations, such as `all/train`. Nothing if there is no such task.
pub(in crate::lower) fn explain(plan: &Plan, path: &str) -> Option<String> {
    let mut search = Search { plan, path, around: Vec::new(), found: String::new() };
    let around = plan.exit.as_ref().map_or("", |exit| &exit.guard);
    for root in plan.roots() {
        search.template(root, around);
    }
    (!search.found.is_empty()).then_some(search.found)
}

struct Search<'p> {
    plan: &'p Plan,
    path: &'p str,
    /// The templates that are being looked into: a pipeline may call itself.
    around: Vec<&'p str>,
    found: String,
}

impl Search<'_> {
    fn template(&mut self, name: &str, around: &str) {
        let Some(template) = self.plan.template(name) else { return };
        if self.around.contains(&template.name.as_str()) {
            return;
        }
        self.around.push(&template.name);
        let paths: Vec<String> = template.tasks().iter().map(|task| below(around, task)).collect();
        let tasks = || template.tasks().iter().zip(&paths);
        let own: Vec<&Task> =
            tasks().filter(|(_, path)| leads_to(path, self.path)).map(|(task, _)| task).collect();
        if !own.is_empty() {
            writeln!(self.found, "{}", template.name).expect("strings grow");
        }
        for task in own {
            writeln!(self.found, "  {task}").expect("strings grow");
        }
        for (task, path) in tasks() {
            // Whatever is not on the way to the task has nothing of it.
            if leads_to(path, self.path) || leads_to(self.path, path) {
                self.template(&task.calls, path);
            }
        }
        self.around.pop();
    }
}

fn below(around: &str, task: &Task) -> String {
    match (&task.origin, around) {
        (None, around) => around.to_owned(),
        (Some(origin), "") => origin.clone(),
        (Some(origin), around) => format!("{around}/{origin}"),
    }
}

/// Whether the path is that of the task, or of something in it.
fn leads_to(path: &str, task: &str) -> bool {
    task.is_empty() || path.strip_prefix(task).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::Template;
    use super::*;

    fn task(name: &str, calls: &str, origin: Option<&str>) -> Task {
        Task {
            name: name.to_owned(),
            calls: calls.to_owned(),
            origin: origin.map(str::to_owned),
            ..Task::default()
        }
    }

    #[test]
    fn everything_of_a_task_is_shown_and_nothing_else() {
        let graph = |name: &str, tasks| Template::graph(name, Vec::new(), tasks);
        let plan = Plan {
            entry: "p".to_owned(),
            exit: None,
            names: BTreeSet::new(),
            templates: vec![
                graph("p", vec![task("body", "body", None)]),
                graph("body", vec![task("load", "load", Some("Load")), task("all", "all", Some("All"))]),
                graph("all", vec![task("iteration", "all-body", None)]),
                graph(
                    "all-body",
                    vec![task("train", "train", Some("train")), task("again", "body", Some("again"))],
                ),
            ],
        };
        assert_eq!(explain(&plan, "Load").as_deref(), Some("body\n  load (Load): load()\n"));
        let all = "body\n  all (All): all()\nall\n  iteration: all-body()\nall-body\n  train: train()\n  again: body()\n";
        assert_eq!(explain(&plan, "All").as_deref(), Some(all));
        assert_eq!(explain(&plan, "All/train").as_deref(), Some("all-body\n  train: train()\n"));
        for path in ["Lo", "All/other", "train"] {
            assert_eq!(explain(&plan, path), None, "{path}");
        }
    }
}
