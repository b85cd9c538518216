use std::collections::BTreeMap;

use kfp_sdk::prelude::*;

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    #[kfp(rename = "fast")]
    Fast,
    #[kfp(rename = "slow")]
    Slow,
}

// The function has no return annotation, so its return value is ignored.
#[component(python = "tests/bind/sources/types.py")]
pub fn every_default(
    #[default("a \"quote\"\n")] text: String,
    #[default(1.0)] number: f64,
    #[default(1e-5)] small: f64,
    #[default(-3)] whole: i64,
    #[default(false)] truth: bool,
    #[default(vec![0.1, 1.0])] rates: Vec<f64>,
    #[default(vec![vec![1, 2], vec![3], vec![]])] table: Vec<Vec<i64>>,
    #[default(vec!["a", "b"])] names: Vec<String>,
    #[default(Vec::<String>::new())] empty: Vec<String>,
    // The default is that of the Python function: `{"cpu": 1.0}`.
    limits: Option<BTreeMap<String, f64>>,
    #[default(serde_json::json!({"a":[1,null,true]}))] anything: serde_json::Value,
    #[default(Mode::Slow)] mode: Mode,
    nothing: Option<f64>,
    #[default(5)] maybe: Option<i64>,
    maybe_nothing: Option<String>,
    // `untyped` has no type annotation in Python.
    #[default(serde_json::json!(3))] untyped: serde_json::Value,
    // The default is that of the Python function: `LIMIT * 2`.
    computed: Option<i64>,
    // The default is that of the Python function: `float("inf")`.
    infinite: Option<f64>,
    // The default is that of the Python function: `"three"`.
    wrong: Option<i64>,
    // The default is that of the Python function: `2**70`.
    large: Option<i64>,
    // The default is that of the Python function: `{1: "a"}`.
    keyed: Option<serde_json::Value>,
    // The default is that of the Python function: `"\ud800"`.
    half: Option<String>,
    data: Option<Input<Dataset>>,
    #[default("k")] keyword: String,
);
