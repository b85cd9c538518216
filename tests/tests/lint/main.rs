//! The linter of manifests, held against what others say: Argo's own linter and examples, the code of the API server,
//! and the compiler, whose output is to be free of everything that the linter knows.
//!
//! - `KFP_TEST_ARGO_EXAMPLES` names a folder with the examples that come with Argo.
//! - `argo` on the path is Argo's linter.
//!
//! Where they are missing, tests say so and pass. The numbers of a whole run are in `RESULTS.md`.
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

/// The files in YAML of the folder and below it, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    let mut files: Vec<PathBuf> = paths.into_iter().flat_map(below).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files
}

/// Argo's examples with their paths in their folder, where they are here; for those that cannot be read, the reason.
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

/// The diagnostics that refuse something, a line each.
fn refusals(found: &[Diagnostic]) -> Vec<String> {
    let errors = found.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(line).collect()
}

fn line(diagnostic: &Diagnostic) -> String {
    format!("{} {}: {}", diagnostic.code, diagnostic.primary.place, diagnostic.message)
}
