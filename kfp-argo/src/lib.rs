//! Argo Workflows, apart from pipelines: its objects, the languages in them, and the limits and versions of its
//! controller.
//!
//! The main object is [`Workflow`], which [`yaml()`](yaml::yaml()) writes. Each language is a syntax tree with one parser
//! and one printer, which agree on precedence: [`Expression`](expression::Expression) for what is computed,
//! [`Text`](text::Text) for strings with tags, [`Depends`](depends::Depends) for what a task waits for, and
//! [`Condition`](when::Condition) for a `when` that is not an expression. Trees that were read have places, trees that were
//! built have none, and neither printing nor equality looks at them.
//! [`kubernetes`] has the forms of names, labels, images and quantities. This crate knows nothing of pipelines and
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
