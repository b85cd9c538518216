//! Limits of Kubernetes and Argo that can be checked before lowering.

/// The maximum of something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    /// The maximum.
    pub(super) most: usize,
    /// The cause of the limit, as a note.
    pub(super) reason: &'static str,
}

/// Characters of a pipeline name. The name of a run is the pipeline name, `-` and five characters, and becomes a label
/// value of at most 63 characters.
pub(super) const PIPELINE_NAME: Limit = Limit {
    most: 57,
    reason: "run names add six characters and become label values, which have at most 63 characters",
};

/// Characters of the name of a task, an arm or a component. Template names consist of this name and a suffix.
pub(super) const NAME: Limit =
    Limit { most: 100, reason: "template names contain this name and have at most 128 characters" };

/// Parameters of a pipeline, which are the arguments of a workflow.
pub(super) const PARAMETERS: Limit =
    Limit { most: 500, reason: "the API server rejects workflows with more than 500 parameters" };
