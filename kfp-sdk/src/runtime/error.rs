//! Errors of steps.

use std::error::Error as StdError;
use std::fmt;

use kfp_wire::FailureClass;

/// The result of a step that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a step. Its class decides whether the step is retried.
///
/// `?` converts any other error into one of class "unknown". Errors of `std::fs` do not contain the path; those of
/// [`Input::read_to_string`](crate::Input::read_to_string), [`Output::write`](crate::Output::write) and similar
/// methods do.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// fn rows(path: &std::path::Path) -> Result<usize> {
///     let text = std::fs::read_to_string(path).map_err(Error::data)?;
///     if text.is_empty() {
///         return Err(Error::permanent("there are no rows"));
///     }
///     Ok(text.lines().count())
/// }
/// ```
pub struct Error {
    class: FailureClass,
    message: String,
}

impl Error {
    /// Returns an error in the data. The step is not retried: it would find the same data.
    pub fn data(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(FailureClass::Data, &*cause.into())
    }

    /// Returns an error that a retry cannot fix. The step is not retried.
    pub fn permanent(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(FailureClass::Permanent, &*cause.into())
    }

    /// Returns an error that may be gone after a retry, such as a network failure or an overloaded service.
    pub fn transient(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(FailureClass::Transient, &*cause.into())
    }

    /// Returns an error of unknown class, like `?` does for other errors.
    pub fn unknown(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(FailureClass::Unknown, &*cause.into())
    }

    /// Returns the class.
    pub fn class(&self) -> FailureClass {
        self.class
    }

    /// The message consists of the messages of the error and its causes.
    fn of(class: FailureClass, error: &(dyn StdError + 'static)) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Some errors repeat their cause in their own message.
            if !message.ends_with(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            cause = error.source();
        }
        Self { class, message }
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::of(FailureClass::Unknown, &error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    /// Formats the error as a readable message, because `unwrap` and `main` print this form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} error)", self.message, self.class)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn every_error_has_a_class() {
        let not_found = || io::Error::from(io::ErrorKind::NotFound);
        assert_eq!(Error::data(not_found()).class(), FailureClass::Data);
        assert_eq!(Error::permanent("text").class(), FailureClass::Permanent);
        assert_eq!(Error::transient(format!("text {}", 1)).class(), FailureClass::Transient);
        let question_mark = || -> Result<()> { Ok(Err(not_found())?) };
        let error = question_mark().unwrap_err();
        assert_eq!(format!("{error:?}"), "entity not found (unknown error)");
    }

    #[derive(Debug)]
    struct Outer(io::Error);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("failed to read the rows")
        }
    }

    impl StdError for Outer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn messages_contain_the_causes() {
        let error = Error::data(Outer(io::Error::from(io::ErrorKind::NotFound)));
        assert_eq!(error.to_string(), "failed to read the rows: entity not found");
    }
}
