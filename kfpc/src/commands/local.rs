//! What `kfpc run` and `kfpc plan` have in common: the values of parameters, and the options of local runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kfp_model::Pipeline;
use kfp_runner::Options;
use serde_json::Value;

use crate::arguments::{LocalArguments, ParameterArguments, Size};
use crate::document;
use crate::printer::Printer;
use crate::program;
use crate::settings::Settings;

/// Returns the values of the parameters of a pipeline, from the command line and the file of `--params`.
pub(super) fn values(
    pipeline: &Pipeline,
    arguments: &ParameterArguments,
    printer: &Printer,
) -> anyhow::Result<BTreeMap<String, Value>> {
    let file =
        arguments.params.as_deref().map(|path| document::parameters_file(path, printer)).transpose()?;
    document::values(pipeline, &arguments.parameters, file.unwrap_or_default())
}

/// Returns the options for the store, the binary and the interpreter. `python` is the interpreter of the settings, if it
/// may be started.
pub(super) fn options(
    arguments: &LocalArguments,
    settings: &Settings,
    working_folder: &Path,
    pipeline_binary: Option<&Path>,
    python: Option<&Path>,
) -> anyhow::Result<Options> {
    let store = arguments.store.store.clone().unwrap_or_else(|| settings.run_store(working_folder));
    let mut options = Options::new(store);
    options.stores = settings.store_folders()?;
    options.digest_limit = settings.digest_limit.map(|Size(bytes)| bytes);
    if let Some(binary) = &arguments.binary {
        program::verify(binary)?;
    }
    options.binary = arguments.binary.as_deref().or(pipeline_binary).map(PathBuf::from);
    if let Some(python) = arguments.python.as_deref().or(python) {
        python.clone_into(&mut options.python);
    }
    Ok(options)
}
