//! Modules have the names with which Python imports them.
//!
//! Python normalizes identifiers (NFKC), so it never finds a file whose name has another spelling. Other invalid paths
//! are reported by a rule of the compiler.

use kfp_diag::{Diagnostic, codes};

use super::facts::Facts;
use super::sources::Source;

pub(super) fn check(source: &Source<'_>, facts: &Facts, found: &mut Vec<Diagnostic>) {
    for path in &facts.renamed {
        let message = format!("invalid path `{path}` of a Python module");
        found.push(
            Diagnostic::error(codes::MODULE_PATH, &source.place.key("modules").key(path), message)
                .label("not the spelling of an identifier in Python")
                .help("rename the file, for example with ASCII letters only"),
        );
    }
}
