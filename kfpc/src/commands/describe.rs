//! `kfpc describe`: the parameters and outputs of pipelines, as tables or as JSON Schema.
//!
//! Without `--pipeline`, a source with several pipelines is described by a table of them, or by their schemas by name.

use kfp_diag::printable::printable;
use kfp_model::{Input, Pipeline, Type, schema};
use serde_json::{Map, Value};

use super::open::with_document;
use crate::Outcome;
use crate::arguments::{DataFormat, DescribeArguments};
use crate::document::Document;
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::table::{shortened, table};

pub(crate) fn describe(arguments: &DescribeArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        print(arguments, document, reporter, printer)
    })
}

fn print(
    arguments: &DescribeArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    if arguments.pipeline.pipeline.is_none() && document.model().pipelines.len() > 1 {
        return print_all(arguments.format, document, reporter, printer);
    }
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Failed);
    };
    let pipeline = program.root().pipeline();
    match arguments.format {
        DataFormat::Text => printer.text(&text(pipeline)),
        DataFormat::Json => printer.json(&schema_of(pipeline))?,
    }
    Ok(Outcome::Success)
}

/// Prints a table of all pipelines, or their schemas by name.
fn print_all(
    format: DataFormat,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let pipelines = &document.model().pipelines;
    for pipeline in pipelines {
        if document.check(Some(&pipeline.name), reporter)?.is_none() {
            return Ok(Outcome::Failed);
        }
    }
    match format {
        DataFormat::Text => {
            printer.text(&overview(pipelines));
            printer.info("help: pass `--pipeline NAME` for the types and defaults of one pipeline");
        }
        DataFormat::Json => {
            let schemas: Map<String, Value> =
                pipelines.iter().map(|pipeline| (pipeline.name.clone(), schema_of(pipeline))).collect();
            printer.json(&schemas)?;
        }
    }
    Ok(Outcome::Success)
}

fn overview(pipelines: &[Pipeline]) -> String {
    let names = |names: Vec<&str>| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    let row = |pipeline: &Pipeline| {
        let inputs = names(pipeline.inputs.keys().map(String::as_str).collect());
        let outputs = names(pipeline.outputs.keys().map(String::as_str).collect());
        [pipeline.name.clone(), inputs, outputs, in_one_line(&pipeline.description)]
    };
    table(["PIPELINE", "PARAMETERS", "OUTPUTS", "DESCRIPTION"], pipelines.iter().map(row))
}

/// Returns the JSON Schema of the parameters.
fn schema_of(pipeline: &Pipeline) -> Value {
    schema::parameters(&pipeline.name, &pipeline.description, &pipeline.inputs)
}

fn text(pipeline: &Pipeline) -> String {
    let mut text = printable(&pipeline.name).into_owned();
    if let Some(version) = &pipeline.version {
        text.push_str(&format!(", version {}", printable(version)));
    }
    text.push('\n');
    if !pipeline.description.is_empty() {
        text.push_str(&format!("{}\n", pipeline.description.trim_end()));
    }
    if !pipeline.inputs.is_empty() {
        let row = |(name, input): (&String, &Input)| {
            [name.clone(), input.r#type.to_string(), default(input), in_one_line(&input.description)]
        };
        let rows = pipeline.inputs.iter().map(row);
        text.push_str(&format!("\n{}", table(["PARAMETER", "TYPE", "DEFAULT", "DESCRIPTION"], rows)));
    }
    if !pipeline.outputs.is_empty() {
        let rows = pipeline.outputs.iter().map(|(name, output)| {
            [name.clone(), output.r#type.to_string(), in_one_line(&output.description)]
        });
        text.push_str(&format!("\n{}", table(["OUTPUT", "TYPE", "DESCRIPTION"], rows)));
    }
    let mut named = Vec::new();
    for input in pipeline.inputs.values() {
        collect(&input.r#type, &mut named);
    }
    for r#type in named {
        text.push_str(&format!("\n{}", explained(r#type)));
    }
    text
}

/// Returns the default of a parameter, or `required`.
fn default(input: &Input) -> String {
    match &input.default {
        Some(default) => shortened(default),
        None if input.is_required() => "required".to_owned(),
        None => Value::Null.to_string(),
    }
}

/// Collects the named types that require an explanation, each once, in the order of their use.
fn collect<'t>(r#type: &'t Type, named: &mut Vec<&'t Type>) {
    if named.contains(&r#type) {
        return;
    }
    match r#type {
        Type::String | Type::Integer | Type::Float | Type::Boolean | Type::Any => {}
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => collect(inner, named),
        Type::Secret | Type::Enum(_) | Type::Artifact(_) => named.push(r#type),
        Type::Struct(structure) => {
            named.push(r#type);
            for field in structure.fields.values() {
                collect(&field.r#type, named);
            }
        }
    }
}

fn explained(r#type: &Type) -> String {
    let name = r#type.to_string();
    let name = printable(&name);
    match r#type {
        Type::Struct(structure) => {
            let rows = structure.fields.iter().map(|(name, field)| {
                [format!("  {name}"), field.r#type.to_string(), in_one_line(&field.description)]
            });
            format!("{name} is an object:\n{}", table(["  FIELD", "TYPE", "DESCRIPTION"], rows))
        }
        Type::Enum(choice) => {
            let variants: Vec<String> =
                choice.variants.iter().map(|variant| format!("`{}`", printable(variant))).collect();
            format!("{name} is one of {}\n", variants.join(", "))
        }
        Type::Secret => "Secret is the name and key of a Kubernetes secret: `NAME/KEY`\n".to_owned(),
        _ => format!("{name} is an artifact: a path or a `file://` URI\n"),
    }
}

fn in_one_line(description: &str) -> String {
    description.split_whitespace().collect::<Vec<_>>().join(" ")
}
