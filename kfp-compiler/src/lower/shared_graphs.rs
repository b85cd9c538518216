//! Sharing of graphs: those that are equal in everything but their name become one template.
//!
//! It is asked for only where a workflow would have more templates than the API server takes. Steps have a pass
//! of their own. Loops are many where templates are too many, so equal ones are not even kept.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use kfp_argo::{Template, Workflow};

/// The graphs that were made so far, by everything but their names.
#[derive(Default)]
pub(super) struct Graphs {
    first: HashMap<String, String>,
}

impl Graphs {
    /// The name of the graph before this one that is equal to it.
    fn earlier(&mut self, template: &mut Template) -> Option<&str> {
        let name = std::mem::take(&mut template.name);
        let text = serde_json::to_string(template);
        template.name.clone_from(&name);
        // Names that differ for the author only tell failures apart.
        let paths: Vec<_> =
            template.dag.iter().flat_map(|dag| &dag.tasks).map(|task| task.path.as_deref()).collect();
        match self.first.entry(format!("{} {paths:?}", text.ok()?)) {
            Entry::Occupied(first) => Some(first.into_mut()),
            Entry::Vacant(free) => {
                free.insert(name);
                None
            }
        }
    }

    /// Leaves the first one of the templates out where it is equal to one before. Gives the name of the one that
    /// is there.
    pub(super) fn take_in(&mut self, templates: &mut Vec<Template>) -> String {
        match self.earlier(&mut templates[0]).map(str::to_owned) {
            Some(first) => {
                templates.remove(0);
                first
            }
            None => templates[0].name.clone(),
        }
    }
}

/// Leaves one template of those that are equal. What calls them is compared anew, as it may have become equal.
pub(super) fn share(workflow: &mut Workflow) {
    loop {
        let same = equal_ones(workflow);
        if same.is_empty() {
            return;
        }
        workflow.spec.templates.retain(|template| !same.contains_key(&template.name));
        let tasks = workflow.spec.templates.iter_mut().filter_map(|template| template.dag.as_mut());
        for task in tasks.flat_map(|dag| &mut dag.tasks) {
            if let Some(first) = same.get(&task.template) {
                task.template.clone_from(first);
            }
        }
    }
}

/// Templates that are equal to one before them, with the name of that one.
fn equal_ones(workflow: &mut Workflow) -> HashMap<String, String> {
    let hook = workflow.spec.hooks.as_ref().map(|hooks| hooks.exit.template.as_str());
    let roots: BTreeSet<&str> = [workflow.spec.entrypoint.as_str()].into_iter().chain(hook).collect();
    let (mut graphs, mut same) = (Graphs::default(), HashMap::new());
    for template in &mut workflow.spec.templates {
        if template.container.is_some() || roots.contains(template.name.as_str()) {
            continue;
        }
        if let Some(earlier) = graphs.earlier(template) {
            same.insert(template.name.clone(), earlier.to_owned());
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use kfp_argo::{Arguments, Dag, DagTask, Metadata, WorkflowSpec};

    fn graph(name: &str, tasks: &[(&str, &str)]) -> Template {
        let task = |(name, template): &(&str, &str)| DagTask {
            name: (*name).to_owned(),
            template: (*template).to_owned(),
            ..DagTask::default()
        };
        let dag = Some(Dag::of(tasks.iter().map(task).collect()));
        Template { name: name.to_owned(), dag, ..Template::default() }
    }

    fn told(templates: &[Template]) -> Vec<String> {
        let calls = |template: &Template| {
            let tasks = template.dag.iter().flat_map(|dag| &dag.tasks);
            let calls: Vec<String> = tasks.map(|task| format!("{}={}", task.name, task.template)).collect();
            format!("{}: {}", template.name, calls.join(" "))
        };
        templates.iter().map(calls).collect()
    }

    #[test]
    fn equal_graphs_become_one_and_then_those_that_call_them() {
        let mut workflow = Workflow {
            api_version: "",
            kind: "",
            metadata: Metadata { generate_name: String::new(), annotations: indexmap::IndexMap::new() },
            spec: WorkflowSpec {
                entrypoint: "main".to_owned(),
                service_account_name: None,
                active_deadline_seconds: None,
                parallelism: None,
                arguments: Arguments::default(),
                hooks: None,
                templates: vec![
                    graph("main", &[("one", "loop-1"), ("two", "loop-2"), ("three", "loop-3")]),
                    graph("loop-1", &[("iteration", "body-1")]),
                    graph("loop-2", &[("iteration", "body-2")]),
                    graph("loop-3", &[("iteration", "body-3")]),
                    graph("body-1", &[("add", "add")]),
                    graph("body-2", &[("add", "add")]),
                    graph("body-3", &[("plus", "add")]),
                    graph("copy", &[("one", "loop-1"), ("two", "loop-2"), ("three", "loop-3")]),
                ],
            },
        };
        share(&mut workflow);
        assert_eq!(
            told(&workflow.spec.templates),
            [
                "main: one=loop-1 two=loop-1 three=loop-3",
                "loop-1: iteration=body-1",
                "loop-3: iteration=body-3",
                "body-1: add=add",
                "body-3: plus=add",
                // The entry stays what it is.
                "copy: one=loop-1 two=loop-1 three=loop-3",
            ]
        );
    }
}
