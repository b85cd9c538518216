//! Graphs around steps: they check what a container wrote, and reuse the results of steps that retry.
//!
//! Reuse and retries on one template make Argo hang on a hit, hence the second template. Whatever calls the step calls the
//! graph around it instead.

use std::collections::BTreeMap;

use kfp_argo::expression::Expression;
use kfp_model::{Implementation, Output};

use crate::lower::analyse::names;
use crate::lower::analyse::steps::Step;
use crate::lower::build::check;
use crate::lower::build::entry;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument, Body, NOTHING, Plan, Port, Template};

/// The one task of the DAG around.
const STEP: &str = "step";

/// Puts graphs around the steps whose outputs are checked, or whose results are reused although they retry.
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
    let nothing = steps.iter().any(is_checked).then(|| nothing(plan));
    plan.templates.extend(steps.iter().filter_map(|step| wrapper(step, nothing.as_deref())));
}

/// The number of templates that are put around steps, and of those that these need.
pub(in crate::lower) fn count(plan: &Plan, steps: &[Step<'_>]) -> usize {
    let needs_nothing = steps.iter().any(is_checked) && does_nothing(plan).is_none();
    steps.iter().filter(|step| is_wrapped(step)).count() + usize::from(needs_nothing)
}

/// Whether a graph is around the step.
fn is_wrapped(step: &Step<'_>) -> bool {
    step.entry != step.name
}

fn does_nothing(plan: &Plan) -> Option<&Template> {
    plan.templates.iter().find(|template| template.body == Body::Nothing)
}

/// The name of the template that does nothing, which is added where there is none.
fn nothing(plan: &mut Plan) -> String {
    if let Some(template) = does_nothing(plan) {
        return template.name.clone();
    }
    let template = Template::nothing(names::unique(NOTHING, &mut plan.names));
    let name = template.name.clone();
    plan.templates.push(template);
    name
}

/// The graph around the step, where there is one. `nothing` is the name of the template that does nothing.
pub(in crate::lower) fn wrapper(step: &Step<'_>, nothing: Option<&str>) -> Option<Template> {
    if !is_wrapped(step) {
        return None;
    }
    let mut wrapper = match step.component.implementation {
        Implementation::Container(_) => checked_step(step, nothing),
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => {
            reused_step(step)
        }
    };
    wrapper.around = Some(step.name.clone());
    Some(wrapper)
}

/// The graph of a task of that name, which hands everything that the graph receives to the step, and of what follows it.
fn graph_around(step: &Step<'_>, name: &str, check: Option<plan::Task>) -> Template {
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

/// The graph of one task that is memoized in place of a step that retries.
fn reused_step(step: &Step<'_>) -> Template {
    let mut wrapper = graph_around(step, &step.name, None);
    let output = |name: &String| plan::Output {
        global: step.globals.get(name).cloned(),
        ..plan::Output::new(name, plan::Source::Task(terms::output_tag(&step.name, name)))
    };
    wrapper.outputs = step.component.outputs.keys().map(output).collect();
    wrapper
}

/// Whether something that the step gives is checked by the DAG around it.
fn is_checked(step: &Step<'_>) -> bool {
    matches!(step.component.implementation, Implementation::Container(_)) && parameters(step).next().is_some()
}

/// The outputs that are no artifacts: what the container wrote for them is text of any form.
fn parameters<'l>(step: &'l Step<'_>) -> impl Iterator<Item = (&'l String, &'l Output)> {
    step.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_none())
}

/// The expression that refuses what does not fit the type of the output, and returns its JSON text otherwise.
fn checked(name: &str, output: &Output) -> Expression {
    entry::Typed::of("output", name, &output.r#type).checked(&terms::output(STEP, name))
}

/// The graph that runs the container and refuses what it wrote where that does not fit the types of its outputs.
fn checked_step(step: &Step<'_>, nothing: Option<&str>) -> Template {
    let values =
        || parameters(step).map(|(name, output)| Argument::new(name, checked(name, output))).collect();
    let check = nothing
        .filter(|_| is_checked(step))
        .map(|nothing| check::task(plan::Task::nothing(nothing), Some(STEP), values()));
    let mut wrapper = graph_around(step, STEP, check);
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
