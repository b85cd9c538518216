//! Secrets: values that only the steps that they are passed to can read.

use std::fmt;

use super::error::{Error, Result};

/// A reference to a key of a Kubernetes secret; in a step, also its value.
///
/// Pipelines pass secrets by name. Documents, logs and caches do not contain their values.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    name: String,
    value: Option<String>,
}

impl Secret {
    /// Returns a reference to a key of a Kubernetes secret, for pipelines.
    pub fn named(secret: &str, key: &str) -> Self {
        Self { name: format!("{secret}/{key}"), value: None }
    }

    /// Returns a secret with a value, for unit tests of steps.
    ///
    /// ```
    /// use kfp_sdk::Secret;
    /// assert_eq!(Secret::from_value("hunter2").expose().unwrap(), "hunter2");
    /// ```
    pub fn from_value(value: impl Into<String>) -> Self {
        Self { name: String::new(), value: Some(value.into()) }
    }

    /// Returns the value.
    ///
    /// # Errors
    /// The secret is only a reference, as in pipeline code. Only a running step has the value.
    pub fn expose(&self) -> Result<&str> {
        self.value.as_deref().ok_or_else(|| {
            Error::permanent(format!(
                "the value of secret `{}` is available only in a running step",
                self.name
            ))
        })
    }

    /// Returns the reference in the form `NAME/KEY`, or an empty string in a step.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Secret {
    /// Formats the name, never the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_omits_the_value() {
        assert_eq!(format!("{:?}", Secret::from_value("hunter2")), r#"Secret { name: "", .. }"#);
    }

    #[test]
    fn references_have_no_value() {
        let error = Secret::named("slack", "url").expose().unwrap_err();
        assert_eq!(error.to_string(), "the value of secret `slack/url` is available only in a running step");
    }
}
