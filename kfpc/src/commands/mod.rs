//! The commands, one file or folder each.

mod bind;
mod cache;
mod check;
mod compile;
mod completions;
mod describe;
mod diff;
mod explain;
mod graph;
mod local;
mod new;
mod open;
mod plan;
mod run;
mod runs;
mod schema;

pub(crate) use bind::bind;
pub(crate) use cache::cache;
pub(crate) use check::check;
pub(crate) use compile::compile;
pub(crate) use completions::completions;
pub(crate) use describe::describe;
pub(crate) use diff::diff_sources as diff;
pub(crate) use explain::explain;
pub(crate) use graph::graph;
pub(crate) use new::new;
pub(crate) use plan::plan;
pub(crate) use run::run;
pub(crate) use runs::runs;
pub(crate) use schema::schema;
