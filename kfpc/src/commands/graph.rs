//! `kfpc graph`: draws a pipeline.

use kfp_compiler::check::Checked;
use kfp_compiler::emit::dot::dot;
use kfp_compiler::emit::mermaid::mermaid;
use kfp_compiler::emit::svg::svg;
use serde_json::Value;

use super::compile::write;
use super::open::with_document;
use crate::Outcome;
use crate::arguments::{GraphArguments, PictureFormat};
use crate::document::Document;
use crate::printer::{Printer, json};
use crate::reporter::Reporter;

pub(crate) fn graph(arguments: &GraphArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
        draw(arguments, document, reporter, printer)
    })
}

fn draw(
    arguments: &GraphArguments,
    document: &Document,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let Some(program) = document.check(arguments.pipeline.pipeline.as_deref(), reporter)? else {
        return Ok(Outcome::Failed);
    };
    let checked = program.root();
    let text = match arguments.format {
        PictureFormat::Mermaid => mermaid(checked),
        PictureFormat::Dot => dot(checked),
        PictureFormat::Svg => svg(checked),
        PictureFormat::Json => json(&tasks(checked))?,
    };
    write(&text, arguments.output.as_deref(), printer)?;
    Ok(Outcome::Success)
}

fn tasks(checked: &Checked<'_>) -> Value {
    checked
        .nodes()
        .map(|node| serde_json::json!({"id": node.task.id, "name": node.task.name, "dependencies": node.dependencies}))
        .collect()
}
