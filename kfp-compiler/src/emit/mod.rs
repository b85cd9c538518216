//! Writing pictures of pipelines.
//!
//! The main functions are [`mermaid`](mermaid::mermaid), [`dot`](dot::dot) and [`svg`](svg::svg). All give the same bytes for the same pipeline, on every machine.

pub mod dot;
pub mod mermaid;
mod picture;
pub mod svg;

pub(crate) use picture::words;
