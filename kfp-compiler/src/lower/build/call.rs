//! Lowers calls of components to tasks that call a step.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{self as model, Call, Callee, Input, Task, Type};
use serde_json::Value;

use crate::lower::build::ctx::Ctx;
use crate::lower::build::depends;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::scope::Scope;
use crate::lower::plan::{self, Argument};

/// Returns the task that calls the component's template, with a value for every input.
pub(in crate::lower) fn lower(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task, call: &Call) -> plan::Task {
    let step = ctx.step(&task.id);
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let component = match &call.callee {
        Callee::Component(id) => ctx.checked.component(id),
        Callee::Pipeline(_) => step.component,
    };
    let parameter = |(name, input): (&String, &Input)| {
        let value = match call.arguments.get(name) {
            Some(value) => argument(&printer, input, value),
            None => default(input),
        };
        Argument::new(name, value)
    };
    let arguments = component.inputs.iter().map(parameter).collect();
    task_that_calls(ctx, scope, task, step.name.clone(), arguments)
}

/// Returns the value of an input that the call does not set.
pub(in crate::lower) fn default(input: &Input) -> Text {
    encode(input.default.as_ref().unwrap_or(&Value::Null)).into()
}

/// Returns the value that is passed to an input. The name of a secret is not JSON, because it becomes part of a pod
/// definition.
pub(in crate::lower) fn argument(
    printer: &Printer<'_, '_, '_>,
    input: &Input,
    value: &model::Expression,
) -> Text {
    match value {
        model::Expression::Constant(Value::String(secret)) if *input.r#type.present() == Type::Secret => {
            secret.into()
        }
        value => printer.argument(value),
    }
}

/// Returns the task that calls a template and passes all captured values of `inner`.
pub(in crate::lower) fn of_template(
    ctx: &Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    template: &str,
    inner: &Scope,
) -> plan::Task {
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let parameter = |(captured, name): (_, &str)| Argument::new(name, printer.reading(captured).text());
    task_that_calls(ctx, scope, task, template.to_owned(), inner.inputs().map(parameter).collect())
}

/// Returns the DAG task for a task of the pipeline, which calls a template.
pub(in crate::lower) fn task_that_calls(
    ctx: &Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    calls: String,
    arguments: Vec<Argument>,
) -> plan::Task {
    plan::Task {
        name: ctx.task_name(&task.id),
        calls,
        depends: depends::depends(ctx, scope, task),
        when: Expression::all(depends::conditions(ctx, task)),
        arguments,
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    }
}
