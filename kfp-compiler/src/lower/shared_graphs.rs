//! Sharing of graphs: those that are equal in everything but their name become one template.
//!
//! It is asked for only where a workflow would have more templates than the API server takes. Steps have a pass
//! of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::argo::{Template, Workflow};

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
fn equal_ones(workflow: &Workflow) -> BTreeMap<String, String> {
    let hook = workflow.spec.hooks.as_ref().map(|hooks| hooks.exit.template.as_str());
    let roots: BTreeSet<&str> = [workflow.spec.entrypoint.as_str()].into_iter().chain(hook).collect();
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut same = BTreeMap::new();
    for template in &workflow.spec.templates {
        if template.container.is_some() || roots.contains(template.name.as_str()) {
            continue;
        }
        let Ok(text) = serde_json::to_string(&Template { name: String::new(), ..template.clone() }) else {
            continue;
        };
        match first.get(&text) {
            Some(earlier) => {
                same.insert(template.name.clone(), (*earlier).to_owned());
            }
            None => {
                first.insert(text, &template.name);
            }
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argo::{Arguments, Dag, DagTask, Metadata, WorkflowSpec};

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
