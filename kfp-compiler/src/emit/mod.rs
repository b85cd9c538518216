//! Draws pictures of pipelines.
//!
//! The main functions are [`mermaid`](mermaid::mermaid), [`dot`](dot::dot) and [`svg`](svg::svg). Their output for a
//! pipeline is the same on every machine. Names, conditions and lists are shortened to 80 characters. Each has a variant that also shows what happened in a run, as [`Marks`].

pub mod dot;
mod marks;
pub mod mermaid;
mod picture;
pub mod svg;

pub use marks::{Mark, Marks, Outcome};

pub(crate) use picture::describe;
