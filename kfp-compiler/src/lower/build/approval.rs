//! Lowers approvals to suspend templates, each in a DAG that checks the entered values.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::{Approval, Output, Task, Type};
use serde_json::Value;

use crate::lower::build::call;
use crate::lower::build::check;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry;
use crate::lower::build::lowered::{Below, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument, Port};

/// The task of the DAG that waits.
const WAIT: &str = "wait";

/// Returns the task of an approval, with its templates.
pub(in crate::lower) fn lower(
    ctx: &mut Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    approval: &Approval,
) -> Lowered<'static> {
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let suspended = ctx.template_name(&format!("{template}-{WAIT}"));
    let call = call::of_template(ctx, scope, task, &template, &Scope::default());

    let wait = plan::Task { name: WAIT.to_owned(), calls: suspended.clone(), ..plan::Task::default() };
    let to_check = |(name, output): (&String, &Output)| Argument::new(name, checked(name, output));
    let to_output = |(name, output): (&String, &Output)| {
        plan::Output::new(name, plan::Source::from(checked(name, output)))
    };
    let mut tasks = vec![wait];
    if !approval.outputs.is_empty() {
        tasks.push(check::task(ctx.noop(), Some(WAIT), approval.outputs.iter().map(to_check).collect()));
    }
    let mut wrapper = plan::Template::graph(template, Vec::new(), tasks);
    wrapper.outputs = approval.outputs.iter().map(to_output).collect();
    ctx.make_global(&task.id, &mut wrapper);
    let mut inputs: Vec<Port> = approval.outputs.iter().map(choice).collect();
    if !approval.outputs.contains_key("message") {
        let message = terms::prose(&approval.message);
        inputs.insert(0, Port { default: Some(Text::literal(message)), ..Port::new("message") });
    }
    let supplied = |name: &String| plan::Output::new(name, plan::Source::Approver);
    let outputs = approval.outputs.keys().map(supplied).collect();
    let suspend =
        plan::Template { name: suspended, inputs, outputs, body: plan::Body::Approval, wraps: None };
    Lowered { tasks: vec![call], below: vec![Below::Template(wrapper), Below::Template(suspend)] }
}

/// Returns the input for a value. Argo's user interface shows a field for each input that has the name of an output.
fn choice((name, output): (&String, &Output)) -> Port {
    let argument_text = |text: &String| entry::argument_text(&Value::from(text.as_str()), &output.r#type);
    let choices = match output.r#type.present() {
        Type::Enum(choice) => choice.variants.iter().map(argument_text).collect(),
        Type::Boolean => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    };
    Port {
        description: (!output.description.is_empty()).then(|| terms::prose(&output.description)),
        default: Some(choices.first().map(Text::literal).unwrap_or_default()),
        choices,
        ..Port::new(name)
    }
}

/// Returns the expression that checks an entered text against the type and returns its JSON text.
fn checked(name: &str, output: &Output) -> Expression {
    entry::ExternalText::of("value", name, &output.r#type).checked(&terms::output(WAIT, name))
}
