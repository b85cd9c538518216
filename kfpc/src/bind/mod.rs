//! Translates the signature of a Python function to that of a Rust component.
//!
//! The main function is [`bind`]. Python's own parser ([`crate::python`]) reads the source, which is not executed.

mod constants;
mod find;
mod names;
mod parameters;
mod refusal;
mod returns;
mod signature;
mod types;

pub(crate) use find::bind;
