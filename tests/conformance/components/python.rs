//! Python steps, with their source next to this file.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;

/// Return a string.
#[component(python = "conformance/components/steps.py", function = "echo")]
pub(crate) fn python_text(value: String) -> String;

/// Return an integer.
#[component(python = "conformance/components/steps.py", function = "echo")]
pub(crate) fn python_integer(value: i64) -> i64;

/// Return a float.
#[component(python = "conformance/components/steps.py", function = "echo")]
pub(crate) fn python_float(value: f64) -> f64;

/// Return any JSON value.
#[component(python = "conformance/components/steps.py", function = "echo")]
pub(crate) fn python_any(value: serde_json::Value) -> serde_json::Value;

/// Return the Python type names of values.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn type_names(
    text: String,
    integer: i64,
    float: f64,
    boolean: bool,
    list: Vec<i64>,
    map: BTreeMap<String, i64>,
    #[default(7)] defaulted: i64,
    optional: Option<String>,
) -> Vec<String>;

/// The outputs that Python returns as a named tuple.
#[derive(Outputs)]
pub(crate) struct Divided {
    /// The quotient.
    pub quotient: i64,
    /// The remainder.
    pub remainder: i64,
}

/// Divide a number by another.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn divide(dividend: i64, divisor: i64) -> Divided;

/// Write the uppercase of a file.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_shout(quiet: Input<Dataset>, loud: Output<Dataset>) -> i64;

/// Raise an error of a failure class.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_fail(class_name: String, message: String) -> i64;

/// Fail until this attempt, counted from 1, and return its number.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_succeeds_at(attempt: i64) -> i64;

/// Read files in order.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_read_all(files: Vec<Input<Dataset>>) -> Vec<String>;

/// Write a file, unless the text equals `unless`.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_write_unless(text: String, unless: String, file: Option<Output<Dataset>>);

/// The outputs of the notebook.
#[derive(Outputs)]
pub(crate) struct Measured {
    /// The number of lines that are longer than the limit.
    pub count: i64,
    /// The inputs of the notebook.
    pub told: serde_json::Value,
}

/// Keep the lines of a table that are longer than a limit.
#[component(notebook = "conformance/components/measure.ipynb")]
pub(crate) fn measure(
    table: Input<Dataset>,
    limit: i64,
    rate: f64,
    #[default("usual")] label: String,
    sizes: Vec<i64>,
    note: Option<String>,
    token: Secret,
    kept: Output<Dataset>,
) -> Measured;

/// Double a number, and list the sockets of kernels in the current folder.
#[component(notebook = "conformance/components/double.ipynb")]
pub(crate) fn double_in_notebook(value: i64) -> serde_json::Value;

/// The outputs of a step that imports modules.
#[derive(Outputs)]
pub(crate) struct Area {
    /// The area in square metres.
    pub area: f64,
    /// A string in one of the modules.
    pub label: String,
}

/// Compute an area with modules from the folder of the source.
#[component(python = "conformance/components/shipped/area.py", modules = ["labels.py", "units/", "plain/"])]
pub(crate) fn python_area(width: f64, height: f64, unit: String, report: Output<Dataset>) -> Area;

/// Convert a length with a module from the folder of the notebook.
#[component(notebook = "conformance/components/shipped/convert.ipynb", modules = ["units/"])]
pub(crate) fn convert_in_notebook(length: f64, unit: String) -> f64;
