//! Plain containers: nothing of ours runs in them, so what goes in is plain text, and what comes out is checked
//! by the DAG around them.

use kfp_model::{Component, ContainerStep, Implementation, Output, Type};

use super::check;
use super::entry;
use super::executor_input::{self, artifact_path, input_path, output_file};
use super::expression::{fail, quote};
use super::leaves::Leaf;
use super::region;
use super::resources::literal;
use super::splice::Splice;
use kfp_argo::{Arguments, DagTask, Inputs, Memoize, Parameter, Template, ValueFrom};

/// The one task of the DAG around.
const STEP: &str = "step";

/// Command and arguments, with tags in the place of placeholders.
pub(super) fn command(component: &Component, step: &ContainerStep) -> (Vec<String>, Vec<String>) {
    let texts = |texts: &[String]| texts.iter().map(|text| filled(component, text)).collect();
    (texts(&step.command), texts(&step.args))
}

/// A text of the command.
fn filled(component: &Component, text: &str) -> String {
    let (mut filled, mut plain) = (String::new(), String::new());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, after) = rest.split_at(start);
        plain.push_str(before);
        match after.find('}').and_then(|end| Some((end, placeholder(component, &after[1..end])?))) {
            Some((end, tag)) => {
                filled.push_str(&literal(&std::mem::take(&mut plain)));
                filled.push_str(&tag);
                rest = &after[end + 1..];
            }
            None => {
                plain.push('{');
                rest = &after[1..];
            }
        }
    }
    plain.push_str(rest);
    filled + &literal(&plain)
}

/// What stands for a placeholder, of which this is the inside; none where it is none.
fn placeholder(component: &Component, inside: &str) -> Option<String> {
    let (kind, rest) = inside.split_once('.')?;
    let (name, form) = rest.split_once('.').unwrap_or((rest, ""));
    match (kind, form) {
        ("inputs", "") => Some(plain(name, &component.inputs.get(name)?.r#type)),
        ("inputs", "json") => component.inputs.get(name).map(|_| format!("{{{{inputs.parameters.{name}}}}}")),
        ("inputs", "path") => component.inputs.get(name).map(|_| input_path(name)),
        ("outputs", "path") => match component.outputs.get(name)?.r#type.artifact() {
            Some(_) => Some(artifact_path(name)),
            None => Some(output_file(name)),
        },
        _ => None,
    }
}

/// The value as plain text: texts without their quotes, an absent option as nothing, everything else as JSON.
fn plain(name: &str, r#type: &Type) -> String {
    let value = format!("inputs.parameters['{name}']");
    let refused = fail(&quote(&format!("invalid input `{name}`: a text with `{{{{` cannot be an argument")));
    let text =
        format!("(fromJSON({value}) contains '{{'+'{{') ?{refused}: replace(fromJSON({value}), '$', '$$')");
    let present = match r#type.present() {
        Type::Text | Type::Enum(_) => text,
        _ => value.clone(),
    };
    if r#type.is_option() {
        format!("{{{{={value} == 'null' ? '' : ({present})}}}}")
    } else if matches!(r#type, Type::Text | Type::Enum(_)) {
        format!("{{{{={present}}}}}")
    } else {
        format!("{{{{inputs.parameters.{name}}}}}")
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
    let checked = |(name, output): (&String, &Output)| {
        Parameter::with_value(name, format!("{{{{={}}}}}", checked(name, output)))
    };
    let values = parameters(leaf).map(checked).collect();
    if let Some(dag) = &mut wrapper.dag {
        dag.tasks.push(check::task(nothing.clone(), Some(STEP), values));
    }
}

/// The outputs that are no artifacts: what the container wrote for them is text of any form.
fn parameters<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = (&'l String, &'l Output)> {
    leaf.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_none())
}

/// The expression that refuses what does not fit the type of the output, and gives its JSON text otherwise.
fn checked(name: &str, output: &Output) -> String {
    let written = format!("tasks['{STEP}'].outputs.parameters['{name}']");
    entry::Typed::of("output", name, &output.r#type).checked(&written)
}

/// The DAG of one task that checks what the container wrote against its types. Reuse of results and names that
/// the whole workflow sees belong to it.
pub(super) fn wrapper(leaf: &Leaf<'_>, memoize: Option<Memoize>) -> Template {
    let names = || leaf.parameters().into_iter();
    let argument = |name: &str| Parameter::with_value(name, format!("{{{{inputs.parameters.{name}}}}}"));
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
            Some(_) => ValueFrom::parameter(format!("{{{{tasks.{STEP}.outputs.parameters.{name}}}}}")),
            None => ValueFrom::expression(checked(name, output)),
        };
        Parameter { global_name: leaf.globals.get(name).cloned(), ..Parameter::from_source(name, source) }
    };
    wrapper.outputs.parameters = leaf.component.outputs.iter().map(output).collect();
    wrapper
}
