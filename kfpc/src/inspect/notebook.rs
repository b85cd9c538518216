//! Notebooks set the variables that the component declares as outputs.
//!
//! An output that no cell mentions is reported by a rule of the compiler.

use kfp_diag::{Diagnostic, codes, spelling};

use super::facts::Facts;
use super::sources::{Code, Source};

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    let (Code::Notebook(cells), Some(sets)) = (&source.code, &facts.sets) else { return };
    let is_mentioned = |name: &str| cells.iter().any(|cell| mentions(&cell.source, name));
    for (name, output) in &source.component.outputs {
        let is_set = output.r#type.artifact().is_some() || sets.contains(name);
        if is_set || output.r#type.is_option() || !is_mentioned(name) {
            continue;
        }
        let message = format!("no cell of `{}` sets `{name}`", source.file);
        let diagnostic = Diagnostic::error(codes::NOTEBOOK_NAMES, &source.place, message)
            .label(format!("`{}` declares the output `{name}`", source.component.name));
        found.push(match spelling::nearest(name, sets) {
            Some(similar) => {
                diagnostic.help(format!("set `{name}`; a variable with a similar name exists: `{similar}`"))
            }
            None => diagnostic.help(format!("set a variable `{name}`")),
        });
    }
}

/// Whether the identifier appears anywhere in the code.
fn mentions(code: &str, name: &str) -> bool {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|other| other == name)
}
