//! Checks a finished workflow against the limits of the API server, and reports what uses most space.

use std::collections::BTreeMap;
use std::fmt::Display;

use kfp_argo::limits;
use kfp_argo::{Template, Workflow};
use kfp_diag::{Code, Diagnostic, codes};

use crate::check::Checked;
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::steps::Step;
use crate::lower::passes::wrap;
use crate::lower::plan::Plan;

/// A limit of the API server and how exceeding it is reported.
struct Limit {
    code: Code,
    what: &'static str,
    max: usize,
    help: &'static str,
}

const DIVIDE: &str = "split the pipeline into several ones, or group tasks into branches";

const TEMPLATES: Limit =
    Limit { code: codes::TOO_MANY_TEMPLATES, what: "templates", max: limits::TEMPLATES, help: DIVIDE };
const TASKS: Limit =
    Limit { code: codes::TOO_MANY_TASKS, what: "tasks in one DAG", max: limits::TASKS, help: DIVIDE };
const VALUES: Limit = Limit {
    code: codes::TOO_MANY_VALUES,
    what: "values in one template",
    max: limits::PARAMETERS,
    help: "collect the values into a list in an earlier step, or produce and collect them in a loop",
};
const BYTES: Limit = Limit { code: codes::TOO_LARGE, what: "bytes", max: limits::BYTES, help: DIVIDE };
/// The number of largest parts that are reported.
const REPORTED: usize = 3;

/// Whether the workflow will have more templates than the API server accepts.
pub(in crate::lower) fn are_too_many_templates(plan: &Plan, facts: &Facts<'_, '_>) -> bool {
    let of_steps = facts.steps.len() + wrap::count(plan, &facts.steps);
    plan.templates.len() + of_steps + facts.copies().len() > TEMPLATES.max
}

