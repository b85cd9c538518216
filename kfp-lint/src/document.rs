//! The Argo documents of a file and their kinds.

use kfp_diag::source::{Manifests, Tree};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

/// The API group of all Argo projects.
const GROUP: &str = "argoproj.io/";
/// The API group and version of Argo Workflows.
const API_VERSION: &str = "argoproj.io/v1alpha1";

/// Kinds of the same API group that are not checked.
const OTHERS: [&str; 17] = [
    "AnalysisRun",
    "AnalysisTemplate",
    "AppProject",
    "Application",
    "ApplicationSet",
    "ClusterAnalysisTemplate",
    "EventBus",
    "EventSource",
    "Experiment",
    "ImageUpdater",
    "NotificationsConfiguration",
    "Rollout",
    "RolloutManager",
    "Sensor",
    "WorkflowArtifactGCTask",
    "WorkflowEventBinding",
    "WorkflowTaskSet",
];

/// The kind of an Argo document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A single run.
    Workflow,
    /// Templates and arguments that runs are made from.
    WorkflowTemplate,
    /// A workflow template that all namespaces can use.
    ClusterWorkflowTemplate,
    /// A workflow that runs on a schedule.
    CronWorkflow,
}

/// One Argo document.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// Its index in the file.
    pub(crate) idx: usize,
    /// Its content.
    pub(crate) tree: &'a Tree,
    /// Its kind, or the error about an invalid `apiVersion` or `kind`.
    pub(crate) kind: Result<Kind, Box<Diagnostic>>,
}

impl Kind {
    const ALL: [(&'static str, Self); 4] = [
        ("Workflow", Self::Workflow),
        ("WorkflowTemplate", Self::WorkflowTemplate),
        ("ClusterWorkflowTemplate", Self::ClusterWorkflowTemplate),
        ("CronWorkflow", Self::CronWorkflow),
    ];
}

/// Returns whether the file contains an Argo document.
pub fn is_argo(file: &Manifests) -> bool {
    file.tree.items().iter().any(is_of_argo)
}

/// Returns the Argo documents of the file. Other documents, such as secrets, are skipped.
pub(crate) fn documents(file: &Manifests) -> impl Iterator<Item = Document<'_>> {
    let documents = file.tree.items().iter().enumerate();
    let documents = documents.filter(|(_, tree)| is_of_argo(tree) && !is_other(tree));
    documents.map(|(idx, tree)| Document { idx, tree, kind: kind(tree, &Place::root().index(idx)) })
}

fn is_of_argo(tree: &Tree) -> bool {
    api_version(tree).is_some_and(|version| version.starts_with(GROUP))
}

fn api_version(tree: &Tree) -> Option<&str> {
    tree.get("apiVersion")?.value.text()
}

/// Returns whether the document belongs to another Argo project or is written by the controller.
fn is_other(tree: &Tree) -> bool {
    let kind = tree.get("kind").and_then(|entry| entry.value.text());
    kind.is_some_and(|kind| OTHERS.contains(&kind))
}

fn kind(tree: &Tree, place: &Place) -> Result<Kind, Box<Diagnostic>> {
    if let Some(version) = api_version(tree).filter(|version| *version != API_VERSION) {
        let place = place.key("apiVersion");
        let message = format!("unknown API version `{version}`");
        let diagnostic = Diagnostic::error(codes::ARGO_KIND, &place, message)
            .label(format!("expected `{API_VERSION}`"))
            .replace(format!("use `{API_VERSION}`"), version, API_VERSION);
        return Err(Box::new(diagnostic));
    }
    let (place, message) = match tree.get("kind") {
        None => (place.clone(), "missing `kind`".to_owned()),
        Some(entry) => {
            let written = entry.value.text().unwrap_or_default();
            if let Some((_, kind)) = Kind::ALL.into_iter().find(|(name, _)| *name == written) {
                return Ok(kind);
            }
            (place.key("kind"), format!("unknown kind `{written}`"))
        }
    };
    let allowed = Kind::ALL.map(|(name, _)| format!("`{name}`")).join(", ");
    let diagnostic =
        Diagnostic::error(codes::ARGO_KIND, &place, message).help(format!("use one of {allowed}"));
    Err(Box::new(diagnostic))
}
