//! Approvals become templates that wait, with a DAG around each that checks what somebody has given.

use kfp_argo::expression::Expression;
use kfp_model::{Approval, Output, Task, Type};

use super::branch::when;
use super::check;
use super::ctx::Ctx;
use super::depends;
use super::entry;
use super::region::{self, Lowered};
use super::scope::Scope;
use super::terms;
use kfp_argo::{DagTask, Inputs, Parameter, Suspend, Template, ValueFrom};

/// The one task of the DAG around.
const WAIT: &str = "wait";

/// The task that waits for an approval, with its templates.
pub(super) fn lower(ctx: &mut Ctx<'_, '_>, scope: &Scope, task: &Task, approval: &Approval) -> Lowered {
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let waiting = ctx.template_name(&format!("{template}-{WAIT}"));
    let mut call = region::call(ctx, scope, task, &template, &Scope::default());
    let conditions = depends::conditions(ctx, task);
    call.when = when(conditions);

    let wait = DagTask { name: WAIT.to_owned(), template: waiting.clone(), ..DagTask::default() };
    let refuse = |(name, output): (&String, &Output)| Parameter::with_value(name, checked(name, output));
    let give = |(name, output): (&String, &Output)| {
        Parameter::from_source(name, ValueFrom::expression(checked(name, output)))
    };
    let mut tasks = vec![wait];
    if !approval.outputs.is_empty() {
        tasks.push(check::task(ctx.nothing(), Some(WAIT), approval.outputs.iter().map(refuse).collect()));
    }
    let mut wrapper = region::dag(template, Inputs::default(), tasks);
    wrapper.outputs.parameters = approval.outputs.iter().map(give).collect();
    ctx.make_global(&task.id, &mut wrapper);
    let mut inputs: Vec<Parameter> = approval.outputs.iter().map(choice).collect();
    if !approval.outputs.contains_key("message") {
        inputs.insert(0, Parameter::with_value("message", &approval.message));
    }
    let supplied = |name: &String| Parameter::from_source(name, ValueFrom::supplied());
    let mut suspend = Template { name: waiting, suspend: Some(Suspend::default()), ..Template::default() };
    suspend.inputs.parameters = inputs;
    suspend.outputs.parameters = approval.outputs.keys().map(supplied).collect();
    Lowered { tasks: vec![call], templates: vec![wrapper, suspend] }
}

/// Argo's user interface asks for a value where an input has the name of an output.
fn choice((name, output): (&String, &Output)) -> Parameter {
    let variants = match output.r#type.present() {
        Type::Enum(choice) => choice.variants.clone(),
        Type::Boolean => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    };
    let first = variants.first().cloned().unwrap_or_default();
    Parameter {
        description: (!output.description.is_empty()).then(|| output.description.clone()),
        r#enum: variants,
        ..Parameter::with_value(name, first)
    }
}

/// The expression that checks what a user typed against the type, and returns it as a JSON text.
fn checked(name: &str, output: &Output) -> Expression {
    entry::Typed::of("value", name, &output.r#type).checked(&terms::output(WAIT, name))
}
