//! Prints the Rust signature, and the types that it requires.

use std::fmt::Write as _;

use serde_json::Value;

use super::names::{TAKEN, camel_case, identifier, snake_case};
use super::parameters::{Parameter, in_one_line, parameter};
use super::refusal::Refusal;
use super::returns::{Record, Returned, returned};
use super::types::{Choice, Enums, RustType};
use crate::python::{Function, Structure};

/// The maximum width of an attribute in one line.
const WIDTH: usize = 100;

/// Returns the component that calls the function of the file.
pub(super) fn signature(
    function: &Function,
    structures: &[Structure],
    file: &str,
) -> Result<String, Refusal> {
    if let Some(reason) = &function.refused {
        return Err(Refusal::new(format!("`{}` cannot be a step: {reason}", function.name), function.line));
    }
    let mut enums = enums(function, structures);
    let parameters: Vec<Parameter> = function
        .arguments
        .iter()
        .map(|argument| parameter(argument, &mut enums))
        .collect::<Result<_, Refusal>>()?;
    let (returned, comment) = returned(function, structures, &mut enums)?;
    let name =
        identifier(&snake_case(&function.name)).map_err(|message| Refusal::new(message, function.line))?;

    let mut text = uses(&parameters, &returned);
    for choice in &enums.choices {
        text.push_str(&choice_text(choice));
    }
    if let Returned::Struct(record) = &returned {
        text.push_str(&struct_text(record, &function.name));
    }
    text.push_str(&doc(&function.description, ""));
    if let Some(line) = comment {
        let _ = writeln!(text, "// {}", capital(&line));
    }
    text.push_str(&attribute(function, file, &name));
    let break_after_name = if parameters.is_empty() { "" } else { "\n" };
    let _ = write!(text, "pub fn {name}({break_after_name}");
    for parameter in &parameters {
        text.push_str(&parameter_text(parameter));
    }
    let _ = match &returned {
        Returned::Nothing => writeln!(text, ");"),
        Returned::Value(r#type) => writeln!(text, ") -> {type};"),
        Returned::Struct(record) => writeln!(text, ") -> {};", record.name),
    };
    Ok(text)
}

/// Returns an empty list of enums, with the names that they cannot have.
fn enums(function: &Function, structures: &[Structure]) -> Enums {
    let own = camel_case(&snake_case(&function.name));
    let mut taken: Vec<String> = TAKEN.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(["", "Call", "Outputs", "Result"].map(|end| format!("{own}{end}")));
    // The macro generates a second type for the struct that the function returns.
    let returns = function.returns.as_ref().and_then(|annotation| annotation.name.as_deref());
    if let Some(structure) = structures.iter().find(|structure| Some(structure.name.as_str()) == returns)
        && !taken.contains(&structure.name)
    {
        taken.push(format!("{}Out", structure.name));
    }
    Enums { taken, prefix: own, choices: Vec::new() }
}

fn types<'s>(parameters: &'s [Parameter], returned: &'s Returned) -> Vec<&'s RustType> {
    let mut types: Vec<&RustType> = parameters.iter().map(|parameter| &parameter.r#type).collect();
    match returned {
        Returned::Nothing => {}
        Returned::Value(r#type) => types.push(r#type),
        Returned::Struct(record) => types.extend(record.fields.iter().map(|(_, r#type, _)| r#type)),
    }
    types
}

fn uses(parameters: &[Parameter], returned: &Returned) -> String {
    let is_map = |r#type: &&RustType| r#type.any(|part| matches!(part, RustType::Map(_)));
    let maps = if types(parameters, returned).iter().any(is_map) {
        "use std::collections::BTreeMap;\n\n"
    } else {
        ""
    };
    format!("{maps}use kfp_sdk::prelude::*;\n\n")
}

fn choice_text(choice: &Choice) -> String {
    let mut text =
        format!("#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]\npub enum {} {{\n", choice.name);
    for (name, variant) in &choice.variants {
        if name != variant {
            let _ = writeln!(text, "    #[kfp(rename = {variant:?})]");
        }
        let _ = writeln!(text, "    {name},");
    }
    text + "}\n\n"
}

fn struct_text(record: &Record, function: &str) -> String {
    let description = match record.description.as_str() {
        "" => format!("What `{function}` returns."),
        description => description.to_owned(),
    };
    let mut text = doc(&description, "");
    let _ = writeln!(text, "#[derive(Outputs)]\npub struct {} {{", record.name);
    for (name, r#type, comment) in &record.fields {
        if let Some(comment) = comment {
            let _ = writeln!(text, "    // {}", capital(comment));
        }
        let _ = writeln!(text, "    pub {name}: {type},");
    }
    text + "}\n\n"
}

fn parameter_text(parameter: &Parameter) -> String {
    let mut text = doc(&parameter.description, "    ");
    for comment in &parameter.comments {
        let _ = writeln!(text, "    // {}", capital(comment));
    }
    let default = parameter.default.as_ref().map(|value| format!("#[default({value})] "));
    let _ = writeln!(text, "    {}{}: {},", default.unwrap_or_default(), parameter.name, parameter.r#type);
    text
}

/// Returns the attribute, with the options of KFP's decorator.
fn attribute(function: &Function, file: &str, name: &str) -> String {
    let mut arguments = vec![format!("python = {file:?}")];
    if name.trim_start_matches("r#") != function.name {
        arguments.push(format!("function = {:?}", function.name));
    }
    let own = camel_case(name);
    if TAKEN.contains(&own.as_str()) {
        arguments.push(format!("type = \"{own}Step\""));
    }
    let texts = |option: &str| -> Vec<String> {
        let items = function.options.get(option).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(|text| format!("{text:?}")).collect()
    };
    if let Some(Value::String(image)) = function.options.get("base_image") {
        arguments.push(format!("image = {image:?}"));
    }
    let packages = texts("packages_to_install");
    if !packages.is_empty() {
        arguments.push(format!("packages = [{}]", packages.join(", ")));
    }
    if let Some(index) = texts("pip_index_urls").first() {
        arguments.push(format!("pip_index = {index}"));
    }
    let line = format!("#[component({})]\n", arguments.join(", "));
    if line.len() <= WIDTH {
        return line;
    }
    let lines: String = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
    format!("#[component(\n{lines})]\n")
}

fn doc(description: &str, indent: &str) -> String {
    match in_one_line(description).as_str() {
        "" => String::new(),
        line => format!("{indent}/// {line}\n"),
    }
}

/// Returns the sentence with a capital letter, unless it begins with a quote.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
