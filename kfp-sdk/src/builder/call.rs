//! Calls of components and pipelines that have not been added to a pipeline yet.

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

/// The state of a required argument that has been given.
#[derive(Debug)]
pub enum Given {}

/// A call with all its arguments, and what makes the handles of its outputs once it is a task.
pub(super) type Finished<O> = (Box<CallData>, fn(TaskRef) -> O);

/// What `p.add(..)` takes: a component or pipeline with all its required arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to a pipeline",
    label = "expected a call of a component or pipeline, as `TrainModel::new()`"
)]
pub trait Call {
    /// The outputs of the task.
    type Outputs: Copy;

    /// Ends the list of arguments.
    fn finish(self) -> Finished<Self::Outputs>;
}

/// What is called, and with which arguments.
pub struct CallData {
    callee: Callee,
    arguments: Vec<Argument>,
}

/// What is called.
#[derive(Clone, Copy)]
enum Callee {
    Component(&'static ComponentDefinition),
    Pipeline(&'static PipelineDefinition),
}

impl CallData {
    /// A call of a component.
    pub fn component(definition: &'static ComponentDefinition) -> Box<Self> {
        Box::new(Self { callee: Callee::Component(definition), arguments: Vec::new() })
    }

    /// A call of a pipeline.
    pub fn pipeline(definition: &'static PipelineDefinition) -> Box<Self> {
        Box::new(Self { callee: Callee::Pipeline(definition), arguments: Vec::new() })
    }

    /// Gives an argument.
    #[must_use]
    #[track_caller]
    pub fn argument(mut self: Box<Self>, name: &'static str, value: Expr) -> Box<Self> {
        self.arguments.push(Argument { name, value, location: Location::caller() });
        self
    }

    /// The arguments, all of which have to be constants: there is nothing else outside of a pipeline.
    pub(super) fn constants(&self) -> Result<BTreeMap<String, Json>, String> {
        let constant = |argument: &Argument| match &argument.value {
            Expr(Node::Constant(json)) => Ok((argument.name.to_owned(), json.clone())),
            Expr(Node::Unwritable(reason)) => Err(format!("the argument `{}`: {reason}", argument.name)),
            Expr(_) => Err(format!("the argument `{}` is no constant", argument.name)),
        };
        self.arguments.iter().map(constant).collect()
    }

    /// The notes of the task. Pipelines that are called are built.
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
    /// Adds a task.
    #[track_caller]
    pub fn add<O: Copy>(&self, call: impl Call<Outputs = O>) -> Task<O> {
        let location = Location::caller();
        let (call, outputs) = call.finish();
        let task = self.add_draft(call.into_draft(), location);
        Task::new(task, outputs(task))
    }

    /// A constant as a handle, for lists and branches that mix constants and handles.
    #[track_caller]
    pub fn constant<T: Value>(&self, value: impl IntoInput<T>) -> Out<T> {
        let Expr(node) = value.into_input();
        Out::of(node)
    }
}
