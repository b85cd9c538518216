use std::collections::BTreeMap;

use kfp_sdk::prelude::*;

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    #[kfp(rename = "fast")]
    Fast,
    #[kfp(rename = "very-slow")]
    VerySlow,
}

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum EveryTypeMode {
    #[kfp(rename = "fast")]
    Fast,
    #[kfp(rename = "slow")]
    Slow,
}

/// What is known at the end.
#[derive(Outputs)]
pub struct Report {
    pub rows: i64,
    pub share: f64,
    pub by_label: BTreeMap<String, f64>,
    pub best: Option<String>,
    pub mode: EveryTypeMode,
    // Unsupported type `DataFrame`.
    pub frame: serde_json::Value,
}

#[component(python = "tests/bind/sources/types.py")]
pub fn every_type(
    text: String,
    number: f64,
    whole: i64,
    truth: bool,
    anything: serde_json::Value,
    // `untyped` has no type annotation in Python.
    untyped: serde_json::Value,
    // Unsupported type `DataFrame`.
    frame: serde_json::Value,
    // Unsupported type `datetime`.
    when: serde_json::Value,
    quoted: Vec<String>,
    rates: Vec<f64>,
    table: Vec<Vec<i64>>,
    plain_list: Vec<serde_json::Value>,
    names: Vec<String>,
    limits: BTreeMap<String, f64>,
    nested: BTreeMap<String, Vec<i64>>,
    plain_dict: BTreeMap<String, serde_json::Value>,
    // Unsupported type `Dict[int, str]`: keys must be strings.
    by_number: serde_json::Value,
    annotated: i64,
    numbers: f64,
    // Unsupported union `Union[int, str]`.
    several: serde_json::Value,
    maybe: Option<i64>,
    maybe_text: Option<String>,
    mode: Mode,
    odd: String,
    bits: i64,
    r#type: String,
    data: Input<Dataset>,
    any_artifact: Input<Artifact>,
    models: Vec<Input<Model>>,
    more_models: Vec<Input<Model>>,
    maybe_data: Option<Input<Dataset>>,
    page: Output<Html>,
    metrics: Output<Metrics>,
) -> Report;
