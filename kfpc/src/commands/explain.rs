//! `kfpc explain`: what a diagnostic's code means.

use anyhow::anyhow;
use kfp_diag::Code;
use serde_json::Value;

use crate::Outcome;
use crate::arguments::{DataFormat, ExplainArguments};
use crate::printer::{Printer, json};

pub(crate) fn explain(arguments: &ExplainArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let text = match &arguments.code {
        None => list(arguments.format)?,
        Some(name) => {
            let code = Code::parse(name).ok_or_else(|| match Code::nearest(name) {
                Some(right) => anyhow!("there is no code `{name}`: `{right}` is the nearest one"),
                None => anyhow!("there is no code `{name}`: `kfpc explain` without a code lists them all"),
            })?;
            match arguments.format {
                DataFormat::Text => kfp_diag::explain(code),
                DataFormat::Json => json(&entry(code))?,
            }
        }
    };
    printer.data(&text);
    Ok(Outcome::Fine)
}

fn list(format: DataFormat) -> anyhow::Result<String> {
    Ok(match format {
        DataFormat::Text => Code::all().map(|code| format!("{code}  {}\n", code.title())).collect(),
        DataFormat::Json => json(&Code::all().map(entry).collect::<Vec<_>>())?,
    })
}

fn entry(code: Code) -> Value {
    serde_json::json!({"code": code.to_string(), "title": code.title(), "explanation": kfp_diag::explain(code)})
}
