//! Steps that look at what is around them: environment, secrets, how a group ended.

use std::collections::BTreeMap;
use std::env;

use kfp_sdk::prelude::*;

/// The values of environment variables; those that are not set are left out.
#[component]
pub(crate) fn environment(names: Vec<String>) -> BTreeMap<String, String> {
    names.into_iter().filter_map(|name| env::var(&name).ok().map(|value| (name, value))).collect()
}

/// The number of characters of a secret: nothing else of it is told.
#[component]
pub(crate) fn measure_secret(secret: Secret) -> Result<i64> {
    Ok(i64::try_from(secret.expose()?.chars().count())?)
}

/// Likewise, of a secret that may be missing.
#[component]
pub(crate) fn measure_optional_secret(secret: Option<Secret>) -> Result<Option<i64>> {
    secret.map(|secret| Ok(i64::try_from(secret.expose()?.chars().count())?)).transpose()
}

/// Fail with the secret in the message.
#[component]
pub(crate) fn betray_secret(secret: Secret) -> Result<()> {
    Err(Error::permanent(format!("the secret is {}", secret.expose()?)))
}

/// What an exit task is told.
#[derive(Outputs)]
pub(crate) struct Told {
    /// How the group ended.
    pub state: State,
    /// What failed, sorted by task and message.
    pub failures: Vec<Failure>,
    /// A value from inside.
    pub value: Option<i64>,
}

/// Give back all that an exit task is told.
#[component]
pub(crate) fn tell(state: State, failures: Vec<Failure>, value: Option<i64>) -> Told {
    Told { state, failures, value }
}

/// Give back how a group ended, and a value from inside.
#[component]
pub(crate) fn tell_state(state: State, value: Option<i64>) -> ToldState {
    ToldState { state, value }
}

/// What an exit task is told that watches over a part of a pipeline.
#[derive(Outputs)]
pub(crate) struct ToldState {
    /// How the group ended.
    pub state: State,
    /// A value from inside.
    pub value: Option<i64>,
}
