//! How large a workflow is.

use std::collections::BTreeMap;
use std::fmt;

use super::{Template, Workflow};

/// How large a workflow is, as far as that is known before it runs.
///
/// ```
/// # use kfp_compiler::{argo::Statistics, check::check, lower::{Options, lower}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let checked = check(&document, &document.pipelines[0]).checked.expect("the pipeline is right");
/// # let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// let workflow = lower(&checked, &options).expect("the pipeline can be lowered");
/// assert_eq!(Statistics::of(&workflow).pods, 1);
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
    /// Pods at most, all retries included, if every computed list has one item and no pipeline calls itself.
    pub pods: u64,
    /// Whether there are computed lists or pipelines that call themselves, and so perhaps more pods.
    pub may_be_more: bool,
}

impl Statistics {
    /// The statistics of a workflow.
    pub fn of(workflow: &Workflow) -> Self {
        let spec = &workflow.spec;
        let graphs = || spec.templates.iter().filter_map(|template| template.dag.as_ref());
        let mut count = Count {
            templates: spec.templates.iter().map(|template| (template.name.as_str(), template)).collect(),
            known: BTreeMap::new(),
            may_be_more: false,
        };
        let exit = spec.hooks.as_ref().map_or(0, |hooks| count.pods(&hooks.exit.template));
        let pods = count.pods(&spec.entrypoint).saturating_add(exit);
        Self {
            templates: spec.templates.len(),
            tasks: graphs().map(|dag| dag.tasks.len()).sum(),
            largest_graph: graphs().map(|dag| dag.tasks.len()).max().unwrap_or(0),
            bytes: serde_json::to_vec(workflow).map_or(0, |json| json.len()),
            pods,
            may_be_more: count.may_be_more,
        }
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { templates, tasks, largest_graph, bytes, pods, may_be_more } = self;
        writeln!(f, "templates      {templates} of 200")?;
        writeln!(f, "tasks          {tasks}, at most {largest_graph} of 200 in one graph")?;
        writeln!(f, "bytes          {bytes}")?;
        let more =
            if *may_be_more { ", for each item of computed lists and each turn of recursion" } else { "" };
        writeln!(f, "pods at most   {pods}{more}")
    }
}

struct Count<'w> {
    templates: BTreeMap<&'w str, &'w Template>,
    /// The pods of templates that were counted; nothing while one is being counted.
    known: BTreeMap<&'w str, Option<u64>>,
    may_be_more: bool,
}

impl<'w> Count<'w> {
    fn pods(&mut self, name: &str) -> u64 {
        let Some(template) = self.templates.get(name).copied() else { return 0 };
        match self.known.get(template.name.as_str()) {
            Some(Some(pods)) => return *pods,
            // A template that is part of itself.
            Some(None) => {
                self.may_be_more = true;
                return 0;
            }
            None => {}
        }
        self.known.insert(&template.name, None);
        let pods = self.pods_of(template);
        self.known.insert(&template.name, Some(pods));
        pods
    }

    fn pods_of(&mut self, template: &'w Template) -> u64 {
        if template.container.is_some() {
            let retries = template.retry_strategy.as_ref().and_then(|retry| retry.limit.parse::<u64>().ok());
            return 1 + retries.unwrap_or(0);
        }
        let tasks = template.dag.iter().flat_map(|dag| &dag.tasks);
        let mut pods: u64 = 0;
        for task in tasks {
            let times = match &task.with_param {
                None => 1,
                Some(items) => match serde_json::from_str::<Vec<serde_json::Value>>(items) {
                    Ok(items) => items.len() as u64,
                    Err(_) => {
                        self.may_be_more = true;
                        1
                    }
                },
            };
            pods = pods.saturating_add(self.pods(&task.template).saturating_mul(times));
        }
        pods
    }
}
