//! Global variables: those that start with `workflow.`.

use std::collections::BTreeSet;

use kfp_argo::tag::has_tag;

use crate::document::Kind;
use crate::view::{Manifest, Project, Published, Target};

/// Variables that always exist.
const ALWAYS: [&str; 13] = [
    "workflow.name",
    "workflow.namespace",
    "workflow.uid",
    "workflow.mainEntrypoint",
    "workflow.serviceAccountName",
    "workflow.creationTimestamp",
    "workflow.duration",
    // Not replaced in runs that no schedule started.
    "workflow.scheduledTime",
    "workflow.status",
    "workflow.labels",
    "workflow.labels.json",
    "workflow.annotations",
    "workflow.annotations.json",
];

/// Prefixes of names that are not listed individually.
const OPEN: [&str; 3] = [
    "workflow.creationTimestamp.",
    "workflow.labels.workflows.argoproj.io/",
    "workflow.annotations.workflows.argoproj.io/",
];

/// Prefixes of names that a workflow template that is not in the files may define for a workflow that it starts.
const OF_ABSENT: [&str; 5] = [
    "workflow.parameters",
    "workflow.labels.",
    "workflow.annotations.",
    "workflow.outputs.",
    "workflow.priority",
];

/// The global variables of a workflow.
#[derive(Debug)]
pub(crate) struct Globals<'a> {
    pub(crate) names: BTreeSet<String>,
    pub(crate) parameters: BTreeSet<&'a str>,
    /// Prefixes of names that exist only at run time.
    pub(crate) open: Vec<&'static str>,
}

/// Returns whether the manifest calls a template that is not in the files, whose outputs may be global.
fn calls_absent_template(project: &Project<'_>, manifest: &Manifest<'_>) -> bool {
    let templates = manifest.all_templates();
    let calls = templates.iter().flat_map(|template| template.calls());
    let mut calls = calls.chain(manifest.hooks.iter().map(|hook| &hook.call));
    calls.any(|call| matches!(project.target(manifest, call), Target::NoManifest | Target::Unknown))
}

impl<'a> Globals<'a> {
    pub(crate) fn of(project: &Project<'a>, manifest: &Manifest<'a>) -> Self {
        let mut globals = Self {
            names: ALWAYS.iter().map(|name| (*name).to_owned()).collect(),
            parameters: BTreeSet::new(),
            open: OPEN.to_vec(),
        };
        let origin = project.origin(manifest);
        let home = origin.as_ref().map_or(Some(manifest), |(_, library)| *library);
        globals.add_parameters(manifest);
        globals.add_metadata(manifest);
        if let Some(home) = home.filter(|home| !std::ptr::eq(*home, manifest)) {
            globals.add_parameters(home);
            globals.add_metadata(home);
        }
        if manifest.is_library() {
            // A workflow that uses it can define further parameters.
            globals.open.push("workflow.parameters");
        }
        if home.is_none() {
            globals.open.extend(OF_ABSENT);
        } else if calls_absent_template(project, manifest) {
            globals.open.push("workflow.outputs.");
        }
        if !globals.parameters.is_empty() {
            globals.names.extend(["workflow.parameters".to_owned(), "workflow.parameters.json".to_owned()]);
        }
        if manifest.spec.has("priority") {
            globals.names.insert("workflow.priority".to_owned());
        }
        globals.add_outputs(project, manifest);
        globals
    }

    fn add_parameters(&mut self, manifest: &Manifest<'a>) {
        for parameter in manifest.arguments.parameters.iter().filter(|parameter| !parameter.name.is_empty()) {
            self.names.insert(format!("workflow.parameters.{}", parameter.name));
            self.parameters.insert(parameter.name);
        }
    }

    fn add_metadata(&mut self, manifest: &Manifest<'a>) {
        let metadata = manifest.root.get("metadata").filter(|_| manifest.kind != Kind::CronWorkflow);
        let later = [manifest.spec.get("workflowMetadata"), manifest.root.at(&["spec", "workflowMetadata"])];
        for metadata in later.into_iter().chain([metadata]).flatten() {
            for (fields, name) in
                [(&["labels", "labelsFrom"][..], "labels"), (&["annotations"], "annotations")]
            {
                for (key, _) in
                    fields.iter().filter_map(|field| metadata.get(field)).flat_map(|map| map.members())
                {
                    self.names.insert(format!("workflow.{name}.{key}"));
                }
            }
        }
    }

    /// Adds global outputs: those of the manifest, and those of every workflow template in any file.
    fn add_outputs(&mut self, project: &Project<'a>, manifest: &Manifest<'a>) {
        let own = manifest.published();
        for Published { what, name } in own.iter().chain(&project.published) {
            if has_tag(name) {
                self.open.push(if *what == "parameters" {
                    "workflow.outputs.parameters."
                } else {
                    "workflow.outputs.artifacts."
                });
            } else {
                self.names.insert(format!("workflow.outputs.{what}.{name}"));
            }
        }
    }

    /// Returns whether the variable may exist at run time.
    pub(crate) fn may_have(&self, name: &str) -> bool {
        self.open.iter().any(|start| name.starts_with(start))
    }
}
