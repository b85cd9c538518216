//! Limits of the target that can be held against a document before anything is lowered.

/// The most that there may be of something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// What is counted.
    pub(super) what: &'static str,
    /// The most that is taken.
    pub(super) most: usize,
    /// Who refuses more, and why.
    pub(super) reason: &'static str,
}

/// A run's name is the pipeline's name, `-` and five characters, and it becomes a label of 63 characters.
pub(super) const PIPELINE_NAME: Limit = Limit {
    what: "characters in the name of a pipeline",
    most: 57,
    reason: "the names of its runs add six characters and become labels, which have at most 63",
};

/// Arguments of a workflow.
pub(super) const PARAMETERS: Limit = Limit {
    what: "parameters of a pipeline",
    most: 500,
    reason: "the API server refuses workflows with more than 500 parameters",
};
