//! Why a run could not be started or carried through.

use crate::arguments::ArgumentProblem;
use crate::store::{RunId, StoreError};

/// Why there is no report of a run. A run whose steps fail has one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// Arguments are missing, unknown or of the wrong type.
    #[error("the arguments are wrong:{}", lines(.0))]
    Arguments(Vec<ArgumentProblem>),
    /// The pipeline has parts that do not run on this machine.
    #[error("the pipeline cannot run on this machine:{}", lines(.0))]
    Unsupported(Vec<String>),
    /// Approvals that nobody can give, or answers to them that do not fit.
    #[error("the run cannot start:{}", lines(.0))]
    Approvals(Vec<String>),
    /// What the steps need is not here.
    #[error("the run cannot start:{}", lines(.0))]
    Setup(Vec<String>),
    /// The run was cancelled before its first step.
    #[error("the run was cancelled before it started")]
    Cancelled,
    /// The run to be resumed was of another pipeline or had other arguments.
    #[error("cannot resume the run `{run}`: {reason}")]
    Resume {
        /// The run.
        run: RunId,
        /// Why not, and what to do.
        reason: String,
    },
    /// The run store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RunError {
    /// The code of the kind of error, which `kfpc explain` knows more about.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "KFP0801",
            Self::Unsupported(_) => "KFP0802",
            Self::Setup(_) | Self::Cancelled => "KFP0803",
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

/// One problem stands behind the headline, several ones below it.
fn lines<T: std::fmt::Display>(problems: &[T]) -> String {
    match problems {
        [problem] => format!(" {problem}"),
        problems => {
            let lines: Vec<String> = problems.iter().map(|problem| format!("\n- {problem}")).collect();
            lines.concat()
        }
    }
}
