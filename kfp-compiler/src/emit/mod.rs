//! Writing: Argo's YAML, and pictures of pipelines.
//!
//! The main functions are [`yaml`](yaml::yaml), [`mermaid`](mermaid::mermaid), [`dot`](dot::dot) and
//! [`svg`](svg::svg). All give the same bytes for the same pipeline, on every machine.

pub mod dot;
pub mod mermaid;
mod picture;
mod styled;
pub mod svg;
pub mod yaml;

pub(crate) use picture::words;
