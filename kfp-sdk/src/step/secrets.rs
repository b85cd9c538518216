//! Where a step finds the values of its secrets.

use std::collections::BTreeMap;
use std::env;

use kfp_model::secret_variable;

use super::{Error, Result};

/// Where the values of secret inputs come from.
#[derive(Clone, Copy)]
pub(crate) enum Secrets<'a> {
    /// From the environment of the process, which is the step's own.
    Environment,
    /// From a table by the names of the inputs, as several steps share the environment of a test.
    Given(&'a BTreeMap<String, String>),
}

impl Secrets<'_> {
    /// The value of the secret input of that name, if there is one.
    pub(super) fn read(self, step: &str, name: &str) -> Result<Option<String>> {
        match self {
            Self::Given(values) => Ok(values.get(name).cloned()),
            Self::Environment => match env::var(secret_variable(name)) {
                Ok(value) => Ok(Some(value)),
                Err(env::VarError::NotPresent) => Ok(None),
                Err(env::VarError::NotUnicode(_)) => {
                    Err(Error::permanent(format!("secret `{name}` of `{step}` is no Unicode text")))
                }
            },
        }
    }
}
