//! Where a step finds the values of its secrets, and how they are kept out of what it leaves.

use std::collections::BTreeMap;
use std::env;

use kfp_wire::{MASKED_VARIABLES, Mask, SECRET_PREFIX, secret_variable};

use super::error::{Error, Result};

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

    /// What finds all secrets that the step was given, by the names of their variables.
    pub(super) fn mask(self) -> Mask {
        let secrets: Vec<(String, String)> = match self {
            Self::Given(values) => {
                values.iter().map(|(name, value)| (secret_variable(name), value.clone())).collect()
            }
            Self::Environment => {
                let masked = env::var(MASKED_VARIABLES).unwrap_or_default();
                let is_secret = |name: &str| {
                    name.starts_with(SECRET_PREFIX) || masked.split(',').any(|masked| masked == name)
                };
                env::vars_os()
                    .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                    .filter(|(name, _)| is_secret(name))
                    .collect()
            }
        };
        Mask::new(secrets.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}
