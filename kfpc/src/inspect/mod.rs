//! Inspects the Python functions and notebooks of a document with the interpreter that runs them on this machine.
//!
//! One process parses all sources ([`facts`]); nothing is executed. The rules compare the facts with the components, and
//! with the files next to a source if the document belongs to a crate on this machine. [`Inspection::of`] is the main
//! function. What needs no interpreter is a rule of the compiler.

mod defaults;
mod facts;
mod imports;
mod lines;
mod modules;
mod notebook;
mod position;
mod returned;
mod roles;
mod sources;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kfp_diag::{Code, Diagnostic, codes};
use kfp_model::{ComponentId, Document, Place};

use self::facts::Facts;
use self::sources::{Source, Sources};
use crate::files::Excerpts;

type Rule = fn(&Source<'_>, &Facts, &mut Vec<Diagnostic>);

const RULES: [Rule; 6] =
    [roles::check, defaults::check, returned::check, notebook::check, imports::check, modules::check];

/// The codes of rules that read the source as text, which a syntax error may mislead.
const MISLED: [Code; 3] = [codes::PYTHON_FUNCTION, codes::PYTHON_PARAMETERS, codes::NOTEBOOK_NAMES];

/// The diagnostics of the Python sources of a document.
#[derive(Debug, Default)]
pub(crate) struct Inspection {
    diagnostics: BTreeMap<ComponentId, Vec<Diagnostic>>,
    /// The components whose sources cannot be parsed.
    broken: BTreeSet<ComponentId>,
    /// The texts of the files that diagnostics refer to.
    texts: BTreeMap<String, String>,
}

impl Inspection {
    /// Inspects all Python functions and notebooks of the document. Without any, no interpreter is started.
    ///
    /// # Errors
    /// There is no working interpreter, or the sources are too large.
    pub(crate) fn of(document: &Document, files: &Excerpts, python: &Path) -> anyhow::Result<Self> {
        let sources = Sources::of(document, files);
        let mut inspection = Self::default();
        if sources.all.is_empty() {
            return Ok(inspection);
        }
        for (source, facts) in sources.all.iter().zip(facts::ask(&sources.all, python)?) {
            let mut found = Vec::new();
            syntax::check(source, &facts, &mut found);
            if facts.errors.is_empty() {
                for rule in RULES {
                    rule(source, &facts, &mut found);
                }
            } else {
                inspection.broken.insert(source.id.clone());
            }
            inspection.diagnostics.insert(source.id.clone(), found);
        }
        inspection.texts = sources.into_texts();
        Ok(inspection)
    }

    /// Adds the diagnostics of the components to others, and removes those that a syntax error may have caused.
    pub(crate) fn merge(&self, components: &[&ComponentId], diagnostics: &mut Vec<Diagnostic>) {
        for id in components {
            if self.broken.contains(*id) {
                let place = format!("{}/", Place::root().key("components").key(&id.0));
                diagnostics.retain(|diagnostic| {
                    !MISLED.contains(&diagnostic.code)
                        || !diagnostic.primary.place.as_str().starts_with(&place)
                });
            }
        }
        // Components that share a file share its errors.
        let identity = |diagnostic: &Diagnostic| {
            let location = diagnostic.primary.location.as_ref()?;
            Some((diagnostic.message.clone(), location.file.clone(), location.line, location.column))
        };
        let mut known: BTreeSet<_> = diagnostics.iter().filter_map(identity).collect();
        for diagnostic in components.iter().filter_map(|id| self.diagnostics.get(*id)).flatten() {
            if identity(diagnostic).is_none_or(|identity| known.insert(identity)) {
                diagnostics.push(diagnostic.clone());
            }
        }
    }

    /// Returns the text of a file that diagnostics refer to.
    pub(crate) fn text(&self, file: &str) -> Option<&String> {
        self.texts.get(file)
    }
}
