//! The node map in a workflow: its graphs contain the calls of tasks, and an annotation contains the parts of paths
//! that differ from task names.

use std::collections::BTreeMap;
use std::fmt;

use kfp_model::value;
use serde_json::{Map, Value};

use super::NodeMap;
use super::nodes::Callee;

/// The annotation of a workflow that lists the tasks whose name in the workflow differs from their name in the
/// pipeline.
///
/// Its value is a JSON object that maps template names to objects, which map task names to the part of the path that
/// the task adds: a string, or `null` for a level that only the workflow has. `null` instead of an object applies to
/// all tasks of the template. Two kinds of tasks are not listed although they add nothing to the path: the task of the
/// entry, and tasks that are repeated for each item of a list. If there is nothing to list, there is no annotation.
pub const TASKS_ANNOTATION: &str = "kfpc/tasks";

/// The maximum size of the annotation: all annotations of an object share 256 KiB, and the object has 1.5 MiB.
const MAX_BYTES: usize = 32 * 1024;

/// The value of an annotation that would be larger.
const TOO_LARGE: &str = "too large";

/// The error for a workflow without a valid node map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NodeMapError {
    /// The object has no `spec` with an entry and templates.
    NotAWorkflow,
    /// The annotation is invalid.
    InvalidAnnotation,
    /// The node map was too large for an annotation.
    TooLarge,
}

impl fmt::Display for NodeMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAWorkflow => {
                f.write_str("expected a workflow with `spec.entrypoint` and `spec.templates`")
            }
            Self::InvalidAnnotation => write!(f, "invalid annotation `{TASKS_ANNOTATION}`"),
            Self::TooLarge => {
                write!(
                    f,
                    "the workflow has too many tasks to list them in the annotation `{TASKS_ANNOTATION}`"
                )
            }
        }
    }
}

impl std::error::Error for NodeMapError {}

impl NodeMap {
    /// Reads the node map from a workflow that `kfpc` compiled. `workflow` is the object that Kubernetes returns, which
    /// may also have been created from a workflow template.
    ///
    /// # Errors
    /// The object is not a workflow, or its annotation is invalid or was too large.
    pub fn of_workflow(workflow: &Value) -> Result<Self, NodeMapError> {
        let specs = [&workflow["spec"], &workflow["status"]["storedWorkflowTemplateSpec"]];
        let spec = specs.into_iter().find(|spec| spec["templates"].is_array());
        let spec = spec.ok_or(NodeMapError::NotAWorkflow)?;
        let entry = spec["entrypoint"].as_str().ok_or(NodeMapError::NotAWorkflow)?;
        let exit = spec["hooks"]["exit"]["template"].as_str().map(str::to_owned);
        let listed = match workflow["metadata"]["annotations"][TASKS_ANNOTATION].as_str() {
            None => Map::new(),
            Some(TOO_LARGE) => return Err(NodeMapError::TooLarge),
            Some(text) => serde_json::from_str(text).map_err(|_| NodeMapError::InvalidAnnotation)?,
        };
        let mut graphs = BTreeMap::new();
        for template in list(&spec["templates"]).filter(|template| template["dag"].is_object()) {
            let name = text(&template["name"])?;
            let mut tasks = BTreeMap::new();
            for task in list(&template["dag"]["tasks"]) {
                let (task_name, called) = (text(&task["name"])?, text(&task["template"])?);
                let is_loop = !task["withParam"].is_null();
                let origin = match listed.get(&name).map(|tasks| tasks.get(&task_name)) {
                    Some(Some(Value::String(origin))) => Some(origin.clone()),
                    Some(Some(Value::Null)) => None,
                    Some(Some(_)) => return Err(NodeMapError::InvalidAnnotation),
                    Some(None) if listed[&name].is_null() => None,
                    _ => expected(entry, &name, &task_name, is_loop),
                };
                tasks.insert(task_name, Callee { template: called, origin, is_loop });
            }
            graphs.insert(name, tasks);
        }
        Ok(Self { entry: entry.to_owned(), exit, graphs })
    }

    /// Returns the value of the annotation; `None` if there is nothing to list.
    pub(in crate::lower) fn annotation(&self) -> Option<String> {
        let listed: Map<String, Value> =
            self.graphs.iter().filter_map(|(name, tasks)| self.listed(name, tasks)).collect();
        if listed.is_empty() {
            return None;
        }
        let text = value::encode(&Value::Object(listed));
        Some(if text.len() > MAX_BYTES { TOO_LARGE.to_owned() } else { text })
    }

