//! Diagnostics: what is wrong, as values.
//!
//! The main type is [`Diagnostic`]. It is made by the stages, which know nodes of the document only; where
//! these nodes are written down is looked up when diagnostics are [rendered](render()). Nothing is printed
//! here.

pub mod codes;
mod diagnostic;
mod format;
mod levels;
mod position;
mod render;
mod replacement;
mod shorten;
pub mod spelling;
mod world;

pub use codes::{Code, explain};
pub use diagnostic::{Diagnostic, Edit, Label, Severity};
pub use format::{Findings, Format, render, render_all};
pub use levels::Levels;
pub use world::{NoSources, Spans, Surroundings, World, Written};
