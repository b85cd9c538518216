//! Calls of components and pipelines, before they are added to a pipeline.

use std::collections::BTreeMap;
use std::panic::Location;

use serde_json::Value as Json;

use super::definition::{ComponentDefinition, PipelineDefinition};
use super::draft::{Argument, CallDraft, KindDraft, TaskDraft};
use super::pipeline::Pipeline;
use super::session;
use super::task::Task;
use crate::handle::{Expr, IntoInput, Out};
use crate::notes::{Node, TaskRef};
use crate::value::Value;

/// The state of a required argument that is set.
#[derive(Debug)]
pub enum Provided {}

/// A complete call, and the function that returns the handles of its outputs for a task.
pub(super) type Finished<O> = (Box<CallData>, fn(TaskRef) -> O);

/// A call of a component or pipeline with all its required arguments, for [`Pipeline::add`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to a pipeline",
    label = "expected a call of a component or pipeline, such as `TrainModel::new()`"
)]
pub trait Call {
    /// The outputs of the task.
    type Outputs: Copy;

    /// Returns the complete call.
    fn finish(self) -> Finished<Self::Outputs>;
}

/// The callee and arguments of a call.
pub struct CallData {
    callee: Callee,
    arguments: Vec<Argument>,
}

/// The component or pipeline that is called.
#[derive(Clone, Copy)]
enum Callee {
    Component(&'static ComponentDefinition),
    Pipeline(&'static PipelineDefinition),
}

impl CallData {
    /// Returns a call of a component, without arguments.
    pub fn component(definition: &'static ComponentDefinition) -> Box<Self> {
        Box::new(Self { callee: Callee::Component(definition), arguments: Vec::new() })
    }

    /// Returns a call of a pipeline, without arguments.
    pub fn pipeline(definition: &'static PipelineDefinition) -> Box<Self> {
        Box::new(Self { callee: Callee::Pipeline(definition), arguments: Vec::new() })
    }

    /// Adds an argument.
    #[must_use]
    #[track_caller]
    pub fn argument(mut self: Box<Self>, name: &'static str, value: Expr) -> Box<Self> {
        self.arguments.push(Argument { name, value, location: Location::caller() });
        self
    }

    /// Returns the arguments of a call outside a pipeline, where all of them must be constants.
    pub(super) fn constants(&self) -> Result<BTreeMap<String, Json>, String> {
        let constant = |argument: &Argument| match &argument.value {
            Expr(Node::Constant(json)) => Ok((argument.name.to_owned(), json.clone())),
            Expr(Node::Unwritable(reason)) => Err(format!("invalid argument `{}`: {reason}", argument.name)),
            Expr(_) => Err(format!("argument `{}` is not a constant", argument.name)),
        };
        self.arguments.iter().map(constant).collect()
    }

    /// Returns the draft of a task for the call. Builds the pipeline if one is called.
    fn into_draft(self) -> TaskDraft {
        let (name, callee) = match self.callee {
            Callee::Component(definition) => {
                (definition.name, kfp_model::Callee::Component(session::ensure_component(definition)))
            }
            Callee::Pipeline(definition) => {
                session::ensure_pipeline(definition);
                (definition.name, kfp_model::Callee::Pipeline(definition.name.to_owned()))
            }
        };
        let arguments = self.arguments;
        let call = CallDraft { callee, arguments, max_depth: None, continue_on_failure: false };
        TaskDraft::new(name, KindDraft::Call(call))
    }
}

impl Pipeline {
    /// Adds a task that calls a component or pipeline.
    #[track_caller]
    pub fn add<O: Copy>(&self, call: impl Call<Outputs = O>) -> Task<O> {
        let location = Location::caller();
        let (call, outputs) = call.finish();
        let task = self.add_draft(call.into_draft(), location);
        Task::new(task, outputs(task))
    }

    /// Returns a constant as a handle, for lists and branches that mix constants and handles.
    #[track_caller]
    pub fn constant<T: Value>(&self, value: impl IntoInput<T>) -> Out<T> {
        let Expr(node) = value.into_input();
        Out::of(node)
    }
}
