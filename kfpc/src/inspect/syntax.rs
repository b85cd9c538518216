//! Sources, modules and cells are valid Python.

use kfp_diag::{Diagnostic, codes};

use super::facts::{Facts, SyntaxError};
use super::sources::Source;

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    for SyntaxError { position, message } in &facts.errors {
        let message = format!("invalid Python in {}: {message}", source.name(position));
        found.push(source.error(codes::PYTHON_SYNTAX, position, message));
    }
}
