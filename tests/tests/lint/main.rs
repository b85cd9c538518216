//! The manifest linter, compared with others: Argo's linter and examples, the API server's validation, and the
//! compiler, whose output must have no findings.
//!
//! - `KFP_TEST_ARGO_EXAMPLES` is a folder with Argo's examples.
//! - `argo` on the `PATH` is Argo's linter.
//!
//! Without them, the tests pass with a note. `RESULTS.md` has the numbers of a complete run.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod emitted;
mod examples;
mod judges;
mod mutants;
mod mutate;

use std::fs;
use std::path::{Path, PathBuf};

use kfp_diag::source::{Manifests, manifests};
use kfp_diag::{Diagnostic, Severity};

/// Returns the YAML files of the folder and below it, sorted by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    let mut files: Vec<PathBuf> = paths.into_iter().flat_map(below).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files
}

/// Returns Argo's examples with their relative paths, if available; the reason for those that cannot be read.
fn argo_examples() -> Option<Vec<(String, Result<Manifests, String>)>> {
    let folder = PathBuf::from(std::env::var_os("KFP_TEST_ARGO_EXAMPLES")?);
    let mut examples = Vec::new();
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        match manifests(&name, &fs::read(&path).unwrap()) {
            Ok(file) if kfp_lint::is_argo(&file) => examples.push((name, Ok(file))),
            Ok(_) => {}
            Err(rejected) => examples.push((name, Err(line(&rejected.diagnostics[0])))),
        }
    }
    Some(examples)
}

/// Returns the errors, one per line.
fn refusals(found: &[Diagnostic]) -> Vec<String> {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(line).collect()
}

fn line(diagnostic: &Diagnostic) -> String {
    format!("{} {}: {}", diagnostic.code, diagnostic.primary.place, diagnostic.message)
}
