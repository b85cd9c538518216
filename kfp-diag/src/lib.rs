//! Diagnostics as values, the source texts that they point into, and reports of both.
//!
//! - [`Diagnostic`] is what a check reports: a [`Code`], a message, places and help. [`codes`] is the table of codes.
//! - [`source`] reads JSON and YAML into trees that know their positions.
//! - [`render()`] writes reports for terminals, editors, CI services and programs; [`Levels`] decides which warnings
//!   are shown, and [`printable`] which characters.
//! - [`spelling`] and [`graph`] are what several checks need: the nearest name, and the shortest cycle.
//!
//! This crate does not know pipelines or Argo, apart from the texts in the table of codes. It prints nothing and reads
//! no files.

pub mod codes;
mod diagnostic;
pub mod graph;
mod levels;
pub mod printable;
mod report;
mod shorten;
pub mod source;
pub mod spelling;
mod surroundings;

pub use codes::{Code, explain};
pub use diagnostic::{Diagnostic, Edit, Label, Severity};
pub use levels::Levels;
pub use report::{Findings, Format, render, render_all};
pub use surroundings::{NoSources, Spans, Surroundings, World, Written};
