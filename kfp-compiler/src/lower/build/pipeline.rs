//! Lowers called pipelines to DAG templates, one for each instance.
//!
//! A recursive pipeline counts its depth: the depths of all bounded calls of the cycle are passed as parameters.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::{self as model, Call, Input, Task};

use crate::lower::analyse::captured::Captured;
use crate::lower::build::call::{argument, default, task_that_calls};
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::scope::Scope;
use crate::lower::plan::terms::constant;
use crate::lower::plan::{self, Argument};

/// Returns the task that calls a pipeline.
pub(in crate::lower) fn call(
    ctx: &Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    call: &Call,
    name: &str,
) -> plan::Task {
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let callee = ctx.program().pipeline(name).pipeline();
    let mut parameters: Vec<Argument> = callee
        .inputs
        .iter()
        .map(|(name, input): (&String, &Input)| {
            let value = match call.arguments.get(name) {
                Some(value) => argument_or_default(&printer, input, value),
                None => default(input),
            };
            Argument::new(name, value)
        })
        .collect();
    let int = |text| Expression::call("int", [text]);
    let declared = Scope::with_inputs(ctx.pipeline_inputs(callee));
    let mut counter = None;
    let mut bound = None;
    for (captured, name) in declared.inputs() {
        let Captured::Depth(pipeline, counted) = captured else { continue };
        let depth = printer.source(captured).expression();
        let is_own = *pipeline == ctx.checked.pipeline().name && *counted == task.id;
        let value = match call.max_depth {
            _ if !ctx.program().are_in_cycle(&ctx.checked.pipeline().name, &callee.name) => "0".into(),
            Some(most) if is_own => {
                counter = Some(name.to_owned());
                bound = Some((int(depth.clone()), most));
                Expression::call("string", [int(depth).plus(1.into())]).into()
            }
            _ => printer.source(captured).tag(),
        };
        parameters.push(Argument::new(name, value));
    }
    let mut called = task_that_calls(ctx, scope, task, ctx.called_template(&task.id), parameters);
    if let Some((depth, most)) = bound {
        called.when = Some(within_bound(depth, most, called.when));
    }
    plan::Task { counter, ..called }
}

/// Returns the condition of a bounded call. Argo shows the evaluated condition as the reason why a node was skipped, so
/// the condition contains a message.
fn within_bound(depth: Expression, most: u32, condition: Option<Expression>) -> Expression {
    let reached = format!("\"max_depth of {most} reached\" == \"\"");
    let bound = depth.less(i64::from(most).into()).then_else("true".into(), reached.into());
    match condition {
        Some(condition) => condition.then_else(bound, "false".into()),
        None => bound,
    }
}

/// Returns the value of an argument. If an option is passed to a parameter with a default, `null` is replaced by the
/// default here, because the type of the parameter is not an option.
fn argument_or_default(printer: &Printer<'_, '_, '_>, input: &Input, value: &model::Expression) -> Text {
    match &input.default {
        Some(_) if *value == model::Expression::Constant(serde_json::Value::Null) => default(input),
        Some(default) if printer.ctx.checked.type_of(value).is_option() => {
            let json = printer.json(value);
            json.clone().equal("null".into()).then_else(constant(default), json).into()
        }
        _ => argument(printer, input, value),
    }
}
