//! The linter of Argo manifests: workflows, workflow templates and cron workflows, whoever wrote them.
//!
//! [`lint`] takes files as [`read`](kfp_diag::source::manifests) gives them and tells what the API server or the
//! controller would refuse, and what they would accept and then hang on. It knows nothing of pipelines, and like
//! the compiler it reads no file, no clock and no environment.

mod ctx;
mod cursor;
mod document;
pub mod expression;
mod flow;
mod globals;
mod once;
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

/// What is wrong with the files, in their order: one list for each, with places in that file.
///
/// Files are seen together, because templates of one may be called from another.
///
/// ```
/// use kfp_diag::source::manifests;
/// let file = manifests("a.yaml", b"apiVersion: argoproj.io/v1alpha1\nkind: Workflo\n").unwrap();
/// let found = kfp_lint::lint(&[file]);
/// assert_eq!(found[0][0].message, "`Workflo` is no kind of Argo");
/// ```
pub fn lint<F: Borrow<Manifests>>(files: &[F]) -> Vec<Vec<Diagnostic>> {
    let files: Vec<&Manifests> = files.iter().map(Borrow::borrow).collect();
    let mut found: Vec<Vec<Diagnostic>> = files.iter().map(|each| file(each)).collect();
    for (file, diagnostic) in rules::check(&view::Project::of(files.iter().copied())) {
        found[file].push(diagnostic);
    }
    found.into_iter().map(once::told).collect()
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
