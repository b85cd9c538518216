//! Invariants of every pipeline and of every run.

use kfp_argo::yaml::yaml;
use kfp_compiler::check::check;
use kfp_compiler::diff::{diff, text};
use kfp_compiler::emit::{dot, mermaid, svg};
use kfp_compiler::lower::{Lowering, NodeMap, Options, lower};
use kfp_compiler::read::read;
use kfp_diag::source::manifests;
use kfp_diag::{Diagnostic, Format, NoSources, Surroundings, Written, render};
use kfp_lint::lint;
use kfp_model::{Document, Locations, Region, TaskKind};
use kfp_runner::Harness;
use serde_json::Value;
use tests::random::RandomPipeline;

use crate::local::{self, Outcome};

/// Returns the broken invariant of the pipeline, if there is one.
pub(crate) fn check_all(pipeline: &RandomPipeline, seed: u64) -> Result<(), String> {
    check_document(&pipeline.document, &pipeline.arguments)?;
    check_runs(pipeline, seed)
}

fn check_document(
    document: &Document,
    arguments: &std::collections::BTreeMap<String, Value>,
) -> Result<(), String> {
    let outcome = check(document, &document.pipelines[0]);
    let Some(program) = outcome.program else {
        return Err(format!("rejected by the checker:\n{}", rendered(None, &outcome.diagnostics)));
    };
    let written = document.to_json();
    let source = read("random.json", written.as_bytes())
        .map_err(|rejected| format!("cannot be read: {}", rendered(None, &rejected.diagnostics)))?;
    if source.document != *document {
        return Err("the document differs after reading it back".to_owned());
    }
    for picture in [svg::svg, dot::dot, mermaid::mermaid] {
        if picture(program.root()).is_empty() {
            return Err("a graph is empty".to_owned());
        }
    }
    let options =
        Options { image: Some("image".to_owned()), arguments: arguments.clone(), ..Options::default() };
    let lowering = lower(&program, &options)
        .map_err(|found| format!("cannot be lowered: {}", rendered(None, &found)))?;
    let manifest = yaml(&lowering.workflow);
    let reordered = reordered(document);
    let outcome = check(&reordered, &reordered.pipelines[0]);
    let Some(other) = outcome.program else {
        return Err(format!("rejected in another order:\n{}", rendered(None, &outcome.diagnostics)));
    };
    let difference = diff(&program, &other);
    if !difference.is_empty() {
        return Err(format!("another order of tasks is reported as a difference: {}", text(&difference)));
    }
    let other =
        lower(&other, &options).map_err(|found| format!("cannot be lowered: {}", rendered(None, &found)))?;
    let other = yaml(&other.workflow);
    if let Some((line, other)) = manifest.lines().zip(other.lines()).find(|(line, other)| line != other) {
        return Err(format!("another order of tasks changes the workflow: `{line}` and `{other}`"));
    }
    check_workflow(&lowering, &manifest)
}

fn check_workflow(lowering: &Lowering, manifest: &str) -> Result<(), String> {
    let found = match manifests("random.yaml", manifest.as_bytes()) {
        Err(rejected) => rendered(Some(rejected.written()), &rejected.diagnostics),
        Ok(file) => rendered(Some(file.written()), &lint(std::slice::from_ref(&file)).remove(0)),
    };
    if !found.is_empty() {
        return Err(format!("the linter reports:\n{found}"));
    }
    let workflow: Value = serde_saphyr::from_str(manifest).map_err(|error| error.to_string())?;
    if NodeMap::of_workflow(&workflow).as_ref() != Ok(&lowering.nodes) {
        return Err("the node map cannot be read back from the workflow".to_owned());
    }
    Ok(())
}

fn check_runs(pipeline: &RandomPipeline, seed: u64) -> Result<(), String> {
    let straight = local::run(pipeline, Harness::new());
    same(&straight, &local::run(pipeline, Harness::new().shuffled(seed)), "in another order")?;
    let attempts = usize::try_from(seed % 12).unwrap_or_default();
    let interrupted = Harness::new().shuffled(seed).interrupted_after(attempts);
    same(&straight, &local::run(pipeline, interrupted), &format!("resumed after {attempts} attempts"))
}

fn same(first: &Outcome, second: &Outcome, how: &str) -> Result<(), String> {
    let mut lines = Vec::new();
    if (first.state, &first.outputs) != (second.state, &second.outputs) {
        let show = |outcome: &Outcome| format!("{} {:?}", outcome.state, outcome.outputs);
        lines.push(format!("the run: {} or {}", show(first), show(second)));
    }
    for (path, task) in &first.tasks {
        match second.tasks.get(path) {
            Some(other) if other == task => {}
            other => lines.push(format!("{path}: {task:?} or {other:?}")),
        }
    }
    let more = second.tasks.keys().filter(|path| !first.tasks.contains_key(*path));
    lines.extend(more.map(|path| format!("{path}: only {how}")));
    if lines.is_empty() { Ok(()) } else { Err(format!("differs {how}:\n{}", lines.join("\n"))) }
}

/// Reverses every list of the document whose order has no meaning.
fn reordered(document: &Document) -> Document {
    let mut document = document.clone();
    document.components.reverse();
    for pipeline in &mut document.pipelines {
        reverse(&mut pipeline.root);
    }
    document
}

fn reverse(region: &mut Region) {
    region.tasks.reverse();
    for task in &mut region.tasks {
        match &mut task.kind {
            TaskKind::Branch(branch) => {
                branch.arms.iter_mut().for_each(|arm| reverse(&mut arm.region));
                branch.otherwise.iter_mut().for_each(reverse);
            }
            TaskKind::Loop(repeat) => reverse(&mut repeat.body),
            TaskKind::ExitHandler(handler) => reverse(&mut handler.body),
            TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
    }
}

fn rendered(written: Option<Written<'_>>, diagnostics: &[Diagnostic]) -> String {
    let surroundings = Surroundings { written, locations: &Locations::default(), world: &NoSources };
    render(diagnostics, surroundings, Format::Text, false)
}
