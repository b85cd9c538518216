//! Diagnostics: what is wrong, as values.
//!
//! The main type is [`Diagnostic`]. It is made by the stages, which know nodes of the document only; where
//! these nodes are written down is looked up when diagnostics are [rendered](render()). Nothing is printed
//! here.

pub mod codes;
mod diagnostic;
mod format;
mod position;
mod render;
pub mod spelling;
mod world;

pub use codes::{Code, explain};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use format::{Format, render};
pub use world::{NoSources, Spans, Surroundings, World, Written};
