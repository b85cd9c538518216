//! The Workflow resource.

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
    /// The name and annotations.
    pub metadata: Metadata,
    /// The spec.
    pub spec: WorkflowSpec,
}

/// The name and annotations of a resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The prefix of the generated name.
    pub generate_name: String,
    /// The annotations.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// The spec of a workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowSpec {
    /// The name of the first template to run.
    pub entrypoint: String,
    /// The service account of all pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account_name: Option<String>,
    /// The time limit in seconds, excluding the exit hook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<u64>,
    /// The maximum number of pods that run at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The parameters and their defaults.
    pub arguments: Arguments,
    /// The hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hooks: Option<Hooks>,
    /// The templates.
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
    /// Runs when the workflow has ended, regardless of its outcome.
    pub exit: Hook,
}

/// A template that runs at a point of the life cycle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hook {
    /// The template.
    pub template: String,
    /// The arguments of the template.
    pub arguments: Arguments,
}

impl Arguments {
    /// Returns whether there are no arguments.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }
}
