//! Small components for pipelines that test the graph only.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::Value as Json;

use crate::components::{Kind, Trial};

#[component]
#[output(rows)]
pub(crate) fn count(table: String) -> i64 {
    i64::try_from(table.lines().count()).unwrap_or(i64::MAX)
}

#[component]
pub(crate) fn print(message: String) {
    let _ = message;
}

#[component]
#[output(ok)]
pub(crate) fn check(#[default(0.5)] rate: f64) -> bool {
    rate > 0.0
}

/// The parts of a table.
#[derive(Outputs)]
pub(crate) struct Parts {
    pub first: String,
    pub second: String,
}

#[component]
pub(crate) fn split(table: String) -> Parts {
    Parts { first: table.clone(), second: table }
}

#[component]
pub(crate) fn trials(seed: Option<i64>) -> Vec<Trial> {
    let _ = seed;
    Vec::new()
}

#[component]
pub(crate) fn best_trial(losses: Vec<f64>) -> Trial {
    Trial { lr: losses.iter().copied().fold(f64::MAX, f64::min), bs: 16, kind: Some(Kind::Careful) }
}

#[component]
pub(crate) fn store(model: Input<Model>, #[default(Secret::named("bucket", "token"))] token: Secret) {
    let _ = (model, token);
}

/// Takes an input of every type.
#[component]
pub(crate) fn everything(
    text: Option<String>,
    boolean: Option<bool>,
    small: Option<i32>,
    integer: Option<i64>,
    unsigned: Option<u32>,
    single: Option<f32>,
    number: Option<f64>,
    list: Option<Vec<f64>>,
    table: Option<Vec<Vec<i64>>>,
    map: Option<BTreeMap<String, f64>>,
    trial: Option<Trial>,
    kind: Option<Kind>,
    any: Option<Json>,
    secret: Option<Secret>,
    strings: Option<Vec<String>>,
    trials: Option<Vec<Trial>>,
) {
    let _ = (text, boolean, small, integer, unsigned, single, number, list, table, map, trial, kind, any);
    let _ = (secret, strings, trials);
}