/// Reports more templates of steps than the API server accepts, before graphs are built. `count` returns the number of
/// templates that remain after sharing equal ones, at least.
pub(in crate::lower) fn check_steps(
    facts: &Facts<'_, '_>,
    count: impl FnOnce(&[Step<'_>]) -> usize,
) -> Option<Diagnostic> {
    if facts.options.any_size || facts.steps.len() <= TEMPLATES.max {
        return None;
    }
    let of_steps = count(&facts.steps);
    (of_steps > TEMPLATES.max).then(|| {
        let mut notes = vec!["they are for steps, after sharing equal ones".to_owned()];
        notes.extend(causes(facts, &facts.steps));
        exceeded(facts.program.root(), &TEMPLATES, &format!("at least {of_steps}"), notes)
    })
}

/// Reports exceeded limits of the API server, and a size that is close to the limit.
pub(in crate::lower) fn check(
    facts: &Facts<'_, '_>,
    steps: &[Step<'_>],
    workflow: &Workflow,
) -> Vec<Diagnostic> {
    if facts.options.any_size {
        return Vec::new();
    }
    let root = facts.program.root();
    let largest = largest_graph(workflow);
    let bytes = length(workflow);
    let mut found = Vec::new();
    if workflow.spec.templates.len() > TEMPLATES.max {
        let notes = templates(facts, steps, workflow);
        found.push(exceeded(root, &TEMPLATES, &workflow.spec.templates.len(), notes));
    }
    if let Some((name, tasks)) = largest.filter(|(_, tasks)| *tasks > TASKS.max) {
        let note = format!("they are in template `{name}`, which cannot be split");
        found.push(exceeded(root, &TASKS, &tasks, vec![note]));
    }
    if let Some((name, values)) = most_values(workflow).filter(|(_, values)| *values > VALUES.max) {
        let note = format!("they are inputs or outputs of template `{name}`");
        found.push(exceeded(root, &VALUES, &values, vec![note]));
    }
    if bytes > BYTES.max {
        found.push(exceeded(root, &BYTES, &bytes, largest_parts(workflow)));
    } else if bytes > limits::MANY_BYTES {
        found.push(large(root, bytes, largest_parts(workflow)));
    }
    found
}

fn exceeded(root: &Checked<'_>, limit: &Limit, count: &dyn Display, notes: Vec<String>) -> Diagnostic {
    let Limit { code, what, max, help } = limit;
    let name = &root.pipeline().name;
    let message = format!("pipeline `{name}` requires {count} {what}, more than the limit of {max}");
    let diagnostic = Diagnostic::error(*code, &root.place(), message);
    notes.into_iter().fold(diagnostic, Diagnostic::note).help(*help)
}

fn large(root: &Checked<'_>, bytes: usize, notes: Vec<String>) -> Diagnostic {
    let name = &root.pipeline().name;
    let message =
        format!("pipeline `{name}` requires {bytes} bytes, which may leave too little space for its status");
    let diagnostic = Diagnostic::warning(codes::LARGE, &root.place(), message);
    notes.into_iter().fold(diagnostic, Diagnostic::note)
}

fn largest_graph(workflow: &Workflow) -> Option<(&str, usize)> {
    let graphs =
        workflow.spec.templates.iter().filter_map(|template| {
            template.dag.as_ref().map(|dag| (template.name.as_str(), dag.tasks.len()))
        });
    graphs.max_by_key(|(_, tasks)| *tasks)
}

/// Returns the template with the most inputs or outputs.
fn most_values(workflow: &Workflow) -> Option<(&str, usize)> {
    let values =
        |template: &Template| template.inputs.parameters.len().max(template.outputs.parameters.len());
    let templates = workflow.spec.templates.iter();
    templates.map(|template| (template.name.as_str(), values(template))).max_by_key(|(_, values)| *values)
}

/// Returns notes on what the templates are needed for.
fn templates(facts: &Facts<'_, '_>, steps: &[Step<'_>], workflow: &Workflow) -> Vec<String> {
    let of_steps: usize = steps.iter().map(|step| if step.entry == step.name { 1 } else { 2 }).sum();
    let of_graphs = workflow.spec.templates.len() - of_steps;
    let mut notes =
        vec![format!("after sharing equal ones, {of_steps} are for steps and {of_graphs} for graphs")];
    notes.extend(causes(facts, steps));
    notes
}

/// Returns notes on the components and pipelines that require most templates.
fn causes(facts: &Facts<'_, '_>, steps: &[Step<'_>]) -> Vec<String> {
    let mut components: BTreeMap<&str, usize> = BTreeMap::new();
    for step in steps.iter().filter(|step| !step.is_shared) {
        *components.entry(&step.component.name).or_default() += 1;
    }
    let of_components = most_frequent(components).map(|(name, count)| {
        format!("component `{name}` requires {count}: one for each policy that it is called with")
    });
    let mut pipelines: BTreeMap<&str, usize> = BTreeMap::new();
    for instance in &facts.instances.all {
        *pipelines.entry(instance.name).or_default() += 1;
    }
    let of_pipelines = most_frequent(pipelines).map(|(name, count)| {
        format!("pipeline `{name}` is compiled {count} times: once for each inherited policy or exit handler")
    });
    of_components.chain(of_pipelines).collect()
}

/// Returns the most frequent names, without those that occur once.
fn most_frequent(counts: BTreeMap<&str, usize>) -> impl Iterator<Item = (&str, usize)> {
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().take(REPORTED)
}

/// Returns notes on the largest parts of the workflow.
fn largest_parts(workflow: &Workflow) -> Vec<String> {
    let kind = |template: &Template| if template.container.is_some() { "step" } else { "graph" };
    let templates = workflow.spec.templates.iter();
    let templates =
        templates.map(|template| (format!("{} `{}`", kind(template), template.name), length(template)));
    let parameters = workflow.spec.arguments.parameters.iter();
    let parameters =
        parameters.map(|parameter| (format!("parameter `{}`", parameter.name), length(parameter)));
    let metadata = ("the pipeline's description".to_owned(), length(&workflow.metadata));
    let mut parts: Vec<(String, usize)> = templates.chain(parameters).chain([metadata]).collect();
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let count = parts.len();
    let largest = parts.into_iter().take(REPORTED).map(|(what, bytes)| format!("{what} has {bytes} bytes"));
    let rest = (count > REPORTED).then(|| "all other parts are smaller".to_owned());
    largest.chain(rest).collect()
}

/// Returns the length of a value as JSON.
fn length(value: &impl serde::Serialize) -> usize {
    struct Counter(usize);
    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).map_or(0, |()| counter.0)
}
