//! Argo Workflows: its objects, the languages in them, and the limits and versions of its controller.
//!
//! The main object is [`Workflow`], which [`yaml()`](yaml::yaml()) serializes. Each language is a syntax tree with one
//! parser and one printer, which share the table of precedences: [`Expression`](expression::Expression) for
//! expressions, [`Text`](text::Text) for strings with tags, [`Depends`](depends::Depends) for dependencies between
//! tasks, and [`Condition`](when::Condition) for a `when` that is not an expression. Parsed trees have spans, built
//! trees do not; printing and equality ignore them.
//!
//! [`kubernetes`] has the formats of names, labels, images and quantities. This crate does not depend on pipelines or
//! diagnostics.

pub mod depends;
pub mod expression;
pub mod kubernetes;
pub mod limits;
mod object;
pub mod tag;
pub mod text;
pub mod version;
pub mod when;
pub mod yaml;

pub use object::*;
