//! Where artifacts lie, in a store and in the pod of a step.

use kfp_argo::text::Text;

use crate::lower::options::{ARTIFACT_ROOT, Options};

/// The folder of a step that holds everything it writes.
pub(in crate::lower) const FOLDER: &str = "/tmp/kfp";

/// Where a step finds an input artifact.
pub(in crate::lower) fn input_path(name: &str) -> String {
    format!("/tmp/kfp-inputs/{name}")
}

/// The file that gets the JSON text of an output.
pub(in crate::lower) fn output_file(name: &str) -> String {
    format!("{FOLDER}/out-{name}")
}

/// Where a step puts an output artifact.
pub(in crate::lower) fn artifact_path(name: &str) -> String {
    format!("{FOLDER}/art-{name}")
}

/// Where artifacts lie.
#[derive(Debug, Clone)]
pub(in crate::lower) struct ArtifactStore {
    /// What makes a URI of a key.
    pub(in crate::lower) base: String,
    /// What keys begin with.
    prefix: String,
}

impl ArtifactStore {
    pub(in crate::lower) fn of(options: &Options) -> Self {
        match &options.pipeline_root {
            Some(root) => Self { base: root.base.clone(), prefix: root.prefix.clone() },
            None => Self { base: String::new(), prefix: ARTIFACT_ROOT.to_owned() },
        }
    }

    /// What the keys of a run's artifacts begin with, in a folder of the run.
    pub(in crate::lower) fn folder(&self, name: &str) -> Text {
        Text::literal(format!("{}/", self.prefix)).and(Text::variable("workflow.uid")).and(format!("/{name}"))
    }
}

/// The key of something that a pod writes to a folder.
pub(in crate::lower) fn key_of_pod(folder: Text, name: &str) -> Text {
    folder.and("/").and(Text::variable("pod.name")).and(format!("/{name}"))
}
