//! A manifest as what it means: templates, tasks, arguments and outputs, each with the place where it is written.
//!
//! The main type is [`Project`]: all manifests of all files, which call templates of each other. The view is
//! lenient. What is not there or is of the wrong type is absent, as the form of manifests is checked elsewhere.

mod call;
mod index;
mod input_output;
mod manifest;
mod project;
mod spot;
mod task;
mod template;

pub(crate) use call::{Call, Hook};
pub(crate) use input_output::{Artifact, Parameter, Values};
pub(crate) use manifest::Manifest;
pub(crate) use project::{Project, Published, Target};
pub(crate) use spot::Spot;
pub(crate) use task::Task;
pub(crate) use template::{Kind as TemplateKind, Template};
