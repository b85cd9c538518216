//! `kfpc graph`: draws a pipeline, or the pipeline of a run with what happened in it.

use anyhow::bail;
use kfp_compiler::check::Checked;
use kfp_compiler::emit::Marks;
use kfp_compiler::emit::dot::dot_of_run;
use kfp_compiler::emit::mermaid::mermaid_of_run;
use kfp_compiler::emit::svg::svg_of_run;
use kfp_runner::{Store, TaskSummary};
use serde_json::{Value, json};

use super::compile::write;
use super::open::{with_document, with_text};
use super::runs::folder;
use crate::arguments::{GraphArguments, PictureFormat};
use crate::document::Document;
use crate::printer::{self, Printer};
use crate::reporter::Reporter;
use crate::source::Text;
use crate::{Outcome, marks};

pub(crate) fn graph(arguments: &GraphArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let Some(run) = &arguments.run else {
        return with_document(&arguments.pipeline, &arguments.messages, printer, |document, reporter| {
            draw(arguments, document, arguments.pipeline.pipeline.as_deref(), None, reporter, printer)
        });
    };
    let store = Store::open_read_only(&folder(&arguments.store)?)?;
    let id = store.find(run)?;
    let (run, tasks) = (store.run(&id)?, store.tasks(&id)?);
    let open = |_: &Reporter<'_>| match store.document(&id)? {
        Some(text) => Ok(Text::without_file(format!("the document of run {id}"), text.into_bytes())),
        None => {
            bail!("the run `{id}` has no pipeline document: it was recorded by an earlier version of kfpc")
        }
    };
    with_text(open, &arguments.pipeline.levels, &arguments.messages, printer, |document, reporter| {
        draw(arguments, document, Some(&run.pipeline), Some(&tasks), reporter, printer)
    })
}

fn draw(
    arguments: &GraphArguments,
    document: &Document,
    pipeline: Option<&str>,
    tasks: Option<&[TaskSummary]>,
    reporter: &Reporter<'_>,
    printer: &Printer,
) -> anyhow::Result<Outcome> {
    let Some(program) = document.check(pipeline, reporter)? else {
        return Ok(Outcome::Failed);
    };
    let checked = program.root();
    let marks = tasks.map_or_else(Marks::new, |tasks| marks::marks(checked, tasks));
    let text = match arguments.format {
        PictureFormat::Mermaid => mermaid_of_run(checked, &marks),
        PictureFormat::Dot => dot_of_run(checked, &marks),
        PictureFormat::Svg => svg_of_run(checked, &marks),
        PictureFormat::Json => printer::json(&nodes(checked, &marks))?,
    };
    write(&text, arguments.output.as_deref(), printer)?;
    Ok(Outcome::Success)
}

/// Returns the tasks and their dependencies, with what happened in a run if there are marks.
fn nodes(checked: &Checked<'_>, marks: &Marks) -> Value {
    checked
        .nodes()
        .map(|node| {
            let task = node.task;
            let mut value = json!({"id": task.id, "name": task.name, "dependencies": node.dependencies});
            if let Some(mark) = marks.get(&task.id) {
                value["run"] = json!({"state": mark.outcome.as_str(), "text": mark.text});
            }
            value
        })
        .collect()
}
