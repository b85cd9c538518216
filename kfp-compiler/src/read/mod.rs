//! Reading: from a text to a pipeline document, or to an exact report of why it is not one.
//!
//! The main type is [`Source`]. JSON, which the SDK writes, is read straight away; YAML, and JSON that
//! something is wrong with, is read into a tree of nodes with their positions first. Nothing is checked here
//! but the form: what a pipeline means is the matter of [`check`](crate::check).

mod duration;
mod parameters;
mod source;

pub use parameters::{ParametersError, parameters};
pub use source::{Source, read};
