//! `kfpc explain`: explains a diagnostic code.

use kfp_diag::Code;
use serde_json::Value;

use crate::Outcome;
use crate::advice::advised;
use crate::arguments::{DataFormat, ExplainArguments};
use crate::printer::{Printer, json};

pub(crate) fn explain(arguments: &ExplainArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let text = match &arguments.code {
        None => list(arguments.format)?,
        Some(name) => {
            let name = canonical(name);
            let code = Code::parse(&name).ok_or_else(|| {
                let help = match Code::nearest(&name) {
                    Some(nearest) => format!("use `{nearest}`"),
                    None => "run `kfpc explain` for a list of codes".to_owned(),
                };
                advised(format!("unknown code `{name}`"), help)
            })?;
            match arguments.format {
                DataFormat::Text => format!("{}\n", kfp_diag::explain(code).trim_end()),
                DataFormat::Json => json(&entry(code))?,
            }
        }
    };
    printer.data(&text);
    Ok(Outcome::Success)
}

/// Returns a code such as `kfp801` or `801` in its usual form, `KFP0801`.
fn canonical(name: &str) -> String {
    let name = name.to_ascii_uppercase();
    let digits = name.strip_prefix("KFP").unwrap_or(&name);
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_ascii_digit()) {
        return name;
    }
    format!("KFP{digits:0>4}")
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
