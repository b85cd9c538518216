//! How large a workflow is.

use std::fmt;

use super::Workflow;

/// How large a workflow is.
///
/// ```
/// # use kfp_compiler::{argo::Statistics, check::check, lower::{Options, lower}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let checked = check(&document, &document.pipelines[0]).checked.expect("the pipeline is right");
/// # let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// let lowering = lower(&checked, &options).expect("the pipeline can be lowered");
/// let statistics = Statistics::of(&lowering.workflow);
/// assert_eq!((statistics.templates, statistics.tasks), (3, 2));
/// assert_eq!(lowering.pods, 1);
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistics {
    /// Templates; the API server takes 200.
    pub templates: usize,
    /// Tasks of all graphs.
    pub tasks: usize,
    /// Tasks of the largest graph; the API server takes 200.
    pub largest_graph: usize,
    /// The length of the workflow as JSON, in bytes.
    pub bytes: usize,
}

impl Statistics {
    /// The statistics of a workflow.
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
        writeln!(f, "templates      {templates} of 200")?;
        writeln!(f, "tasks          {tasks}, at most {largest_graph} of 200 in one graph")?;
        writeln!(f, "bytes          {bytes}")
    }
}
