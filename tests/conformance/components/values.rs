//! Steps that return their input, one for each type.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;

/// A struct of several types.
#[derive(Param, Debug, Clone, PartialEq)]
pub(crate) struct Trial {
    /// A float.
    pub rate: f64,
    /// An integer.
    pub size: i64,
    /// A string.
    pub name: String,
    /// A value that may be left out.
    pub note: Option<String>,
}

/// A struct in a struct, with lists and maps.
#[derive(Param, Debug, Clone, PartialEq)]
pub(crate) struct Study {
    /// The trials.
    pub trials: Vec<Trial>,
    /// The best one.
    pub best: Trial,
    /// Numbers by name.
    pub scores: BTreeMap<String, Vec<f64>>,
}

/// An enum.
#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The fast mode.
    #[kfp(rename = "fast")]
    Fast,
    /// The careful mode.
    Careful,
}

/// Defines steps that return their input.
macro_rules! echoes {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {$(
        $(#[$doc])*
        #[component]
        pub(crate) fn $name(value: $type) -> $type {
            value
        }
    )*};
}

echoes! {
    /// Return a string.
    echo_text: String;
    /// Return an integer.
    echo_integer: i64;
    /// Return a float.
    echo_float: f64;
    /// Return a boolean.
    echo_boolean: bool;
    /// Return any JSON value.
    echo_any: serde_json::Value;
    /// Return a list of integers.
    echo_integers: Vec<i64>;
    /// Return a list of strings.
    echo_texts: Vec<String>;
    /// Return a list of lists.
    echo_table: Vec<Vec<f64>>;
    /// Return a map.
    echo_map: BTreeMap<String, i64>;
    /// Return a struct.
    echo_trial: Trial;
    /// Return a struct of structs.
    echo_study: Study;
    /// Return an enum.
    echo_mode: Mode;
    /// Return an integer or nothing.
    echo_optional: Option<i64>;
    /// Return a string or nothing.
    echo_optional_text: Option<String>;
    /// Return a struct or nothing.
    echo_optional_trial: Option<Trial>;
}

/// Count the characters of a string, to check that it arrived unchanged.
#[component]
pub(crate) fn count_characters(value: String) -> i64 {
    i64::try_from(value.chars().count()).unwrap_or(i64::MAX)
}

/// The inputs of a step with defaults.
#[derive(Outputs)]
pub(crate) struct Received {
    /// A number.
    pub number: i64,
    /// A string.
    pub text: String,
    /// A list.
    pub list: Vec<i64>,
    /// An option with a default.
    pub optional: Option<i64>,
}

/// Return the inputs, which have defaults.
#[component]
pub(crate) fn defaulted(
    #[default(3)] number: i64,
    #[default("usual")] text: String,
    #[default(vec![1, 2])] list: Vec<i64>,
    #[default(9)] optional: Option<i64>,
) -> Received {
    Received { number, text, list, optional }
}

/// Values that may be absent.
#[derive(Outputs)]
pub(crate) struct Absent {
    /// The value of a branch.
    pub branch: Option<i64>,
    /// The output of a pipeline.
    pub called: Option<i64>,
    /// The output of a step after a branch.
    pub late: Option<String>,
    /// The output of a step that returns nothing.
    pub none: Option<i64>,
}

/// Return nothing.
#[component]
pub(crate) fn return_nothing() -> Absent {
    Absent { branch: None, called: None, late: None, none: None }
}
