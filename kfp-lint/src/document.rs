//! The documents of a file, and what they are.

use kfp_diag::source::{Manifests, Tree};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

/// The group and version of everything that Argo Workflows defines.
const API_VERSION: &str = "argoproj.io/v1alpha1";

/// Kinds of the same group that are not looked into.
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

/// What a document of Argo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A run.
    Workflow,
    /// Templates and arguments that runs are made from.
    WorkflowTemplate,
    /// The same for all namespaces.
    ClusterWorkflowTemplate,
    /// Runs on a schedule.
    CronWorkflow,
}

/// One document of Argo.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    /// Its number in the file.
    pub(crate) idx: usize,
    /// Its nodes.
    pub(crate) tree: &'a Tree,
    /// What it is, or what is wrong with the word that should say so.
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

/// Whether the file holds a document of Argo.
pub fn is_argo(file: &Manifests) -> bool {
    file.tree.items().iter().any(is_of_argo)
}

/// The documents of Argo; others, as secrets that stand in the same file, are passed over.
pub(crate) fn documents(file: &Manifests) -> impl Iterator<Item = Document<'_>> {
    let documents = file.tree.items().iter().enumerate();
    let documents = documents.filter(|(_, tree)| is_of_argo(tree) && !is_other(tree));
    documents.map(|(idx, tree)| Document { idx, tree, kind: kind(tree, &Place::root().index(idx)) })
}

fn is_of_argo(tree: &Tree) -> bool {
    tree.get("apiVersion").and_then(|entry| entry.value.text()) == Some(API_VERSION)
}

/// Whether the document belongs to a sibling of Argo Workflows, or is written by its controller.
fn is_other(tree: &Tree) -> bool {
    let kind = tree.get("kind").and_then(|entry| entry.value.text());
    kind.is_some_and(|kind| OTHERS.contains(&kind))
}

fn kind(tree: &Tree, place: &Place) -> Result<Kind, Box<Diagnostic>> {
    let (place, message) = match tree.get("kind") {
        None => (place.clone(), "the document does not say its `kind`".to_owned()),
        Some(entry) => {
            let word = entry.value.text().unwrap_or_default();
            if let Some((_, kind)) = Kind::ALL.into_iter().find(|(name, _)| *name == word) {
                return Ok(kind);
            }
            (place.key("kind"), format!("`{word}` is no kind of Argo"))
        }
    };
    let allowed = Kind::ALL.map(|(name, _)| format!("`{name}`")).join(", ");
    let diagnostic =
        Diagnostic::error(codes::ARGO_KIND, &place, message).help(format!("the kinds are {allowed}"));
    Err(Box::new(diagnostic))
}
