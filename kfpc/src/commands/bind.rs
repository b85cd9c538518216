//! `kfpc bind`: the Rust signature of a Python function.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::arguments::{BindArguments, DataFormat};
use crate::printer::Printer;
use crate::{Outcome, bind as binding, settings};

pub(crate) fn bind(arguments: &BindArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    let (settings, _) = settings::here()?;
    let python = arguments.python.clone().or(settings.python).unwrap_or_else(|| PathBuf::from("python3"));
    let (file, function) = split(&arguments.function);
    match binding::bind(Path::new(file), function, &python, printer)? {
        Ok(bound) => {
            match arguments.format {
                DataFormat::Text => printer.text(&bound.rust),
                DataFormat::Json => printer
                    .json(&json!({"function": bound.function, "file": bound.file, "rust": bound.rust}))?,
            }
            Ok(Outcome::Success)
        }
        Err(refusal) => {
            let line = refusal.line().map(|line| format!(":{line}")).unwrap_or_default();
            printer.say(&format!("error: {refusal}\n --> {file}{line}\n"));
            Ok(Outcome::Failed)
        }
    }
}

/// Splits a path and a function name. A colon without a name after it is part of the path.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((file, name)) if !file.is_empty() && !name.contains(['/', '\\', '.']) => (file, Some(name)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_follows_the_last_colon() {
        for (text, parts) in [
            ("train.py", ("train.py", None)),
            ("a/train.py:fit", ("a/train.py", Some("fit"))),
            ("C:/a/train.py", ("C:/a/train.py", None)),
            ("C:\\train.py:fit", ("C:\\train.py", Some("fit"))),
        ] {
            assert_eq!(split(text), parts);
        }
    }
}
