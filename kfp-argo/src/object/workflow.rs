//! The resource itself.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Parameter, Template};

/// An Argo Workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Workflow {
    /// `argoproj.io/v1alpha1`.
    pub api_version: &'static str,
    /// `Workflow`.
    pub kind: &'static str,
    /// Name and annotations.
    pub metadata: Metadata,
    /// What is executed.
    pub spec: WorkflowSpec,
}

/// Name and annotations of a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The prefix of the name that the API server makes up.
    pub generate_name: String,
    /// Remarks for people and tools.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// What a workflow executes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSpec {
    /// The template that is started.
    pub entrypoint: String,
    /// The service account of all pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// The longest running time in seconds, the exit hook aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<u64>,
    /// The most pods at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The parameters with their defaults.
    pub arguments: Arguments,
    /// What runs at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hooks: Option<Hooks>,
    /// Everything that can be started.
    pub templates: Vec<Template>,
}

/// Arguments of a workflow, a task or a hook.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Arguments {
    /// The parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
}

/// The life cycle hooks of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hooks {
    /// Runs when the workflow has ended, however it did.
    pub exit: Hook,
}

/// A template that is started at a point of the life cycle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hook {
    /// The template.
    pub template: String,
    /// What it is given.
    pub arguments: Arguments,
}

impl Arguments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }
}
