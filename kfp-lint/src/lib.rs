//! A linter for Argo manifests: workflows, workflow templates and cron workflows.
//!
//! [`lint`] checks files parsed by [`manifests`](kfp_diag::source::manifests) and reports what the API server or the
//! controller would reject, and what they would accept and then hang on. It does not depend on pipelines, and it reads
//! no files, clock or environment.

mod ctx;
mod cursor;
mod dedup;
mod document;
pub mod expression;
mod flow;
mod globals;
mod rules;
mod scalar;
mod scalars;
mod structure;
mod texts;
mod variables;
mod view;

use std::borrow::Borrow;

pub use document::{Kind, is_argo};
use kfp_diag::Diagnostic;
use kfp_diag::source::Manifests;
use kfp_model::Place;
pub use structure::argo_version;

/// Returns the problems of each file, in the order of the files.
///
/// Files are checked together because a workflow can call templates defined in another file.
///
/// ```
/// use kfp_diag::source::manifests;
/// let file = manifests("a.yaml", b"apiVersion: argoproj.io/v1alpha1\nkind: Workflo\n").unwrap();
/// let found = kfp_lint::lint(&[file]);
/// assert_eq!(found[0][0].message, "unknown kind `Workflo`");
/// ```
pub fn lint<F: Borrow<Manifests>>(files: &[F]) -> Vec<Vec<Diagnostic>> {
    let files: Vec<&Manifests> = files.iter().map(Borrow::borrow).collect();
    let mut found: Vec<Vec<Diagnostic>> = files.iter().map(|each| file(each)).collect();
    for (file, diagnostic) in rules::check(&view::Project::of(files.iter().copied())) {
        found[file].push(diagnostic);
    }
    found.into_iter().map(dedup::deduplicate).collect()
}

fn file(file: &Manifests) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for document in document::documents(file) {
        match document.kind {
            Ok(kind) => {
                found.extend(structure::check(document.tree, document.idx, kind, &file.text));
                if let Some(spec) = document.tree.get("spec") {
                    let place = Place::root().index(document.idx).key("spec");
                    texts::diagnose(&spec.value, &place, &mut found);
                }
            }
            Err(diagnostic) => found.push(*diagnostic),
        }
    }
    found
}
