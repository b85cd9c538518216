//! Locations of artifacts in the artifact store and in the pod of a step.

use kfp_argo::text::Text;

use crate::lower::options::{ARTIFACT_ROOT, Options};

/// The folder in which a step writes all its files.
pub(in crate::lower) const FOLDER: &str = "/tmp/kfp";

/// Returns the path of an input artifact.
pub(in crate::lower) fn input_path(name: &str) -> String {
    format!("/tmp/kfp-inputs/{name}")
}

/// Returns the file for the JSON text of an output.
pub(in crate::lower) fn output_file(name: &str) -> String {
    format!("{FOLDER}/out-{name}")
}

/// Returns the path of an output artifact.
pub(in crate::lower) fn artifact_path(name: &str) -> String {
    format!("{FOLDER}/art-{name}")
}

/// The artifact store of a workflow.
#[derive(Debug, Clone)]
pub(in crate::lower) struct ArtifactStore {
    /// The prefix that converts a key into a URI.
    pub(in crate::lower) base: String,
    /// The prefix of keys.
    prefix: String,
}

impl ArtifactStore {
    pub(in crate::lower) fn of(options: &Options) -> Self {
        match &options.pipeline_root {
            Some(root) => Self { base: root.base.clone(), prefix: root.prefix.clone() },
            None => Self { base: String::new(), prefix: ARTIFACT_ROOT.to_owned() },
        }
    }

    /// Returns the prefix of the keys of artifacts in a folder of a run.
    pub(in crate::lower) fn folder(&self, name: &str) -> Text {
        Text::literal(format!("{}/", self.prefix)).and(Text::variable("workflow.uid")).and(format!("/{name}"))
    }
}

/// Returns the key of an artifact that a pod writes to a folder.
pub(in crate::lower) fn key_of_pod(folder: Text, name: &str) -> Text {
    folder.and("/").and(Text::variable("pod.name")).and(format!("/{name}"))
}
