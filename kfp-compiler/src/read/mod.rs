//! Reading: from a text to a document, or to an exact word about why it is none.
//!
//! The main type is [`Source`]. JSON, which the SDK writes, is read straight away; YAML, and JSON that
//! something is wrong with, is read into a tree of nodes with their positions first. Nothing is checked here
//! but the form: what a pipeline means is the matter of [`check`](crate::check). This stage and the writer of
//! YAML are the only ones that know the YAML library.

mod decode;
mod duration;
mod fault;
mod form;
mod json;
mod manifests;
mod parameters;
mod places;
mod source;
mod tree;
mod yaml;

pub use manifests::{Manifests, manifests};
pub use parameters::{ParametersError, parameters};
pub use source::{Rejected, Source, read};
pub use tree::{Entry, Node, Tree};
