//! Checks whether a pipeline can be lowered before all options are set.

use kfp_diag::{Code, Diagnostic, codes};

use super::Lowering;
use super::options::{Options, PipelineRoot};
use crate::check::Program;

/// The placeholder for an image that is not set.
const IMAGE: &str = "image";

/// Returns the diagnostics of [`lower`](super::lower) that do not depend on the options that are not set: constructs
/// that Argo cannot run, exceeded limits, and invalid values of the options that are set.
///
/// ```
/// # use kfp_compiler::{check::check, lower::{Options, lower, preflight}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let program = check(&document, &document.pipelines[0]).program.expect("the pipeline is valid");
/// let options = Options::default();
/// assert!(lower(&program, &options).is_err(), "the step has no image");
/// assert!(preflight(&program, &options).is_empty());
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
pub fn preflight(program: &Program<'_>, options: &Options) -> Vec<Diagnostic> {
    let mut complete = options.clone();
    complete.image.get_or_insert_with(|| IMAGE.to_owned());
    complete.python_image.get_or_insert_with(|| IMAGE.to_owned());
    complete.pipeline_root.get_or_insert_with(PipelineRoot::placeholder);
    let mut found = match super::lower(program, &complete) {
        Ok(Lowering { warnings, .. }) => warnings,
        Err(diagnostics) => diagnostics,
    };
    if options.pipeline_root.is_none() {
        found.retain(|diagnostic| !depends_on_root(diagnostic.code));
    }
    found
}

/// Whether the placeholder may cause the diagnostic: an import may be below the root that is set later.
fn depends_on_root(code: Code) -> bool {
    code == codes::UNKNOWN_STORE
}
