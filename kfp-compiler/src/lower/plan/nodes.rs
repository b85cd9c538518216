//! Maps the nodes of a run on Argo to the tasks of the pipeline.

use std::collections::BTreeMap;

use super::{Body, Plan};

/// The map from the nodes of a run on Argo to the tasks of the pipeline.
///
/// ```
/// # use kfp_compiler::{check::check, lower::{NodeMap, Options, lower}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "Each", "name": "Each",
/// #     "kind": {"loop": {"items": {"constant": [1, 2]}, "body": {"tasks": [{"id": "Each.Work", "name": "Work",
/// #     "kind": {"call": {"callee": {"component": "work"}}}}]}}}}]}}]}"#)?;
/// # let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// # let program = check(&document, &document.pipelines[0]).program.expect("the pipeline is valid");
/// let lowering = lower(&program, &options).expect("the pipeline can be lowered");
/// let task = |node| lowering.nodes.task(node);
/// assert_eq!(task("p-x7k2q.body.each.iteration(1:2).work"), Some("Each/1/Work".to_owned()));
/// assert_eq!(task("p-x7k2q.body.each.iteration(1:2).work(0)"), Some("Each/1/Work".to_owned()));
/// assert_eq!(task("p.2.body.each"), Some("Each".to_owned()));
/// assert_eq!(task("p-x7k2q.body.other"), None);
///
/// let workflow = serde_json::to_value(&lowering.workflow).expect("a workflow is JSON");
/// assert_eq!(NodeMap::of_workflow(&workflow), Ok(lowering.nodes));
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
///
/// Most of the map can be derived from the workflow. The rest is in the annotation
/// [`TASKS_ANNOTATION`](crate::lower::TASKS_ANNOTATION), so [`NodeMap::of_workflow`] can restore the map from a
/// workflow in a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeMap {
    pub(super) entry: String,
    pub(super) exit: Option<String>,
    /// The tasks of each graph, by name. The origin of the task of the entry is the exit handler around the pipeline.
    pub(super) graphs: BTreeMap<String, BTreeMap<String, Callee>>,
}

/// The callee of a task of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Callee {
    pub(super) template: String,
    /// The part of the path that the task adds.
    pub(super) origin: Option<String>,
    pub(super) is_loop: bool,
}

impl NodeMap {
    pub(in crate::lower) fn of(plan: &Plan) -> Self {
        let graphs = plan.templates.iter().filter(|template| matches!(template.body, Body::Graph(_)));
        let graphs = graphs.map(|template| {
            let tasks = template.tasks().iter().map(|task| {
                let (template, origin) = (task.calls.clone(), task.origin.clone());
                (task.name.clone(), Callee { template, origin, is_loop: task.items.is_some() })
            });
            (template.name.clone(), tasks.collect())
        });
        let exit = plan.exit.as_ref().map(|exit| exit.calls.clone());
        let mut map = Self { entry: plan.entry.clone(), exit, graphs: graphs.collect() };
        // The exit handler around the whole pipeline is not a task of the plan, because its body is the pipeline
        // itself.
        let exit_handler = plan.exit.as_ref().map(|exit| &exit.handler);
        for task in map.graphs.get_mut(&plan.entry).into_iter().flat_map(BTreeMap::values_mut) {
            task.origin = exit_handler.cloned();
        }
        map
    }

    /// Returns the path of the task that a node belongs to, with original names and iteration numbers, such as
    /// `all/2/train`. `name` is the full name of the node, which starts with the name of the workflow. Returns `None`
    /// for a node that does not belong to a task, such as the body of the pipeline.
    pub fn task(&self, name: &str) -> Option<String> {
        // The name of a workflow may contain dots. Items of loops may too, but only within parentheses.
        let end = name.find('(').unwrap_or(name.len());
        let path = name[..end].match_indices('.').find_map(|(dot, _)| self.path(&name[dot + 1..]))?;
        (!path.is_empty()).then(|| path.join("/"))
    }

    /// Returns the path for a node name without the name of the workflow.
    fn path(&self, name: &str) -> Option<Vec<String>> {
        let (root, rest) = match (&self.exit, name.strip_prefix("onExit.")) {
            (Some(exit), Some(rest)) => (exit, rest),
            _ => (&self.entry, name),
        };
        let mut path = self.below(root, rest)?;
        if root != &self.entry {
            path.splice(0..0, self.exit_handler());
        }
        Some(path)
    }

    /// Returns the name of the exit handler around the whole pipeline.
    fn exit_handler(&self) -> Option<String> {
        self.graphs.get(&self.entry)?.values().next()?.origin.clone()
    }

    /// Returns the path below a template, for the rest of a node name.
    pub(super) fn below(&self, template: &str, name: &str) -> Option<Vec<String>> {
        let tasks = self.graphs.get(template);
        let mut found = None;
        for (task, callee) in tasks.into_iter().flatten() {
            let Some(rest) = name.strip_prefix(task.as_str()) else { continue };
            found = found.or_else(|| self.after(callee, rest));
        }
        found
    }

    /// Returns the path from a task on, for the rest of a node name after the name of the task: the number of an
    /// iteration or an attempt, and inner nodes.
    fn after(&self, callee: &Callee, rest: &str) -> Option<Vec<String>> {
        let own = || callee.origin.clone().into_iter();
        if rest.is_empty() {
            return Some(own().collect());
        }
        if let Some(inner) = rest.strip_prefix('.') {
            let inner = self.inside(callee, inner)?;
            return Some(own().chain(inner).collect());
        }
        let numbered = rest.strip_prefix('(')?;
        let digits = numbered.find(|character: char| !character.is_ascii_digit())?;
        let number = numbered.get(..digits).filter(|number| !number.is_empty())?;
        let iteration = callee.is_loop.then(|| number.to_owned());
        let path = || own().chain(iteration.clone());
        // The item follows its number, and may contain any character.
        for (end, _) in numbered.match_indices(')') {
            match numbered[end + 1..].strip_prefix('.') {
                None if end + 1 == numbered.len() => return Some(path().collect()),
                Some(inner) => {
                    if let Some(inner) = self.inside(callee, inner) {
                        return Some(path().chain(inner).collect());
                    }
                }
                None => {}
            }
        }
        None
    }

    /// Returns the path inside the callee of a task. The nodes inside a step do not belong to further tasks.
    fn inside(&self, callee: &Callee, name: &str) -> Option<Vec<String>> {
        if self.graphs.contains_key(&callee.template) {
            self.below(&callee.template, name)
        } else {
            Some(Vec::new())
        }
    }
}
