//! Plain containers: nothing of ours runs in them, so what goes in is plain text, and what comes out is checked
//! by the DAG around them.

use kfp_argo::text::Text;
use kfp_argo::{Parameter, ValueFrom};
use kfp_model::{Component, ContainerStep, Output, Type};

use crate::lower::analyse::artifacts::{artifact_path, input_path, output_file};
use crate::lower::analyse::steps::Step;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::plan::terms::{fail, from_json, replace};
use crate::lower::print::executor_input;
use crate::lower::print::resources::literal;

/// Command and arguments, with tags in the place of placeholders.
pub(in crate::lower) fn command(component: &Component, step: &ContainerStep) -> (Vec<Text>, Vec<Text>) {
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
    let is_text = matches!(r#type.present(), Type::String | Type::Enum(_));
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
pub(in crate::lower) fn outputs(step: &Step<'_>) -> Vec<Parameter> {
    let output = |(name, output): (&String, &Output)| {
        let source = match output.r#type.artifact() {
            Some(r#type) => {
                let value: Splice = executor_input::value(step, name, r#type);
                ValueFrom::path(output_file(name)).or(value.write())
            }
            None => ValueFrom::path(output_file(name)),
        };
        Parameter::from_source(name, source)
    };
    step.component.outputs.iter().map(output).collect()
}
