//! Reads pipeline documents, and reports why a string is not a valid document.
//!
//! The main type is [`Source`]. Valid JSON is deserialized directly; YAML and invalid JSON are first parsed into a tree
//! with positions. Only the structure is checked here; [`check`](crate::check) checks the pipelines.

mod duration;
mod parameters;
mod source;

pub use parameters::{ParametersError, parameters};
pub use source::{Source, read};
