//! Secrets: values that only the steps see that were given them.

use std::fmt;

use super::error::{Error, Result};

/// A key of a Kubernetes secret, and in a step its value.
///
/// A pipeline passes it on by name; the value is in no document, no log and no cache.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    name: String,
    value: Option<String>,
}

impl Secret {
    /// The secret under a key of a Kubernetes secret, for pipelines.
    pub fn named(secret: &str, key: &str) -> Self {
        Self { name: format!("{secret}/{key}"), value: None }
    }

    /// A secret whose value is known, for unit tests of steps.
    ///
    /// ```
    /// use kfp_sdk::Secret;
    /// assert_eq!(Secret::from_value("hunter2").expose().unwrap(), "hunter2");
    /// ```
    pub fn from_value(value: impl Into<String>) -> Self {
        Self { name: String::new(), value: Some(value.into()) }
    }

    /// The value.
    ///
    /// # Errors
    /// The secret was only named, as in the code of a pipeline: a value is what a running step has.
    pub fn expose(&self) -> Result<&str> {
        self.value.as_deref().ok_or_else(|| {
            Error::permanent(format!("the secret `{}` has a value in a running step only", self.name))
        })
    }

    /// The name and key, as `NAME/KEY`; empty if only the value is known.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Debug for Secret {
    /// Shows the name at most.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_shown() {
        assert_eq!(format!("{:?}", Secret::from_value("hunter2")), r#"Secret { name: "", .. }"#);
    }

    #[test]
    fn a_name_has_no_value() {
        let error = Secret::named("slack", "url").expose().unwrap_err();
        assert_eq!(error.to_string(), "the secret `slack/url` has a value in a running step only");
    }
}
