//! A case: a pipeline and what is expected of its runs.

use kfp_model::Document;
use tests::conformance::{Expected, Run};

/// A pipeline and what is expected of its runs.
pub(crate) struct Case {
    /// Builds the pipeline.
    pub(crate) definition: fn() -> Document,
    /// What is expected.
    pub(crate) expected: Expected,
}

impl Case {
    /// A case whose pipeline has that name.
    pub(crate) fn new(name: &str, definition: fn() -> Document) -> Self {
        let expected = Expected {
            name: name.to_owned(),
            group: String::new(),
            local_only: None,
            needs_containers: false,
            needs_notebooks: false,
            in_yaml: Vec::new(),
            runs: Vec::new(),
        };
        Self { definition, expected }
    }

    /// Adds a run.
    pub(crate) fn run(mut self, run: Run) -> Self {
        self.expected.runs.push(run);
        self
    }

    /// Says why the case cannot run on a cluster.
    pub(crate) fn local_only(mut self, reason: &str) -> Self {
        self.expected.local_only = Some(reason.to_owned());
        self
    }

    /// Says that steps of the case are containers.
    pub(crate) fn needs_containers(mut self) -> Self {
        self.expected.needs_containers = true;
        self
    }

    /// Says that steps of the case are notebooks.
    pub(crate) fn needs_notebooks(mut self) -> Self {
        self.expected.needs_notebooks = true;
        self
    }

    /// A text that the workflow of the case has somewhere.
    pub(crate) fn in_yaml(mut self, text: &str) -> Self {
        self.expected.in_yaml.push(text.to_owned());
        self
    }
}
