//! Wraps steps in graphs that check the outputs of containers or cache the results of steps with retries.
//!
//! A template with both memoization and retries makes Argo hang on a cache hit, so a second template is required.
//! Callers of the step call the wrapper instead.

use std::collections::BTreeMap;

use kfp_argo::expression::Expression;
use kfp_model::{Implementation, Output};

use crate::lower::analyse::names;
use crate::lower::analyse::steps::Step;
use crate::lower::build::check;
use crate::lower::build::entry;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument, Body, NOOP, Plan, Port, Template};

/// The task of a wrapper that runs the step.
const STEP: &str = "step";

/// Adds wrappers for steps whose outputs are checked, and for cached steps with retries.
pub(in crate::lower) fn wrap(plan: &mut Plan, steps: &[Step<'_>]) {
    let entries: BTreeMap<&str, &str> = steps
        .iter()
        .filter(|step| is_wrapped(step))
        .map(|step| (step.name.as_str(), step.entry.as_str()))
        .collect();
    for graph in plan.templates.iter_mut().filter_map(Template::graph_mut) {
        for task in &mut graph.tasks {
            if let Some(entry) = entries.get(task.calls.as_str()) {
                task.calls = (*entry).to_owned();
            }
        }
    }
    let noop = steps.iter().any(is_checked).then(|| noop(plan));
    plan.templates.extend(steps.iter().filter_map(|step| wrapper(step, noop.as_deref())));
}

/// Returns the number of templates that [`wrap`] adds.
pub(in crate::lower) fn count(plan: &Plan, steps: &[Step<'_>]) -> usize {
    let needs_noop = steps.iter().any(is_checked) && find_noop(plan).is_none();
    steps.iter().filter(|step| is_wrapped(step)).count() + usize::from(needs_noop)
}

/// Whether the step has a wrapper.
fn is_wrapped(step: &Step<'_>) -> bool {
    step.entry != step.name
}

fn find_noop(plan: &Plan) -> Option<&Template> {
    plan.templates.iter().find(|template| template.body == Body::Noop)
}

/// Returns the name of the no-op template, which is added if it does not exist.
fn noop(plan: &mut Plan) -> String {
    if let Some(template) = find_noop(plan) {
        return template.name.clone();
    }
    let template = Template::noop(names::unique(NOOP, &mut plan.names));
    let name = template.name.clone();
    plan.templates.push(template);
    name
}

/// Returns the wrapper of the step, if it has one. `noop` is the name of the no-op template.
pub(in crate::lower) fn wrapper(step: &Step<'_>, noop: Option<&str>) -> Option<Template> {
    if !is_wrapped(step) {
        return None;
    }
    let mut wrapper = match step.component.implementation {
        Implementation::Container(_) => checked_step(step, noop),
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => {
            cached_step(step)
        }
    };
    wrapper.wraps = Some(step.name.clone());
    Some(wrapper)
}

/// Returns a graph of a task that passes all inputs of the graph to the step, and of an optional check after it.
fn wrapper_graph(step: &Step<'_>, name: &str, check: Option<plan::Task>) -> Template {
    let names = || step.parameters().into_iter();
    let task = plan::Task {
        name: name.to_owned(),
        calls: step.name.clone(),
        arguments: names().map(|name| Argument::new(name, terms::input_tag(name))).collect(),
        ..plan::Task::default()
    };
    let tasks = std::iter::once(task).chain(check).collect();
    Template::graph(step.entry.clone(), names().map(Port::new).collect(), tasks)
}

/// Returns the graph of one task that is memoized instead of a step with retries.
fn cached_step(step: &Step<'_>) -> Template {
    let mut wrapper = wrapper_graph(step, &step.name, None);
    let output = |name: &String| plan::Output {
        global: step.globals.get(name).cloned(),
        ..plan::Output::new(name, plan::Source::Task(terms::output_tag(&step.name, name)))
    };
    wrapper.outputs = step.component.outputs.keys().map(output).collect();
    wrapper
}

/// Whether the wrapper checks an output of the step.
fn is_checked(step: &Step<'_>) -> bool {
    matches!(step.component.implementation, Implementation::Container(_)) && parameters(step).next().is_some()
}

/// Returns the outputs that are not artifacts, for which the container may write any text.
fn parameters<'l>(step: &'l Step<'_>) -> impl Iterator<Item = (&'l String, &'l Output)> {
    step.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_none())
}

/// Returns the expression that fails if the output does not have its type, and returns its JSON text otherwise.
fn checked(name: &str, output: &Output) -> Expression {
    entry::ExternalText::of("output", name, &output.r#type).checked(&terms::output(STEP, name))
}

/// Returns the graph that runs the container and checks the types of its outputs.
fn checked_step(step: &Step<'_>, noop: Option<&str>) -> Template {
    let values =
        || parameters(step).map(|(name, output)| Argument::new(name, checked(name, output))).collect();
    let check = noop
        .filter(|_| is_checked(step))
        .map(|noop| check::task(plan::Task::noop(noop), Some(STEP), values()));
    let mut wrapper = wrapper_graph(step, STEP, check);
    let output = |(name, output): (&String, &Output)| {
        let source = match output.r#type.artifact() {
            Some(_) => plan::Source::Task(terms::output_tag(STEP, name)),
            None => checked(name, output).into(),
        };
        plan::Output { global: step.globals.get(name).cloned(), ..plan::Output::new(name, source) }
    };
    wrapper.outputs = step.component.outputs.iter().map(output).collect();
    wrapper
}
