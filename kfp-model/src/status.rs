//! The final status that an exit task receives: how the tasks in its guard ended.

use indexmap::IndexMap;

use crate::{EnumType, StructField, StructType, Type};

/// The states that a group of tasks can end in.
pub const STATES: [&str; 5] = ["Succeeded", "Failed", "Error", "Skipped", "Omitted"];

/// The classes of failures that a step can report.
pub const FAILURE_CLASSES: [&str; 4] = ["data", "permanent", "transient", "unknown"];

/// The largest number of failures that a list of failures names. Where there are more, one entry follows whose
/// task is [`UNLISTED`].
pub const LISTED_FAILURES: usize = 100;

/// The `task` of the entry that counts the failures a list does not name.
pub const UNLISTED: &str = "...";

/// The largest number of characters that the messages of a list have together.
pub const MESSAGE_CHARACTERS: usize = 32 * 1024;

/// The largest number of characters of one message. A list of that many failures shortens each message to it,
/// followed by `...`.
///
/// ```
/// use kfp_model::status::message_characters;
/// assert_eq!((message_characters(1), message_characters(60), message_characters(100)), (2048, 546, 327));
/// ```
pub fn message_characters(failures: usize) -> usize {
    MESSAGE_CHARACTERS / failures.max(FULL_MESSAGES)
}

/// The largest number of failures whose messages are not shortened by each other.
pub const FULL_MESSAGES: usize = 16;

/// The largest number of characters of the path of a task; of a longer one, its end follows `...`.
pub const PATH_CHARACTERS: usize = 256;

/// The type of [`Reference::Status`](crate::Reference::Status): a struct of `state` and `failures`.
pub fn final_status_type() -> Type {
    structure("FinalStatus", [("state", state_type()), ("failures", failure_type().list())])
}

/// The type of `state`: one of [`STATES`].
pub fn state_type() -> Type {
    Type::Enum(EnumType { name: "State".to_owned(), variants: STATES.map(str::to_owned).to_vec() })
}

/// The type of one failure: the path of the task, its message, and where a step ended by itself, exit code and class.
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
