//! Calls of components become tasks that call a leaf.

use kfp_model::value::encode;
use kfp_model::{Call, Expression, Input, Task};
use serde_json::Value;

use super::ctx::Ctx;
use super::expression::Printer;
use super::region;
use super::scope::Scope;
use crate::argo::{Arguments, DagTask, Parameter};

/// The task that calls the component's template, with a value for every input.
pub(super) fn lower(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task, call: &Call) -> DagTask {
    let leaf = ctx.leaf(&task.id);
    let printer = Printer { ctx, scope };
    let parameter = |(name, input): (&String, &Input)| {
        let value = match call.arguments.get(name) {
            Some(Expression::Constant(Value::String(secret))) if input.r#type == kfp_model::Type::Secret => {
                secret.clone()
            }
            Some(argument) => printer.argument(argument),
            None => encode(input.default.as_ref().unwrap_or(&Value::Null)),
        };
        Parameter::with_value(name, value)
    };
    DagTask {
        name: ctx.task_name(&task.id),
        template: leaf.entry.clone(),
        depends: region::depends(ctx, task),
        when: None,
        arguments: Arguments { parameters: leaf.component.inputs.iter().map(parameter).collect() },
    }
}
