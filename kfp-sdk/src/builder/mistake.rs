//! Mistakes in calls of the builder, which documents list as problems.

use kfp_model::{Duration, DurationError, Place, Problem, Replacement};

/// The codes of the compiler's rules for mistakes that the builder finds.
const DURATION: &str = "KFP0702";
pub(super) const RETRY: &str = "KFP0703";
pub(super) const TIER: &str = "KFP0709";

/// A mistake in a call of the builder, which a document cannot express otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mistake {
    code: Option<&'static str>,
    message: String,
    help: Option<String>,
    edit: Option<Replacement>,
}

impl Mistake {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), help: None, edit: None }
    }

    /// Sets the code of the compiler's rule for mistakes of this kind.
    pub(super) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Sets how to fix the mistake, as an imperative.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what is invalid to the message, for mistakes whose line is unknown.
    pub(super) fn of(mut self, owner: &str) -> Self {
        self.message = format!("{owner}: {}", self.message);
        self
    }

    pub(super) fn at(self, place: Place) -> Problem {
        let Self { code, message, help, edit } = self;
        Problem { place, code: code.map(str::to_owned), message, help, edit }
    }
}

impl From<DurationError> for Mistake {
    fn from(error: DurationError) -> Self {
        let mistake = Self::new(error.to_string()).code(DURATION);
        match error.suggestion() {
            Some(to) => {
                let edit = Some(Replacement { from: error.text().to_owned(), to: to.clone() });
                Self { edit, ..mistake.help(format!("use `{to}`")) }
            }
            None => mistake,
        }
    }
}

/// Reads a duration.
pub(super) fn duration(text: &str) -> Result<Duration, Mistake> {
    text.parse().map_err(Mistake::from)
}
