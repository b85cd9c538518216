//! The compiled workflow of a pipeline, in the form of a snapshot.

use kfp_argo::Workflow;
use kfp_argo::text::Text;
use kfp_argo::yaml::yaml;
use kfp_compiler::compile::{CompileError, Compiled, compile};
use kfp_compiler::lower::Options;
use kfp_compiler::{check, shim};
use kfp_diag::{Diagnostic, Format, Severity, Surroundings, render};
use kfp_model::Document;

use crate::sources::PackageSources;

/// The images of Rust and Python steps that set none, so that tests do not depend on the registry of a deployment.
const IMAGE: &str = "pipelines:test";
const PYTHON_IMAGE: &str = "python:test";

/// What a snapshot contains instead of the program that runs Python steps.
const PYTHON: &str = concat!("# The program that runs Python steps, version ", env!("CARGO_PKG_VERSION"));
/// What a snapshot contains instead of the program that runs notebooks.
const NOTEBOOK: &str = concat!("# The program that runs notebooks, version ", env!("CARGO_PKG_VERSION"));

/// Returns the workflow of a pipeline as YAML, without the program that runs Python steps.
///
/// If neither the options nor the component set an image, it is `pipelines:test` for Rust steps and `python:test` for
/// Python steps.
///
/// ```
/// use kfp_sdk::prelude::*;
/// use kfp_testing::{Options, workflow};
///
/// /// Print a message.
/// #[component]
/// fn report(message: String) {
///     eprintln!("{message}");
/// }
///
/// #[pipeline]
/// fn greeting(p: &Pipeline) {
///     p.add(Report::new().message("hello"));
/// }
///
/// let yaml = workflow(&Greeting::definition(), "greeting", Options::default())?;
/// assert!(yaml.contains("image: pipelines:test"));
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// The pipeline is invalid, or cannot be compiled with these options. The message contains all errors.
pub fn workflow(document: &Document, pipeline: &str, mut options: Options) -> Result<String, String> {
    let invalid = |found: &[Diagnostic]| {
        let surroundings =
            Surroundings { written: None, locations: &document.locations, world: &PackageSources };
        format!("invalid pipeline `{pipeline}`:\n{}", render(found, surroundings, Format::Text, false))
    };
    let main = document.pipeline(pipeline).ok_or_else(|| format!("unknown pipeline `{pipeline}`"))?;
    let outcome = check::check(document, main);
    let has_errors = outcome.diagnostics.iter().any(|found| found.severity == Severity::Error);
    let Some(program) = outcome.program.filter(|_| !has_errors) else {
        return Err(invalid(&outcome.diagnostics));
    };
    options.image.get_or_insert_with(|| IMAGE.to_owned());
    options.python_image.get_or_insert_with(|| PYTHON_IMAGE.to_owned());
    let mut workflow = match compile(&program, &options) {
        Ok(Compiled { lowering, .. }) => lowering.workflow,
        Err(CompileError::Refused(found)) => return Err(invalid(&found)),
        Err(error @ CompileError::Defective(_)) => return Err(error.to_string()),
    };
    remove_runtime(&mut workflow);
    Ok(yaml(&workflow))
}

/// Replaces the programs that run Python functions and notebooks by their version.
fn remove_runtime(workflow: &mut Workflow) {
    let parameters = workflow.spec.arguments.parameters.iter_mut().filter_map(|one| one.value.as_mut());
    let containers = workflow.spec.templates.iter_mut().filter_map(|one| one.container.as_mut());
    let texts = containers.flat_map(|container| container.command.iter_mut().chain(&mut container.args));
    for text in parameters.chain(texts) {
        for (program, placeholder) in [(shim::SOURCE, PYTHON), (shim::NOTEBOOK_RUNNER, NOTEBOOK)] {
            let before = text.as_literal().and_then(|literal| literal.strip_suffix(program));
            if let Some(before) = before {
                *text = Text::literal(format!("{before}{placeholder}"));
            }
        }
    }
}
