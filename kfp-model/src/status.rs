//! The final status that an exit task receives.

use indexmap::IndexMap;

use crate::{EnumType, FailureClass, StructField, StructType, Type};

/// The final states of the body of an exit handler.
pub const STATES: [&str; 5] = ["Succeeded", "Failed", "Error", "Skipped", "Omitted"];

/// The maximum number of failures in a list. If there are more, an additional entry has the task [`UNLISTED`].
pub const LISTED_FAILURES: usize = 100;

/// The `task` of the entry that counts the failures that are not listed.
pub const UNLISTED: &str = "...";

/// The maximum number of characters of all messages of a list together.
pub const MESSAGE_CHARACTERS: usize = 32 * 1024;

/// Returns the maximum number of characters of a message in a list with that many failures. Longer messages are
/// truncated and followed by `...`.
///
/// ```
/// use kfp_model::status::message_characters;
/// assert_eq!((message_characters(1), message_characters(60), message_characters(100)), (2048, 546, 327));
/// ```
pub fn message_characters(failures: usize) -> usize {
    MESSAGE_CHARACTERS / failures.max(FULL_MESSAGES)
}

/// The maximum number of failures that does not reduce the maximum length of a message.
pub const FULL_MESSAGES: usize = 16;

/// The maximum number of characters of the path of a task. A longer path is truncated to `...` and its end.
pub const PATH_CHARACTERS: usize = 256;

/// Returns the type of [`Reference::Status`](crate::Reference::Status): a struct of `state` and `failures`.
pub fn final_status_type() -> Type {
    structure("FinalStatus", [("state", state_type()), ("failures", failure_type().list())])
}

/// Returns the type of `state`: one of [`STATES`].
pub fn state_type() -> Type {
    Type::Enum(EnumType { name: "State".to_owned(), variants: STATES.map(str::to_owned).to_vec() })
}

/// Returns the type of a failure: the path of the task, its message, and exit code and class if the step exited on its
/// own.
pub fn failure_type() -> Type {
    structure(
        "Failure",
        [
            ("task", Type::String),
            ("message", Type::String),
            ("exit_code", Type::Integer.option()),
            ("class", failure_class_type().option()),
        ],
    )
}

/// Returns the type of a failure's `class`: one of [`FailureClass::OF_STEPS`].
pub fn failure_class_type() -> Type {
    let variants = FailureClass::OF_STEPS.map(|class| class.as_str().to_owned()).to_vec();
    Type::Enum(EnumType { name: "FailureClass".to_owned(), variants })
}

fn structure<const N: usize>(name: &str, fields: [(&str, Type); N]) -> Type {
    let fields: IndexMap<String, StructField> = fields
        .into_iter()
        .map(|(name, r#type)| (name.to_owned(), StructField { r#type, description: String::new() }))
        .collect();
    Type::Struct(StructType { name: name.to_owned(), fields })
}