    /// Returns the entry of a template in the annotation.
    fn listed(&self, name: &str, tasks: &BTreeMap<String, Callee>) -> Option<(String, Value)> {
        let is_listed = |(task, callee): &(&String, &Callee)| {
            callee.origin != expected(&self.entry, name, task, callee.is_loop)
        };
        let listed: Map<String, Value> = tasks
            .iter()
            .filter(is_listed)
            .map(|(task, callee)| (task.clone(), callee.origin.clone().into()))
            .collect();
        let is_whole = listed.len() == tasks.len() && listed.values().all(Value::is_null);
        let value = if is_whole { Value::Null } else { Value::Object(listed.clone()) };
        (!listed.is_empty()).then(|| (name.to_owned(), value))
    }
}

/// Returns the part of the path that a task adds by default.
fn expected(entry: &str, template: &str, task: &str, is_loop: bool) -> Option<String> {
    (template != entry && !is_loop).then(|| task.to_owned())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> Result<String, NodeMapError> {
    value.as_str().map(str::to_owned).ok_or(NodeMapError::NotAWorkflow)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn graph(tasks: &[(&str, Option<&str>)]) -> BTreeMap<String, Callee> {
        let callee = |origin: Option<&str>| Callee {
            template: "work".to_owned(),
            origin: origin.map(str::to_owned),
            is_loop: false,
        };
        tasks.iter().map(|(name, origin)| ((*name).to_owned(), callee(*origin))).collect()
    }

    fn map(graphs: &[(&str, BTreeMap<String, Callee>)]) -> NodeMap {
        let graphs = graphs.iter().map(|(name, tasks)| ((*name).to_owned(), tasks.clone())).collect();
        NodeMap { entry: "p".to_owned(), exit: None, graphs }
    }

    #[test]
    fn only_differences_are_listed() {
        let plain = map(&[("p", graph(&[("body", None)])), ("body", graph(&[("load", Some("load"))]))]);
        assert_eq!(plain.annotation(), None);
        let named = map(&[
            ("body", graph(&[("load", Some("Load {{all}}")), ("train", Some("train"))])),
            ("part", graph(&[("step", None), ("check", None)])),
        ]);
        let expect = "{\"body\":{\"load\":\"Load {\\u007ball}}\"},\"part\":null}";
        assert_eq!(named.annotation().as_deref(), Some(expect));
    }

    #[test]
    fn a_map_that_is_too_large_is_reported() {
        let names: Vec<String> = (0..4000).map(|idx| format!("Task number {idx}")).collect();
        let tasks: Vec<_> = names.iter().map(|name| (name.as_str(), None)).collect();
        let mut tasks = graph(&tasks);
        tasks.extend(graph(&[("load", Some("Load"))]));
        let text = map(&[("body", tasks)]).annotation().unwrap_or_default();
        let workflow = json!({"metadata": {"annotations": {TASKS_ANNOTATION: text}},
            "spec": {"entrypoint": "p", "templates": []}});
        assert_eq!(NodeMap::of_workflow(&workflow), Err(NodeMapError::TooLarge));
    }

    #[test]
    fn invalid_objects_are_rejected() {
        let templates = json!([{"name": "body", "dag": {"tasks": [{"name": "load", "template": "load"}]}}]);
        let spec = json!({"entrypoint": "p", "templates": templates});
        let with = |annotation: &str| json!({"metadata": {"annotations": {TASKS_ANNOTATION: annotation}}, "spec": spec});
        for (object, expect) in [
            (json!({"spec": {}}), NodeMapError::NotAWorkflow),
            (json!({"spec": {"templates": []}}), NodeMapError::NotAWorkflow),
            (json!({"spec": {"entrypoint": "p", "templates": [{"dag": {}}]}}), NodeMapError::NotAWorkflow),
            (with("{"), NodeMapError::InvalidAnnotation),
            (with("{\"body\":{\"load\":7}}"), NodeMapError::InvalidAnnotation),
        ] {
            assert_eq!(NodeMap::of_workflow(&object), Err(expect), "{object}");
        }
        let started = json!({"status": {"storedWorkflowTemplateSpec": spec}});
        let map = NodeMap::of_workflow(&started).unwrap();
        assert_eq!(map.below("body", "load"), Some(vec!["load".to_owned()]));
    }
}
