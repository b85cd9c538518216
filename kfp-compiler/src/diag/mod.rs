//! Diagnostics: what is wrong, as values.
//!
//! The main type is [`Diagnostic`]. It is made by the stages, which know nodes of the document only; where
//! these nodes are written down is looked up when a diagnostic is rendered.

pub mod codes;
mod diagnostic;

pub use codes::Code;
pub use diagnostic::{Diagnostic, Label, Severity};
