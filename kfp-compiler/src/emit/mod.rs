//! Draws pictures of pipelines.
//!
//! The main functions are [`mermaid`](mermaid::mermaid), [`dot`](dot::dot) and [`svg`](svg::svg). Their output for a
//! pipeline is the same on every machine.

pub mod dot;
pub mod mermaid;
mod picture;
pub mod svg;

pub(crate) use picture::describe;
