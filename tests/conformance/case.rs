//! A conformance case: a pipeline and the expectations of its runs.

use kfp_model::Document;
use tests::conformance::{Expected, Run};

/// A pipeline and the expectations of its runs.
pub(crate) struct Case {
    /// Builds the pipeline.
    pub(crate) definition: fn() -> Document,
    /// The expectations of its runs.
    pub(crate) expected: Expected,
}

impl Case {
    /// Creates a case for the pipeline of that name.
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

    /// Marks the case as unable to run on a cluster, with the reason.
    pub(crate) fn local_only(mut self, reason: &str) -> Self {
        self.expected.local_only = Some(reason.to_owned());
        self
    }

    /// Marks the case as having container steps.
    pub(crate) fn needs_containers(mut self) -> Self {
        self.expected.needs_containers = true;
        self
    }

    /// Marks the case as having notebook steps.
    pub(crate) fn needs_notebooks(mut self) -> Self {
        self.expected.needs_notebooks = true;
        self
    }

    /// Requires a string in the workflow YAML of the case.
    pub(crate) fn in_yaml(mut self, text: &str) -> Self {
        self.expected.in_yaml.push(text.to_owned());
        self
    }
}
