//! The limits of the API server, held against a finished workflow, and what takes the room.

use std::collections::BTreeMap;

use kfp_argo::limits;
use kfp_argo::{Template, Workflow};
use kfp_diag::{Code, Diagnostic, codes};

use crate::check::Checked;
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::steps::Step;
use crate::lower::passes::wrap;
use crate::lower::plan::Plan;

/// A limit of the target and what exceeding it is called.
struct Limit {
    code: Code,
    what: &'static str,
    most: usize,
    help: &'static str,
}

const DIVIDE: &str = "divide the pipeline into several ones, or put tasks that belong together into branches";

const TEMPLATES: Limit =
    Limit { code: codes::TOO_MANY_TEMPLATES, what: "templates", most: limits::TEMPLATES, help: DIVIDE };
const TASKS: Limit =
    Limit { code: codes::TOO_MANY_TASKS, what: "tasks in one DAG", most: limits::TASKS, help: DIVIDE };
const VALUES: Limit = Limit {
    code: codes::TOO_MANY_VALUES,
    what: "values in one template",
    most: limits::PARAMETERS,
    help: "let a step before gather the values and hand on the list, or let a loop make and collect them",
};
const BYTES: Limit = Limit { code: codes::TOO_LARGE, what: "bytes", most: limits::BYTES, help: DIVIDE };
/// How many of the things that take the room are named.
const NAMED: usize = 3;

/// Whether the workflow will have more templates than the API server accepts.
pub(in crate::lower) fn are_too_many_templates(plan: &Plan, facts: &Facts<'_, '_>) -> bool {
    let of_steps = facts.steps.len() + wrap::count(plan, &facts.steps);
    plan.templates.len() + of_steps + facts.copies().len() > TEMPLATES.most
}

/// What of the workflow the API server would refuse, and what comes close to it.
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
    if workflow.spec.templates.len() > TEMPLATES.most {
        let notes = templates(facts, steps, workflow);
        found.push(exceeded(root, &TEMPLATES, workflow.spec.templates.len(), notes));
    }
    if let Some((name, tasks)) = largest.filter(|(_, tasks)| *tasks > TASKS.most) {
        let note = format!("they are in template `{name}`, and none can be parted from the others");
        found.push(exceeded(root, &TASKS, tasks, vec![note]));
    }
    if let Some((name, values)) = most_values(workflow).filter(|(_, values)| *values > VALUES.most) {
        let note = format!("template `{name}` takes or gives them");
        found.push(exceeded(root, &VALUES, values, vec![note]));
    }
    if bytes > BYTES.most {
        found.push(exceeded(root, &BYTES, bytes, what_is_large(workflow)));
    } else if bytes > limits::MANY_BYTES {
        found.push(large(root, bytes, what_is_large(workflow)));
    }
    found
}

fn exceeded(root: &Checked<'_>, limit: &Limit, count: usize, notes: Vec<String>) -> Diagnostic {
    let Limit { code, what, most, help } = limit;
    let name = &root.pipeline().name;
    let message = format!("pipeline `{name}` needs {count} {what}, the API server takes {most}");
    let diagnostic = Diagnostic::error(*code, &root.place(), message);
    notes.into_iter().fold(diagnostic, Diagnostic::note).help(*help)
}

fn large(root: &Checked<'_>, bytes: usize, notes: Vec<String>) -> Diagnostic {
    let name = &root.pipeline().name;
    let message = format!("pipeline `{name}` needs {bytes} bytes, which may leave too little for its status");
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

/// The template that takes or gives the most values; what it takes is given by a task of another one.
fn most_values(workflow: &Workflow) -> Option<(&str, usize)> {
    let values =
        |template: &Template| template.inputs.parameters.len().max(template.outputs.parameters.len());
    let templates = workflow.spec.templates.iter();
    templates.map(|template| (template.name.as_str(), values(template))).max_by_key(|(_, values)| *values)
}

/// What the templates are needed for.
fn templates(facts: &Facts<'_, '_>, steps: &[Step<'_>], workflow: &Workflow) -> Vec<String> {
    let of_steps: usize = steps.iter().map(|step| if step.entry == step.name { 1 } else { 2 }).sum();
    let of_graphs = workflow.spec.templates.len() - of_steps;
    let mut notes =
        vec![format!("after equal ones were shared, {of_steps} are for steps and {of_graphs} for graphs")];
    let mut components: BTreeMap<&str, usize> = BTreeMap::new();
    for step in steps.iter().filter(|step| !step.is_shared) {
        *components.entry(&step.component.name).or_default() += 1;
    }
    let of_components = most(components).map(|(name, count)| {
        format!("component `{name}` needs {count}: one for each policy that it is called under")
    });
    let mut pipelines: BTreeMap<&str, usize> = BTreeMap::new();
    for instance in &facts.instances.all {
        *pipelines.entry(instance.name).or_default() += 1;
    }
    let of_pipelines = most(pipelines).map(|(name, count)| {
        format!("pipeline `{name}` is there {count} times: once for each policy or exit handler around it")
    });
    notes.extend(of_components.chain(of_pipelines));
    notes
}

/// Those of which there are several, the most frequent ones first.
fn most(counts: BTreeMap<&str, usize>) -> impl Iterator<Item = (&str, usize)> {
    let mut counts: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().take(NAMED)
}

/// What takes the most bytes.
fn what_is_large(workflow: &Workflow) -> Vec<String> {
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
    let named = parts.into_iter().take(NAMED).map(|(what, bytes)| format!("{what} takes {bytes} of them"));
    let rest = (count > NAMED).then(|| "everything else takes less".to_owned());
    named.chain(rest).collect()
}

/// The length as JSON.
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
