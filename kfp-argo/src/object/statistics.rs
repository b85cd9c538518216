//! Size statistics of a workflow.

use std::fmt;

use super::Workflow;
use crate::limits::{TASKS, TEMPLATES};

/// The size of a workflow.
///
/// ```
/// use kfp_argo::{Dag, Statistics, Template};
/// # use kfp_argo::{Arguments, DagTask, Metadata, Workflow, WorkflowSpec};
/// # let metadata = Metadata { generate_name: "p-".to_owned(), annotations: Default::default() };
/// # let spec = WorkflowSpec { entrypoint: "p".to_owned(), service_account_name: None, active_deadline_seconds: None,
/// #     parallelism: None, arguments: Arguments::default(), hooks: None, templates: Vec::new() };
/// # let mut workflow = Workflow { api_version: "argoproj.io/v1alpha1", kind: "Workflow", metadata, spec };
/// let tasks = vec![DagTask { name: "a".to_owned(), template: "a".to_owned(), ..DagTask::default() }];
/// workflow.spec.templates.push(Template { dag: Some(Dag::of(tasks)), ..Template::default() });
/// let statistics = Statistics::of(&workflow);
/// assert_eq!((statistics.templates, statistics.tasks), (1, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    /// The number of templates. The maximum is [`TEMPLATES`].
    pub templates: usize,
    /// The number of tasks of all DAGs.
    pub tasks: usize,
    /// The number of tasks of the largest DAG. The maximum is [`TASKS`].
    pub largest_graph: usize,
    /// The size of the workflow as JSON, in bytes.
    pub bytes: usize,
}

impl Statistics {
    /// Returns the statistics of a workflow.
    pub fn of(workflow: &Workflow) -> Self {
        let templates = &workflow.spec.templates;
        let graphs = || templates.iter().filter_map(|template| template.dag.as_ref());
        Self {
            templates: templates.len(),
            tasks: graphs().map(|dag| dag.tasks.len()).sum(),
            largest_graph: graphs().map(|dag| dag.tasks.len()).max().unwrap_or(0),
            bytes: serde_json::to_vec(workflow).map_or(0, |json| json.len()),
        }
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { templates, tasks, largest_graph, bytes } = self;
        writeln!(f, "templates      {templates} of {TEMPLATES}")?;
        writeln!(f, "tasks          {tasks}, at most {largest_graph} of {TASKS} in one graph")?;
        writeln!(f, "bytes          {bytes}")
    }
}
