//! Limits of the target that can be held against a document before anything is lowered.

/// The most that there may be of something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// The most that is taken.
    pub(super) most: usize,
    /// Who refuses more, and why.
    pub(super) reason: &'static str,
}

/// Characters of a pipeline's name. A run's name is the pipeline's name, `-` and five characters, and it becomes a label of 63 characters.
pub(super) const PIPELINE_NAME: Limit = Limit {
    most: 57,
    reason: "the names of its runs add six characters and become labels, which have at most 63",
};

/// Characters of the name of a task, an arm or a component: templates are named after them, and after what they
/// are for.
pub(super) const NAME: Limit =
    Limit { most: 100, reason: "templates are named after it, and their names have at most 128 characters" };

/// Parameters of a pipeline, which are the arguments of a workflow.
pub(super) const PARAMETERS: Limit =
    Limit { most: 500, reason: "the API server refuses workflows with more than 500 parameters" };
