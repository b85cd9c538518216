//! Steps that give back what they were given, one for each type.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;

/// A struct of several types.
#[derive(Param, Debug, Clone, PartialEq)]
pub(crate) struct Trial {
    /// A float.
    pub rate: f64,
    /// An integer.
    pub size: i64,
    /// A text.
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
    /// The quick way.
    #[kfp(rename = "fast")]
    Fast,
    /// The other way.
    Careful,
}

/// Steps that give back what they were given.
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
    /// Give back a text.
    echo_text: String;
    /// Give back an integer.
    echo_integer: i64;
    /// Give back a float.
    echo_float: f64;
    /// Give back a truth value.
    echo_boolean: bool;
    /// Give back any JSON value.
    echo_any: serde_json::Value;
    /// Give back a list of integers.
    echo_integers: Vec<i64>;
    /// Give back a list of texts.
    echo_texts: Vec<String>;
    /// Give back a list of lists.
    echo_table: Vec<Vec<f64>>;
    /// Give back a map.
    echo_map: BTreeMap<String, i64>;
    /// Give back a struct.
    echo_trial: Trial;
    /// Give back a struct of structs.
    echo_study: Study;
    /// Give back an enum.
    echo_mode: Mode;
    /// Give back an integer or nothing.
    echo_optional: Option<i64>;
    /// Give back a text or nothing.
    echo_optional_text: Option<String>;
    /// Give back a struct or nothing.
    echo_optional_trial: Option<Trial>;
}

/// Count the characters of a text: what arrived is not just what was handed on.
#[component]
pub(crate) fn count_characters(value: String) -> i64 {
    i64::try_from(value.chars().count()).unwrap_or(i64::MAX)
}

/// What a step with defaults was given.
#[derive(Outputs)]
pub(crate) struct Given {
    /// A number.
    pub number: i64,
    /// A text.
    pub text: String,
    /// A list.
    pub list: Vec<i64>,
    /// An option that has a default as well.
    pub optional: Option<i64>,
}

/// Give back what was given, or the defaults.
#[component]
pub(crate) fn defaulted(
    #[default(3)] number: i64,
    #[default("usual")] text: String,
    #[default(vec![1, 2])] list: Vec<i64>,
    #[default(9)] optional: Option<i64>,
) -> Given {
    Given { number, text, list, optional }
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
