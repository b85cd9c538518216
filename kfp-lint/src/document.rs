//! The Argo documents of a file and their kinds.

use kfp_diag::source::{Entry, Manifests, Tree};
use kfp_diag::spelling::nearest;
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

/// Returns whether the document belongs to Argo, even if its `apiVersion` or `kind` is misspelt.
fn is_of_argo(tree: &Tree) -> bool {
    match api_version(tree) {
        Some(version) => version.starts_with(GROUP) || (is_near(version) && has_known_kind(tree)),
        None if tree.get("apiVersion").is_some() => false,
        None => match similar_key(tree, "apiVersion") {
            Some(entry) => entry.value.text().is_some_and(|version| version.starts_with(GROUP)),
            None => has_known_kind(tree) && has_workflow_spec(tree),
        },
    }
}

fn api_version(tree: &Tree) -> Option<&str> {
    tree.get("apiVersion")?.value.text()
}

/// Returns whether the text is a misspelt API version of Argo.
fn is_near(version: &str) -> bool {
    let (group, number) = version.split_once('/').unwrap_or(("", version));
    let group_is_near =
        nearest(group, ["argoproj.io", "argoproj"]).is_some() || (group.is_empty() && number == "v1alpha1");
    group == "argoproj" || group_is_near
}

fn has_known_kind(tree: &Tree) -> bool {
    let kind = tree.get("kind").and_then(|entry| entry.value.text());
    kind.is_some_and(|kind| Kind::ALL.iter().any(|(name, _)| *name == kind))
}

fn has_workflow_spec(tree: &Tree) -> bool {
    const FIELDS: [&str; 4] = ["entrypoint", "templates", "workflowTemplateRef", "workflowSpec"];
    tree.get("spec").is_some_and(|spec| FIELDS.iter().any(|field| spec.value.get(field).is_some()))
}

/// Returns the entry whose key is a misspelling of a key that the document lacks.
fn similar_key<'a>(tree: &'a Tree, key: &str) -> Option<&'a Entry> {
    let is_similar = |entry: &&Entry| nearest(&entry.key, [key]).is_some();
    tree.entries().iter().find(is_similar).filter(|_| tree.get(key).is_none())
}

/// Returns whether the document belongs to another Argo project or is written by the controller.
fn is_other(tree: &Tree) -> bool {
    let kind = tree.get("kind").and_then(|entry| entry.value.text());
    kind.is_some_and(|kind| OTHERS.contains(&kind))
}

fn kind(tree: &Tree, place: &Place) -> Result<Kind, Box<Diagnostic>> {
    for key in ["apiVersion", "kind"] {
        if tree.get(key).is_none() {
            return Err(Box::new(missing(tree, key, place)));
        }
    }
    if let Some(version) = api_version(tree).filter(|version| *version != API_VERSION) {
        let place = place.key("apiVersion");
        let message = format!("unknown API version `{version}`");
        let diagnostic = Diagnostic::error(codes::ARGO_KIND, &place, message)
            .label(format!("expected `{API_VERSION}`"))
            .replace(format!("use `{API_VERSION}`"), version, API_VERSION);
        return Err(Box::new(diagnostic));
    }
    let written = tree.get("kind").and_then(|entry| entry.value.text()).unwrap_or_default();
    if let Some((_, kind)) = Kind::ALL.into_iter().find(|(name, _)| *name == written) {
        return Ok(kind);
    }
    let message = format!("unknown kind `{written}`");
    let diagnostic = Diagnostic::error(codes::ARGO_KIND, &place.key("kind"), message);
    Err(Box::new(match nearest(written, Kind::ALL.map(|(name, _)| name)) {
        Some(near) => diagnostic.replace(format!("use `{near}`"), written, near),
        None => {
            let allowed = Kind::ALL.map(|(name, _)| format!("`{name}`")).join(", ");
            diagnostic.help(format!("use one of {allowed}"))
        }
    }))
}

fn missing(tree: &Tree, key: &str, place: &Place) -> Diagnostic {
    if let Some(entry) = similar_key(tree, key) {
        let message = format!("unknown field `{}`", entry.key);
        return Diagnostic::error(codes::ARGO_KIND, &place.key(&entry.key), message)
            .label(format!("expected `{key}`"))
            .help(format!("use `{key}`"));
    }
    let diagnostic = Diagnostic::error(codes::ARGO_KIND, place, format!("missing `{key}`"));
    if key == "apiVersion" {
        diagnostic.help(format!("add `apiVersion: {API_VERSION}`"))
    } else {
        let allowed = Kind::ALL.map(|(name, _)| format!("`{name}`")).join(", ");
        diagnostic.help(format!("use one of {allowed}"))
    }
}
