//! Approvals become templates that wait, with a DAG around each that checks what somebody has given.

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

/// The one task of the DAG around.
const WAIT: &str = "wait";

/// The task that waits for an approval, with its templates.
pub(in crate::lower) fn lower(
    ctx: &mut Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    approval: &Approval,
) -> Lowered<'static> {
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let waiting = ctx.template_name(&format!("{template}-{WAIT}"));
    let call = call::of_template(ctx, scope, task, &template, &Scope::default());

    let wait = plan::Task { name: WAIT.to_owned(), calls: waiting.clone(), ..plan::Task::default() };
    let refuse = |(name, output): (&String, &Output)| Argument::new(name, checked(name, output));
    let give = |(name, output): (&String, &Output)| {
        plan::Output::new(name, plan::Source::from(checked(name, output)))
    };
    let mut tasks = vec![wait];
    if !approval.outputs.is_empty() {
        tasks.push(check::task(ctx.nothing(), Some(WAIT), approval.outputs.iter().map(refuse).collect()));
    }
    let mut wrapper = plan::Template::graph(template, Vec::new(), tasks);
    wrapper.outputs = approval.outputs.iter().map(give).collect();
    ctx.make_global(&task.id, &mut wrapper);
    let mut inputs: Vec<Port> = approval.outputs.iter().map(choice).collect();
    if !approval.outputs.contains_key("message") {
        let message = terms::prose(&approval.message);
        inputs.insert(0, Port { default: Some(Text::literal(message)), ..Port::new("message") });
    }
    let supplied = |name: &String| plan::Output::new(name, plan::Source::Person);
    let outputs = approval.outputs.keys().map(supplied).collect();
    let suspend = plan::Template { name: waiting, inputs, outputs, body: plan::Body::Approval, around: None };
    Lowered { tasks: vec![call], below: vec![Below::Template(wrapper), Below::Template(suspend)] }
}

/// Argo's user interface asks for a value where an input has the name of an output.
fn choice((name, output): (&String, &Output)) -> Port {
    let typed_in = |text: &String| entry::typed_in(&Value::from(text.as_str()), &output.r#type);
    let choices = match output.r#type.present() {
        Type::Enum(choice) => choice.variants.iter().map(typed_in).collect(),
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

/// The expression that checks what a user typed against the type, and returns it as a JSON text.
fn checked(name: &str, output: &Output) -> Expression {
    entry::Typed::of("value", name, &output.r#type).checked(&terms::output(WAIT, name))
}
