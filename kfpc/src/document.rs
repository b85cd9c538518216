//! A document that was read, and everything that is told about it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use kfp_compiler::check::{Program, check, entries};
use kfp_compiler::digest::sha256_hex;
use kfp_compiler::lower::preflight;
use kfp_compiler::read::{self, Source};
use kfp_diag::source::Rejected;
use kfp_diag::{Diagnostic, Surroundings};
use kfp_model::Pipeline;
use kfp_runner::{RunError, read_arguments};
use serde_json::Value;

use crate::files::{self, Excerpts};
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::settings::{Settings, Target};
use crate::source::Text;

/// A document with the program that wrote it.
#[derive(Debug)]
pub(crate) struct Document {
    source: Source,
    /// The program that has the Rust steps, where the document came from one.
    pub(crate) binary: Option<PathBuf>,
    excerpts: Excerpts,
}

impl Document {
    /// Reads a text as a document.
    pub(crate) fn read(text: Text) -> Result<Self, Box<Rejected>> {
        let source = read::read(&text.name, &text.bytes)?;
        Ok(Self { source, binary: text.binary, excerpts: text.excerpts })
    }

    /// The document itself.
    pub(crate) fn model(&self) -> &kfp_model::Document {
        &self.source.document
    }

    /// What tells the document from others, in reports of bugs.
    pub(crate) fn digest(&self) -> String {
        sha256_hex(self.source.text.as_bytes())
    }

    /// Checks one pipeline; what is wrong with it is reported. Nothing is given where there are errors.
    pub(crate) fn check(
        &self,
        name: Option<&str>,
        reporter: &Reporter<'_>,
    ) -> anyhow::Result<Option<Program<'_>>> {
        let outcome = check(self.model(), self.choose(name)?);
        let wrong = reporter.tell(self, outcome.diagnostics);
        Ok(outcome.program.filter(|_| !wrong))
    }

    /// Checks the named pipeline, or all of them, for what runs them. Returns their names, and what was found.
    pub(crate) fn check_all(
        &self,
        name: Option<&str>,
        settings: &Settings,
    ) -> anyhow::Result<(Vec<String>, Vec<Diagnostic>)> {
        let pipelines = match name {
            Some(_) => vec![self.choose(name)?],
            None => self.model().pipelines.iter().collect(),
        };
        let entries = if name.is_some() { pipelines.clone() } else { entries(self.model()) };
        let mut entries = entries.into_iter().peekable();
        let options = settings.options()?;
        let mut diagnostics = Vec::new();
        for pipeline in &pipelines {
            let outcome = check(self.model(), pipeline);
            diagnostics.extend(outcome.diagnostics);
            let is_entry = entries.next_if(|entry| std::ptr::eq(*entry, *pipeline)).is_some();
            if let Some(program) = outcome.program.filter(|_| is_entry && settings.target == Target::Argo) {
                diagnostics.extend(preflight(&program, &options));
            }
        }
        Ok((pipelines.into_iter().map(|pipeline| pipeline.name.clone()).collect(), diagnostics))
    }

    fn choose(&self, name: Option<&str>) -> anyhow::Result<&Pipeline> {
        let pipelines = &self.model().pipelines;
        let names =
            || pipelines.iter().map(|pipeline| format!("`{}`", pipeline.name)).collect::<Vec<_>>().join(", ");
        match (name, pipelines.as_slice()) {
            (_, []) => bail!("there is no pipeline in {}", self.source.name),
            (None, [pipeline]) => Ok(pipeline),
            (None, _) => bail!("there are several pipelines: choose one with `--pipeline`: {}", names()),
            (Some(name), _) => match self.model().pipeline(name) {
                Some(pipeline) => Ok(pipeline),
                None => bail!("there is no pipeline `{name}`: choose one of {}", names()),
            },
        }
    }

    /// What rendering needs besides the diagnostics.
    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        // What a program wrote nobody reads: its lines of Rust are shown, or nothing.
        let written = self.binary.is_none().then(|| self.source.written());
        Surroundings { written, locations: &self.model().locations, world: &self.excerpts }
    }
}

/// The values of all parameters of a run, checked against the pipeline.
pub(crate) fn values(
    pipeline: &Pipeline,
    parameters: &[String],
    file: BTreeMap<String, Value>,
) -> anyhow::Result<BTreeMap<String, Value>> {
    Ok(read_arguments(pipeline, &texts(parameters)?, file).map_err(RunError::Arguments)?)
}

/// The values of the parameters that are given, checked against the pipeline; others may be missing. Artifacts
/// stay the URIs that they are given as: they need not be here.
pub(crate) fn some_values(
    pipeline: &Pipeline,
    parameters: &[String],
) -> anyhow::Result<BTreeMap<String, Value>> {
    let texts = texts(parameters)?;
    let mut set = pipeline.clone();
    set.inputs.retain(|name, _| texts.contains_key(name));
    // An unknown name is reported with all names that there are.
    let complete = if texts.keys().all(|name| set.inputs.contains_key(name)) { &set } else { pipeline };
    let is_artifact =
        |name: &String| complete.inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some());
    let (uris, texts): (BTreeMap<_, _>, _) = texts.into_iter().partition(|(name, _)| is_artifact(name));
    let mut rest = complete.clone();
    rest.inputs.retain(|name, _| !uris.contains_key(name));
    let mut values = read_arguments(&rest, &texts, BTreeMap::new()).map_err(RunError::Arguments)?;
    values.extend(uris.into_iter().map(|(name, uri)| (name, Value::from(uri))));
    Ok(values)
}

/// Reads `NAME=VALUE`.
fn texts(parameters: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for parameter in parameters {
        let (name, text) =
            parameter.split_once('=').ok_or_else(|| anyhow!("`-p {parameter}`: write NAME=VALUE"))?;
        if texts.insert(name.to_owned(), text.to_owned()).is_some() {
            bail!("parameter `{name}` is given twice");
        }
    }
    Ok(texts)
}

/// The parameters in a JSON or YAML file.
pub(crate) fn parameters_file(path: &Path, printer: &Printer) -> anyhow::Result<BTreeMap<String, Value>> {
    let text = files::read_text(path, printer)?;
    read::parameters(&text).with_context(|| format!("`{}` has no parameters by name", files::shown(path)))
}
