//! The values of a step's secrets, and the mask that finds them in messages and outputs.

use std::collections::BTreeMap;
use std::env;

use kfp_wire::{MASKED_VARIABLES, Mask, SECRET_PREFIX, secret_variable};

use super::error::{Error, Result};

/// The source of the values of secret inputs.
#[derive(Clone, Copy)]
pub(crate) enum Secrets<'a> {
    /// The environment of the step's process.
    Environment,
    /// Values by input name, for tests, whose steps share one environment.
    Values(&'a BTreeMap<String, String>),
}

impl Secrets<'_> {
    /// Returns the value of a secret input, if it has one.
    pub(super) fn read(self, step: &str, name: &str) -> Result<Option<String>> {
        match self {
            Self::Values(values) => Ok(values.get(name).cloned()),
            Self::Environment => match env::var(secret_variable(name)) {
                Ok(value) => Ok(Some(value)),
                Err(env::VarError::NotPresent) => Ok(None),
                Err(env::VarError::NotUnicode(_)) => {
                    Err(Error::permanent(format!("secret `{name}` of `{step}` is not valid UTF-8")))
                }
            },
        }
    }

    /// Returns a mask that finds all secrets of the step. It names them by their variables.
    pub(super) fn mask(self) -> Mask {
        let secrets: Vec<(String, String)> = match self {
            Self::Values(values) => {
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
