//! Errors that prevent a run from starting or completing.

use crate::arguments::ArgumentProblem;
use crate::store::{RunId, StoreError};

/// Why there is no report of a run. A run with failed steps has a report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Arguments are missing, unknown or of the wrong type.
    #[error("invalid arguments:{}", lines(.0))]
    Arguments(Vec<ArgumentProblem>),
    /// The pipeline has parts that do not run on this machine.
    #[error("cannot run the pipeline on this machine:{}", lines(.0))]
    Unsupported(Vec<String>),
    /// Approvals without an answer, or answers that are invalid.
    #[error("cannot start the run:{}", lines(.0))]
    Approvals(Vec<String>),
    /// Something that the steps need is missing.
    #[error("cannot start the run:{}", lines(.0))]
    Setup(Vec<String>),
    /// Something that a preview needs is missing.
    #[error("cannot forecast the run:{}", lines(.0))]
    Preview(Vec<String>),
    /// The run was cancelled before its first step.
    #[error("the run was cancelled before it started")]
    Cancelled,
    /// The run to resume has another pipeline or other arguments, or cannot be taken over.
    #[error("cannot resume the run `{run}`: {reason}")]
    Resume {
        /// The id of the run.
        run: RunId,
        /// Why it cannot be resumed, and what to do.
        reason: String,
    },
    /// The run store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RunError {
    /// Returns the code of the error, which `kfpc explain` describes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "KFP0801",
            Self::Unsupported(_) => "KFP0802",
            Self::Setup(_) | Self::Preview(_) | Self::Cancelled => "KFP0803",
            Self::Resume { .. } => "KFP0804",
            Self::Store(StoreError::Locked(_)) => "KFP0805",
            Self::Store(StoreError::Newer { .. }) => "KFP0806",
            Self::Store(StoreError::Damaged(_) | StoreError::Foreign(_) | StoreError::Version { .. }) => {
                "KFP0807"
            }
            Self::Approvals(_) => "KFP0809",
            Self::Store(_) => "KFP0808",
        }
    }
}

/// Formats one problem on the line of the headline, several ones as a list below it.
fn lines<T: std::fmt::Display>(problems: &[T]) -> String {
    match problems {
        [problem] => format!(" {problem}"),
        problems => {
            let lines: Vec<String> = problems.iter().map(|problem| format!("\n- {problem}")).collect();
            lines.concat()
        }
    }
}
