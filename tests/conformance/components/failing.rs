//! Steps that fail in every way there is.

use kfp_sdk::prelude::*;

/// Fail with a class.
#[component]
pub(crate) fn fail(
    #[default("unknown")] class: String,
    #[default("it was to fail")] message: String,
) -> Result<i64> {
    Err(error(&class, message))
}

/// Give back a number, unless it is the bad one.
#[component]
pub(crate) fn fail_if(
    value: i64,
    bad: i64,
    #[default("data")] class: String,
    #[default("the number is bad")] message: String,
) -> Result<i64> {
    if value == bad { Err(error(&class, message)) } else { Ok(value) }
}

/// Panic.
#[component]
pub(crate) fn panics() -> i64 {
    panic!("it was to panic")
}

/// End with an exit code, without a word.
#[component]
#[expect(clippy::exit, reason = "a step may end like that")]
pub(crate) fn exits(code: i64) -> i64 {
    std::process::exit(i32::try_from(code).unwrap_or(1))
}

fn error(class: &str, message: String) -> Error {
    match class {
        "data" => Error::data(message),
        "permanent" => Error::permanent(message),
        "transient" => Error::transient(message),
        _ => Error::unknown(message),
    }
}
