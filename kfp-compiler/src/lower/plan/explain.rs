//! Explains how a task of the pipeline is lowered.

use std::fmt::Write as _;

use super::{Plan, Task};

/// Returns the tasks of the plan that belong to a task of the pipeline, below the names of their templates. `path` is
/// the path of the task without iteration numbers, such as `all/train`. Returns `None` if there is no such task.
pub(in crate::lower) fn explain(plan: &Plan, path: &str) -> Option<String> {
    let mut search = Search { plan, path, visiting: Vec::new(), found: String::new() };
    let prefix = plan.exit.as_ref().map_or("", |exit| &exit.handler);
    for root in plan.roots() {
        search.template(root, prefix);
    }
    (!search.found.is_empty()).then_some(search.found)
}

struct Search<'p> {
    plan: &'p Plan,
    path: &'p str,
    /// The templates that are being visited, because pipelines may be recursive.
    visiting: Vec<&'p str>,
    found: String,
}

impl Search<'_> {
    fn template(&mut self, name: &str, prefix: &str) {
        let Some(template) = self.plan.template(name) else { return };
        if self.visiting.contains(&template.name.as_str()) {
            return;
        }
        self.visiting.push(&template.name);
        let paths: Vec<String> = template.tasks().iter().map(|task| path_of(prefix, task)).collect();
        let tasks = || template.tasks().iter().zip(&paths);
        let own: Vec<&Task> =
            tasks().filter(|(_, path)| is_within(path, self.path)).map(|(task, _)| task).collect();
        if !own.is_empty() {
            writeln!(self.found, "{}", template.name).expect("writing to a string cannot fail");
        }
        for task in own {
            writeln!(self.found, "  {task}").expect("writing to a string cannot fail");
        }
        for (task, path) in tasks() {
            // Only templates on the path to the task or in it can contain parts of it.
            if is_within(path, self.path) || is_within(self.path, path) {
                self.template(&task.calls, path);
            }
        }
        self.visiting.pop();
    }
}

fn path_of(prefix: &str, task: &Task) -> String {
    match (&task.origin, prefix) {
        (None, prefix) => prefix.to_owned(),
        (Some(origin), "") => origin.clone(),
        (Some(origin), prefix) => format!("{prefix}/{origin}"),
    }
}

/// Whether the path is that of the task, or is below it.
fn is_within(path: &str, task: &str) -> bool {
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
    fn all_parts_of_a_task_are_shown() {
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
