//! Lowers loops to a DAG template with one task that runs once for each item, and a DAG template for the body.

use kfp_argo::expression as argo;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{Expression, Loop, Task, Type};
use serde_json::Value;

use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::pods::MAX_ITEMS;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::field;
use crate::lower::build::lowered::{Below, Inner, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::Role;
use crate::lower::plan::terms;
use crate::lower::plan::terms::from_json;
use crate::lower::plan::{self, Argument, Naming, Port};

/// The name of the task of a loop's template.
const ITERATION: &str = "iteration";

/// Returns the task that calls a loop, with the templates of the loop and of its body.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    repeat: &'a Loop,
) -> Lowered<'a> {
    let inner = ctx.scope_of_task(task);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let body_template = ctx.template_name(&format!("{template}-body"));
    let mut call = call::of_template(ctx, scope, task, &template, &inner);
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };

    let mut inputs = inner.declarations();
    let with_param = if let Expression::Constant(Value::Array(items)) = &repeat.items {
        constants(items)
    } else {
        let items = inner.free_name("items");
        call.arguments.push(Argument::new(&items, printer.argument(&repeat.items)));
        inputs.push(Port { naming: Naming::Items, ..Port::new(&items) });
        let r#type = ctx.checked.type_of(&repeat.items);
        computed(&terms::input(&items), task, repeat, &r#type)
    };

    let body_scope = ctx.scope_of(&repeat.body);
    let item = Captured::Item(task.id.clone());
    let printer = Printer { ctx, scope: &inner, reader: Reader::Task(task) };
    let parameter = |(captured, name): (&Captured, &str)| {
        let value = if *captured == item { Text::variable("item") } else { printer.reading(captured).text() };
        Argument::new(name, value)
    };
    let arguments = body_scope.inputs().map(parameter).collect();
    let iteration = plan::Task {
        name: ITERATION.to_owned(),
        calls: body_template.clone(),
        items: Some(with_param),
        arguments,
        ..plan::Task::default()
    };
    let mut wrapper = plan::Template::graph(template, inputs, vec![iteration]);
    if let Some(graph) = wrapper.graph_mut() {
        graph.parallelism = repeat.parallelism;
    }
    wrapper.outputs = repeat.body.yields.keys().map(|name| collected(name)).collect();
    ctx.make_global(&task.id, &mut wrapper);
    let body = Inner {
        name: body_template,
        region: &repeat.body,
        scope: body_scope,
        role: Role::Iterated,
        path: "",
    };
    Lowered { tasks: vec![call], below: vec![Below::Template(wrapper), Below::Region(body)] }
}

/// Returns a JSON list of strings, each of which is the JSON text of an item.
fn constants(items: &[Value]) -> Text {
    let texts: Vec<String> = items.iter().map(|item| encode(&Value::from(encode(item)))).collect();
    format!("[{}]", texts.join(",")).into()
}

/// Returns the tag for the same list of strings for a list that is only known at run time.
fn computed(list: &argo::Expression, task: &Task, repeat: &Loop, r#type: &Type) -> Text {
    let most = repeat.max_items.unwrap_or(MAX_ITEMS);
    let texts = field::elements(list, r#type);
    let refusal = from_json(format!("{}: more than {most} items, raise max_items", task.name).into());
    let is_long = argo::Expression::call("len", [from_json(list.clone())]).greater(i64::from(most).into());
    is_long.then_else(refusal, texts).into()
}

/// Returns the output that collects the outputs of the iterations, without the `=` before each.
fn collected(name: &str) -> plan::Output {
    let values = from_json(terms::output(ITERATION, name));
    let each = argo::Expression::item().slice(Some(1.into()), None);
    let items = argo::Expression::call("join", [argo::Expression::call("map", [values, each]), ",".into()]);
    let list = argo::Expression::from("[").plus(items).plus("]".into());
    plan::Output::new(name, plan::Source::Expression(list, Some("[]")))
}
