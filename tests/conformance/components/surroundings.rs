//! Steps that observe their environment: variables, secrets, and the final state of a group.

use std::collections::BTreeMap;
use std::env;

use kfp_sdk::prelude::*;

/// Return the values of environment variables; unset ones are left out.
#[component]
pub(crate) fn environment(names: Vec<String>) -> BTreeMap<String, String> {
    names.into_iter().filter_map(|name| env::var(&name).ok().map(|value| (name, value))).collect()
}

/// Return the number of characters of a secret, and nothing else about it.
#[component]
pub(crate) fn measure_secret(secret: Secret) -> Result<i64> {
    Ok(i64::try_from(secret.expose()?.chars().count())?)
}

/// Return the number of characters of a secret that may be missing.
#[component]
pub(crate) fn measure_optional_secret(secret: Option<Secret>) -> Result<Option<i64>> {
    secret.map(|secret| Ok(i64::try_from(secret.expose()?.chars().count())?)).transpose()
}

/// Fail with the secret in the message.
#[component]
pub(crate) fn betray_secret(secret: Secret) -> Result<()> {
    Err(Error::permanent(format!("the secret is {}", secret.expose()?)))
}

/// What an exit task receives.
#[derive(Outputs)]
pub(crate) struct ExitReport {
    /// The final state of the group.
    pub state: State,
    /// The failures, sorted by task and message.
    pub failures: Vec<Failure>,
    /// A value from inside the group.
    pub value: Option<i64>,
}

/// Return everything that an exit task receives.
#[component]
pub(crate) fn tell(state: State, failures: Vec<Failure>, value: Option<i64>) -> ExitReport {
    ExitReport { state, failures, value }
}

/// Return the final state of a group, and a value from inside it.
#[component]
pub(crate) fn tell_state(state: State, value: Option<i64>) -> ExitState {
    ExitState { state, value }
}

/// What an exit task of a part of a pipeline receives.
#[derive(Outputs)]
pub(crate) struct ExitState {
    /// The final state of the group.
    pub state: State,
    /// A value from inside the group.
    pub value: Option<i64>,
}
