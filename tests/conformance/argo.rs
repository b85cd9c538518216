//! `conformance argo`: prints the workflow of a case.

use std::collections::BTreeMap;

use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, PipelineRootError, Store, lower};
use kfp_diag::Diagnostic;
use kfp_model::KeyReference;
use serde_json::Value;
use tests::conformance::located;

use crate::case::Case;

/// Returns the workflow of a case as YAML, with the arguments of one of its runs.
pub(crate) fn workflow(case: &Case, options: &[&str]) -> Result<String, String> {
    let options = read(options)?;
    let document = (case.definition)();
    let name = &case.expected.name;
    let pipeline = document
        .pipeline(name)
        .ok_or_else(|| format!("the document of the case `{name}` has no pipeline of that name"))?;
    let outcome = check(&document, pipeline);
    let program = outcome.program.ok_or_else(|| messages(&outcome.diagnostics))?;
    let root = options.get("--pipeline-root").copied();
    let lowering = Options {
        image: options.get("--image").map(|image| (*image).to_owned()),
        python_image: options.get("--python-image").map(|image| (*image).to_owned()),
        pipeline_root: root.map(str::parse).transpose().map_err(root_error)?,
        // An argument in the folder is below the root by default, so that Argo can load it.
        arguments: arguments(case, options.get("--run").copied(), options.get("--folder").copied().or(root))?,
        stores: lake(options.get("--lake").copied(), options.get("--lake-secret").copied()),
        ..Options::default()
    };
    lower(&program, &lowering)
        .map(|lowering| yaml(&lowering.workflow))
        .map_err(|diagnostics| messages(&diagnostics))
}

/// The options, each of which takes a value.
const NAMES: [&str; 7] =
    ["--image", "--python-image", "--run", "--pipeline-root", "--folder", "--lake", "--lake-secret"];

/// Returns the store that cases import from: an endpoint without TLS, with the keys of a secret.
fn lake(endpoint: Option<&str>, secret: Option<&str>) -> BTreeMap<String, Store> {
    let key = |key: &str| secret.map(|name| KeyReference { name: name.to_owned(), key: key.to_owned() });
    let store = |endpoint: &str| Store {
        endpoint: Some(endpoint.to_owned()),
        insecure: true,
        access_key: key("accesskey"),
        secret_key: key("secretkey"),
        ..Store::new("lake")
    };
    endpoint.into_iter().map(|endpoint| ("lake".to_owned(), store(endpoint))).collect()
}

fn read<'a>(options: &[&'a str]) -> Result<BTreeMap<&'a str, &'a str>, String> {
    let mut read = BTreeMap::new();
    for pair in options.chunks(2) {
        match pair {
            [name, value] if NAMES.contains(name) => read.insert(*name, *value),
            [name, ..] => return Err(format!("unknown option `{name}`, or missing value")),
            [] => None,
        };
    }
    Ok(read)
}

fn root_error(error: PipelineRootError) -> String {
    error.to_string()
}

fn arguments(
    case: &Case,
    run: Option<&str>,
    folder: Option<&str>,
) -> Result<BTreeMap<String, Value>, String> {
    let number: usize =
        run.unwrap_or("0").parse().map_err(|_| "invalid value of `--run`: expected a number".to_owned())?;
    let run = case.expected.runs.get(number);
    let run = run.ok_or_else(|| format!("the case has no run {number}"))?;
    let locate = |value: &Value| folder.map_or_else(|| value.clone(), |folder| located(value, folder));
    Ok(run.arguments.iter().map(|(name, value)| (name.clone(), locate(value))).collect())
}

/// Formats the diagnostics, one per line.
fn messages(diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| format!("{}: {}", diagnostic.code, diagnostic.message);
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}
