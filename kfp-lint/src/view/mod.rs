//! A semantic view of manifests: templates, tasks, arguments and outputs, each with its place.
//!
//! The main type is [`Project`]: all manifests of all files, which can call each other's templates. The view is
//! lenient: missing values and values of the wrong type are absent, because the structure is checked elsewhere.

mod call;
mod callers;
mod index;
mod input_output;
mod manifest;
mod node;
mod project;
mod task;
mod template;

pub(crate) use call::{Call, Hook};
pub(crate) use callers::{Caller, Callers};
pub(crate) use input_output::{Artifact, Parameter, Values};
pub(crate) use manifest::Manifest;
pub(crate) use node::YamlNode;
pub(crate) use project::{Project, Published, Target};
pub(crate) use task::Task;
pub(crate) use template::{Kind as TemplateKind, Template};
