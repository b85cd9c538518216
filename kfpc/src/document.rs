//! Pipeline documents: reading and checking them, and reading the arguments of their pipelines.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use kfp_compiler::check::{Program, called_components, check, entries, recorded_problems};
use kfp_compiler::digest::sha256_hex;
use kfp_compiler::lower::preflight;
use kfp_compiler::read::{self, Source};
use kfp_diag::source::Rejected;
use kfp_diag::{Diagnostic, Surroundings, World};
use kfp_model::Pipeline;
use kfp_runner::{RunError, read_arguments};
use serde_json::Value;

use crate::advice::advised;
use crate::files::{self, Excerpts};
use crate::inspect::Inspection;
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::settings::{Settings, Target};
use crate::source::Text;

/// A pipeline document, and the pipeline binary that wrote it.
#[derive(Debug)]
pub(crate) struct Document {
    source: Source,
    /// The pipeline binary that wrote the document and contains its Rust steps.
    pub(crate) binary: Option<PathBuf>,
    excerpts: Excerpts,
    /// The inspection of its Python sources, if there was one.
    inspection: OnceCell<Inspection>,
}

impl Document {
    /// Parses a document.
    pub(crate) fn read(text: Text) -> Result<Self, Box<Rejected>> {
        let source = read::read(&text.name, &text.bytes)?;
        Ok(Self { source, binary: text.binary, excerpts: text.excerpts, inspection: OnceCell::new() })
    }

    /// Returns the parsed document.
    pub(crate) fn model(&self) -> &kfp_model::Document {
        &self.source.document
    }

    /// Returns the name of the document in messages.
    pub(crate) fn name(&self) -> &str {
        &self.source.name
    }

    /// Returns a digest that identifies the document in bug reports.
    pub(crate) fn digest(&self) -> String {
        sha256_hex(self.source.text.as_bytes())
    }

    /// Returns whether the pipeline binary could not build its pipelines.
    pub(crate) fn is_unbuilt(&self) -> bool {
        self.model().pipelines.is_empty() && !self.model().problems.is_empty()
    }

    /// Returns the problems that the pipeline binary recorded.
    pub(crate) fn problems(&self) -> Vec<Diagnostic> {
        recorded_problems(self.model()).collect()
    }

    /// Inspects the Python sources, so that checks report their problems too. Without a working interpreter, prints a
    /// note that they are not inspected.
    pub(crate) fn inspect(&self, settings: &Settings, printer: &Printer) {
        let python = settings.trusted_python(self.binary.as_deref());
        if let Err(error) = self.inspect_with(python.unwrap_or(Path::new("python3"))) {
            printer.info(format!("note: Python sources are not checked: {error:#}"));
        }
    }

    /// Inspects the Python sources with this interpreter.
    pub(crate) fn inspect_with(&self, python: &Path) -> anyhow::Result<()> {
        let inspection = Inspection::of(self.model(), &self.excerpts, python)?;
        self.inspection.set(inspection).unwrap_or_default();
        Ok(())
    }

    /// Checks one pipeline and reports its diagnostics. Returns `None` if there are errors.
    pub(crate) fn check(
        &self,
        name: Option<&str>,
        reporter: &Reporter<'_>,
    ) -> anyhow::Result<Option<Program<'_>>> {
        let pipeline = self.choose(name)?;
        let mut outcome = check(self.model(), pipeline);
        self.add_inspection(pipeline, &mut outcome.diagnostics);
        let has_errors = reporter.report(self.surroundings(), outcome.diagnostics);
        Ok(outcome.program.filter(|_| !has_errors))
    }

    /// Checks the named pipeline, or all, for the target of the settings. Returns their names and the diagnostics.
    pub(crate) fn check_all(
        &self,
        name: Option<&str>,
        settings: &Settings,
    ) -> anyhow::Result<(Vec<String>, Vec<Diagnostic>)> {
        if self.is_unbuilt() {
            return Ok((Vec::new(), self.problems()));
        }
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
            self.add_inspection(pipeline, &mut diagnostics);
            let is_entry = entries.next_if(|entry| std::ptr::eq(*entry, *pipeline)).is_some();
            if let Some(program) = outcome.program.filter(|_| is_entry && settings.target == Target::Argo) {
                diagnostics.extend(preflight(&program, &options));
            }
        }
        Ok((pipelines.into_iter().map(|pipeline| pipeline.name.clone()).collect(), diagnostics))
    }

    /// Adds the diagnostics of the Python sources that the pipeline runs.
    fn add_inspection(&self, pipeline: &Pipeline, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(inspection) = self.inspection.get() {
            inspection.merge(&called_components(self.model(), pipeline), diagnostics);
        }
    }

    fn choose(&self, name: Option<&str>) -> anyhow::Result<&Pipeline> {
        let pipelines = &self.model().pipelines;
        let names =
            || pipelines.iter().map(|pipeline| format!("`{}`", pipeline.name)).collect::<Vec<_>>().join(", ");
        match (name, pipelines.as_slice()) {
            (_, []) => bail!("there are no pipelines in {}", self.source.name),
            (None, [pipeline]) => Ok(pipeline),
            (None, _) => Err(advised(
                format!("there are several pipelines in {}", self.source.name),
                format!("select one with `--pipeline NAME`: {}", names()),
            )),
            (Some(name), _) => match self.model().pipeline(name) {
                Some(pipeline) => Ok(pipeline),
                None => bail!("unknown pipeline `{name}`, expected one of {}", names()),
            },
        }
    }

    /// Returns what rendering diagnostics requires.
    pub(crate) fn surroundings(&self) -> Surroundings<'_> {
        // The JSON of a pipeline binary is not shown: diagnostics refer to its Rust source.
        let written = self.binary.is_none().then(|| self.source.written());
        Surroundings { written, locations: &self.model().locations, world: self }
    }
}

