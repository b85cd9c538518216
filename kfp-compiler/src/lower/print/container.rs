//! Prints plain containers. No kfp code runs in them, so their inputs are plain text, and the wrapper checks their
//! outputs.

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

/// Returns command and arguments, with placeholders replaced by tags.
pub(in crate::lower) fn command(component: &Component, step: &ContainerStep) -> (Vec<Text>, Vec<Text>) {
    let texts = |texts: &[String]| texts.iter().map(|text| filled(component, text)).collect();
    (texts(&step.command), texts(&step.args))
}

/// Replaces the placeholders in a part of the command.
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

/// Returns the replacement of a placeholder without its braces; `None` if it is not a placeholder.
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

/// Returns the value as plain text: strings without quotes, an absent option as an empty string, everything else as
/// JSON.
fn plain(name: &str, r#type: &Type) -> Text {
    let value = || terms::input(name);
    let text = || {
        let refused =
            fail(format!("invalid input `{name}`: a string with `{{{{` cannot be an argument").into());
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

/// Returns the outputs of the container: a file for each parameter, and the constant value of each artifact.
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
