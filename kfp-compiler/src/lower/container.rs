//! Plain containers: nothing of ours runs in them, so what goes in is plain text, and what comes out is checked
//! by the DAG around them.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::{Component, ContainerStep, Implementation, Output, Type};

use super::check;
use super::entry;
use super::executor_input::{self, artifact_path, input_path, output_file};
use super::leaves::Leaf;
use super::region;
use super::resources::literal;
use super::splice::Splice;
use super::terms;
use super::terms::{fail, from_json, replace};
use kfp_argo::{Arguments, DagTask, Inputs, Memoize, Parameter, Template, ValueFrom};

/// The one task of the DAG around.
const STEP: &str = "step";

/// Command and arguments, with tags in the place of placeholders.
pub(super) fn command(component: &Component, step: &ContainerStep) -> (Vec<Text>, Vec<Text>) {
    let texts = |texts: &[String]| texts.iter().map(|text| filled(component, text)).collect();
    (texts(&step.command), texts(&step.args))
}

/// A text of the command.
fn filled(component: &Component, text: &str) -> Text {
    let (mut filled, mut plain) = (Text::default(), String::new());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        plain.push_str(before);
        match after.find('}').and_then(|end| Some((end, placeholder(component, &after[1..end])?))) {
            Some((end, tag)) => {
                filled.push(literal(&std::mem::take(&mut plain)).into());
                filled.push(tag);
                rest = &after[end + 1..];
            }
            None => {
                plain.push('{');
                rest = &after[1..];
            }
        }
    }
    plain.push_str(rest);
    filled.and(literal(&plain))
}

/// What stands for a placeholder, of which this is the inside; none where it is none.
fn placeholder(component: &Component, inside: &str) -> Option<Text> {
    let (kind, rest) = inside.split_once('.')?;
    let (name, form) = rest.split_once('.').unwrap_or((rest, ""));
    match (kind, form) {
        ("inputs", "") => Some(plain(name, &component.inputs.get(name)?.r#type)),
        ("inputs", "json") => component.inputs.get(name).map(|_| terms::input_tag(name)),
        ("inputs", "path") => component.inputs.get(name).map(|_| input_path(name).into()),
        ("outputs", "path") => match component.outputs.get(name)?.r#type.artifact() {
            Some(_) => Some(artifact_path(name).into()),
            None => Some(output_file(name).into()),
        },
        _ => None,
    }
}

/// The value as plain text: texts without their quotes, an absent option as nothing, everything else as JSON.
fn plain(name: &str, r#type: &Type) -> Text {
    let value = || terms::input(name);
    let text = || {
        let refused =
            fail(format!("invalid input `{name}`: a text with `{{{{` cannot be an argument").into());
        let decoded = from_json(value());
        decoded.clone().contains("{{").then_else(refused, replace(decoded, "$", "$$"))
    };
    let is_text = matches!(r#type.present(), Type::Text | Type::Enum(_));
    if r#type.is_option() {
        let present = if is_text { text() } else { value() };
        value().equal("null".into()).then_else("".into(), present).into()
    } else if is_text {
        text().into()
    } else {
        terms::input_tag(name)
    }
}

/// The outputs of the container: a file for each parameter; the value of an artifact is known before.
pub(super) fn outputs(leaf: &Leaf<'_>) -> Vec<Parameter> {
    let output = |(name, output): (&String, &Output)| {
        let source = match output.r#type.artifact() {
            Some(r#type) => {
                let value: Splice = executor_input::value(leaf, name, r#type);
                ValueFrom::path(output_file(name)).or(value.write())
            }
            None => ValueFrom::path(output_file(name)),
        };
        Parameter::from_source(name, source)
    };
    leaf.component.outputs.iter().map(output).collect()
}

/// Whether something that the leaf gives is checked by the DAG around it.
pub(super) fn is_checked(leaf: &Leaf<'_>) -> bool {
    matches!(leaf.component.implementation, Implementation::Container(_)) && parameters(leaf).next().is_some()
}

/// Adds the task that refuses what the container wrote where that does not fit.
pub(super) fn add_check(leaf: &Leaf<'_>, nothing: &DagTask, wrapper: &mut Template) {
    let checked = |(name, output): (&String, &Output)| Parameter::with_value(name, checked(name, output));
    let values = parameters(leaf).map(checked).collect();
    if let Some(dag) = &mut wrapper.dag {
        dag.tasks.push(check::task(nothing.clone(), Some(STEP), values));
    }
}

/// The outputs that are no artifacts: what the container wrote for them is text of any form.
fn parameters<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = (&'l String, &'l Output)> {
    leaf.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_none())
}

/// The expression that refuses what does not fit the type of the output, and returns its JSON text otherwise.
fn checked(name: &str, output: &Output) -> Expression {
    entry::Typed::of("output", name, &output.r#type).checked(&terms::output(STEP, name))
}

/// The DAG of one task that checks what the container wrote against its types. Reuse of results and names that
/// the whole workflow sees belong to it.
pub(super) fn wrapper(leaf: &Leaf<'_>, memoize: Option<Memoize>) -> Template {
    let names = || leaf.parameters().into_iter();
    let argument = |name: &str| Parameter::with_value(name, terms::input_tag(name));
    let task = DagTask {
        name: STEP.to_owned(),
        template: leaf.name.clone(),
        arguments: Arguments { parameters: names().map(argument).collect() },
        ..DagTask::default()
    };
    let inputs = Inputs { parameters: names().map(Parameter::declared).collect(), artifacts: Vec::new() };
    let mut wrapper = region::dag(leaf.entry.clone(), inputs, vec![task]);
    wrapper.memoize = memoize;
    let output = |(name, output): (&String, &Output)| {
        let source = match output.r#type.artifact() {
            Some(_) => ValueFrom::parameter(terms::output_tag(STEP, name)),
            None => ValueFrom::expression(checked(name, output)),
        };
        Parameter { global_name: leaf.globals.get(name).cloned(), ..Parameter::from_source(name, source) }
    };
    wrapper.outputs.parameters = leaf.component.outputs.iter().map(output).collect();
    wrapper
}
