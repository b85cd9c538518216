//! Calls of components become tasks that call a leaf.

use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{Call, Callee, Expression, Input, Task, Type};
use serde_json::Value;

use super::branch::when;
use super::ctx::Ctx;
use super::depends;
use super::expression::{Printer, Reader};
use super::plan::{self, Argument};
use super::scope::Scope;

/// The task that calls the component's template, with a value for every input.
pub(super) fn lower(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task, call: &Call) -> plan::Task {
    let leaf = ctx.leaf(&task.id);
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let component = match &call.callee {
        Callee::Component(id) => ctx.checked.component(id),
        Callee::Pipeline(_) => leaf.component,
    };
    let parameter = |(name, input): (&String, &Input)| {
        let value = match call.arguments.get(name) {
            Some(given) => argument(&printer, input, given),
            None => encode(input.default.as_ref().unwrap_or(&Value::Null)).into(),
        };
        Argument::new(name, value)
    };
    let given = component.inputs.iter().map(parameter);
    plan::Task {
        name: ctx.task_name(&task.id),
        calls: leaf.entry.clone(),
        depends: depends::depends(ctx, task),
        when: when(depends::conditions(ctx, task)),
        arguments: given.chain(leaf.telling(component, ctx.options)).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    }
}

/// What is given to an input. The name of a secret is no JSON text, as it goes into the definition of a pod.
pub(super) fn argument(printer: &Printer<'_, '_, '_>, input: &Input, given: &Expression) -> Text {
    match given {
        Expression::Constant(Value::String(secret)) if *input.r#type.present() == Type::Secret => {
            secret.into()
        }
        given => printer.argument(given),
    }
}
