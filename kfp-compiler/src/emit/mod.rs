//! Writing: Argo's YAML, and pictures of pipelines.
//!
//! The main functions are [`yaml`](yaml::yaml) and [`mermaid`](mermaid::mermaid). Both give the same bytes for
//! the same pipeline, on every machine.

pub mod mermaid;
pub mod yaml;
