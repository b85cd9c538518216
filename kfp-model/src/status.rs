//! The final status that an exit task is told: how what it watches over ended.

use indexmap::IndexMap;

use crate::{EnumType, StructField, StructType, Type};

/// The states that a group of tasks can end in.
pub const STATES: [&str; 5] = ["Succeeded", "Failed", "Error", "Skipped", "Omitted"];

/// The classes of failures that a step can report.
pub const FAILURE_CLASSES: [&str; 4] = ["data", "permanent", "transient", "unknown"];

/// The key of what a controller tells of the failures of a run, in the place of the list: `{"kfp-failures": TEXT,
/// "templates": [NAME]}`. A step makes the list of it before its function sees any value.
pub const TOLD_FAILURES: &str = "kfp-failures";

/// The type of [`Reference::Status`](crate::Reference::Status): a struct of `state` and `failures`.
pub fn final_status_type() -> Type {
    structure("FinalStatus", [("state", state_type()), ("failures", failure_type().list())])
}

/// The type of `state`: one of [`STATES`].
pub fn state_type() -> Type {
    Type::Enum(EnumType { name: "State".to_owned(), variants: STATES.map(str::to_owned).to_vec() })
}

/// The type of one failure: the task, its message, and where it ended by itself, exit code and class.
pub fn failure_type() -> Type {
    structure(
        "Failure",
        [
            ("task", Type::Text),
            ("message", Type::Text),
            ("exit_code", Type::Integer.option()),
            ("class", failure_class_type().option()),
        ],
    )
}

/// The type of a failure's `class`: one of [`FAILURE_CLASSES`].
pub fn failure_class_type() -> Type {
    let variants = FAILURE_CLASSES.map(str::to_owned).to_vec();
    Type::Enum(EnumType { name: "FailureClass".to_owned(), variants })
}

fn structure<const N: usize>(name: &str, fields: [(&str, Type); N]) -> Type {
    let fields: IndexMap<String, StructField> = fields
        .into_iter()
        .map(|(name, r#type)| (name.to_owned(), StructField { r#type, description: String::new() }))
        .collect();
    Type::Struct(StructType { name: name.to_owned(), fields })
}
