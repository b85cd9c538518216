//! Diagnostics, the source files they refer to, and reports.
//!
//! - [`Diagnostic`] is what a check reports: a [`Code`], a message, places and help. [`codes`] lists all codes.
//! - [`source`] parses JSON and YAML into trees with source positions.
//! - [`render()`] writes reports for terminals, editors, CI services and programs. [`Levels`] selects the warnings to
//!   show, and [`printable`] escapes characters that are not safe to print.
//! - [`spelling`] and [`graph`] are shared by several checks: they find similar names and shortest cycles.
//!
//! Apart from the explanations of codes, this crate knows nothing about pipelines or Argo. It does not print or read
//! files.

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