impl World for Document {
    fn source(&self, path: &str) -> Option<String> {
        let inspected = self.inspection.get().and_then(|inspection| inspection.text(path));
        inspected.cloned().or_else(|| self.excerpts.source(path))
    }
}

/// Returns the values of all parameters of a run, checked against the pipeline.
pub(crate) fn values(
    pipeline: &Pipeline,
    parameters: &[String],
    file: BTreeMap<String, Value>,
) -> anyhow::Result<BTreeMap<String, Value>> {
    Ok(read_arguments(pipeline, &texts(parameters)?, file).map_err(RunError::Arguments)?)
}

/// Returns the values of the parameters that are set, checked against the pipeline; others may be missing. Artifacts
/// remain URIs, as they need not exist on this machine.
pub(crate) fn some_values(
    pipeline: &Pipeline,
    parameters: &[String],
) -> anyhow::Result<BTreeMap<String, Value>> {
    let texts = texts(parameters)?;
    let mut set = pipeline.clone();
    set.inputs.retain(|name, _| texts.contains_key(name));
    let is_known = |name: &String| set.inputs.contains_key(name);
    if !texts.keys().all(is_known) {
        return Err(unknown_only(pipeline, &texts));
    }
    let is_artifact =
        |name: &String| set.inputs.get(name).is_some_and(|input| input.r#type.artifact().is_some());
    let (uris, texts): (BTreeMap<_, _>, _) = texts.into_iter().partition(|(name, _)| is_artifact(name));
    let mut rest = set.clone();
    rest.inputs.retain(|name, _| !uris.contains_key(name));
    let mut values = read_arguments(&rest, &texts, BTreeMap::new()).map_err(RunError::Arguments)?;
    values.extend(uris.into_iter().map(|(name, uri)| (name, Value::from(uri))));
    Ok(values)
}

/// Returns the error for unknown parameters, in which known ones are optional.
fn unknown_only(pipeline: &Pipeline, texts: &BTreeMap<String, String>) -> anyhow::Error {
    let problems = match read_arguments(pipeline, texts, BTreeMap::new()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.into_iter().filter(|problem| texts.contains_key(&problem.name)).collect(),
    };
    RunError::Arguments(problems).into()
}

/// Refuses the spelling of Kubeflow Pipelines for `-p`.
pub(crate) fn refuse_param_option(values: &[String]) -> anyhow::Result<()> {
    match values.first() {
        None => Ok(()),
        Some(value) => Err(advised("unknown option `--param`", format!("use `-p {value}`"))),
    }
}

/// Reads `NAME=VALUE`.
fn texts(parameters: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    for parameter in parameters {
        let (name, text) = parameter
            .split_once('=')
            .ok_or_else(|| anyhow!("invalid `-p {parameter}`: expected NAME=VALUE"))?;
        if texts.insert(name.to_owned(), text.to_owned()).is_some() {
            bail!("duplicate parameter `{name}`");
        }
    }
    Ok(texts)
}

/// Reads the parameters in a JSON or YAML file.
pub(crate) fn parameters_file(path: &Path, printer: &Printer) -> anyhow::Result<BTreeMap<String, Value>> {
    let text = files::read_text(path, printer)?;
    read::parameters(&text).with_context(|| format!("invalid parameters file `{}`", files::shown(path)))
}
