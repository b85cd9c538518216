//! Graphs around steps: they check what a container wrote, and reuse the results of steps that retry.

use kfp_argo::expression::Expression;
use kfp_model::{Implementation, Output};

use crate::lower::analyse::leaves::Leaf;
use crate::lower::build::check;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument, Port};

/// The one task of the DAG around.
const STEP: &str = "step";

/// The graphs around steps whose outputs are checked, or whose results are reused although they retry.
pub(in crate::lower) fn wrappers(ctx: &mut Ctx<'_, '_>) -> Vec<plan::Template> {
    let nothing = ctx.leaves.iter().any(is_checked).then(|| ctx.nothing());
    ctx.leaves.iter().filter_map(|leaf| wrapper(leaf, nothing.as_ref())).collect()
}

/// The graph around the step, where there is one. `nothing` is a task that does nothing.
pub(in crate::lower) fn wrapper(leaf: &Leaf<'_>, nothing: Option<&plan::Task>) -> Option<plan::Template> {
    if leaf.entry == leaf.name {
        return None;
    }
    let mut wrapper = match leaf.component.implementation {
        Implementation::Container(_) => checked_step(leaf, nothing),
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => {
            reused_step(leaf)
        }
    };
    wrapper.around = Some(leaf.name.clone());
    Some(wrapper)
}

/// The graph of a task of that name, which hands everything that the graph receives to the step, and of what follows it.
fn graph_around(leaf: &Leaf<'_>, name: &str, check: Option<plan::Task>) -> plan::Template {
    let names = || leaf.parameters().into_iter();
    let step = plan::Task {
        name: name.to_owned(),
        calls: leaf.name.clone(),
        arguments: names().map(|name| Argument::new(name, terms::input_tag(name))).collect(),
        ..plan::Task::default()
    };
    let tasks = std::iter::once(step).chain(check).collect();
    plan::Template::graph(leaf.entry.clone(), names().map(Port::new).collect(), tasks)
}

/// The graph of one task that is memoized in place of a step that retries.
fn reused_step(leaf: &Leaf<'_>) -> plan::Template {
    let mut wrapper = graph_around(leaf, &leaf.name, None);
    let output = |name: &String| plan::Output {
        global: leaf.globals.get(name).cloned(),
        ..plan::Output::new(name, plan::Source::Task(terms::output_tag(&leaf.name, name)))
    };
    wrapper.outputs = leaf.component.outputs.keys().map(output).collect();
    wrapper
}

/// Whether something that the leaf gives is checked by the DAG around it.
fn is_checked(leaf: &Leaf<'_>) -> bool {
    matches!(leaf.component.implementation, Implementation::Container(_)) && parameters(leaf).next().is_some()
}

/// The outputs that are no artifacts: what the container wrote for them is text of any form.
fn parameters<'l>(leaf: &'l Leaf<'_>) -> impl Iterator<Item = (&'l String, &'l Output)> {
    leaf.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_none())
}

/// The expression that refuses what does not fit the type of the output, and returns its JSON text otherwise.
fn checked(name: &str, output: &Output) -> Expression {
    entry::Typed::of("output", name, &output.r#type).checked(&terms::output(STEP, name))
}

/// The graph that runs the container and refuses what it wrote where that does not fit the types of its outputs.
fn checked_step(leaf: &Leaf<'_>, nothing: Option<&plan::Task>) -> plan::Template {
    let values =
        || parameters(leaf).map(|(name, output)| Argument::new(name, checked(name, output))).collect();
    let check = nothing
        .filter(|_| is_checked(leaf))
        .map(|nothing| check::task(nothing.clone(), Some(STEP), values()));
    let mut wrapper = graph_around(leaf, STEP, check);
    let output = |(name, output): (&String, &Output)| {
        let source = match output.r#type.artifact() {
            Some(_) => plan::Source::Task(terms::output_tag(STEP, name)),
            None => checked(name, output).into(),
        };
        plan::Output { global: leaf.globals.get(name).cloned(), ..plan::Output::new(name, source) }
    };
    wrapper.outputs = leaf.component.outputs.iter().map(output).collect();
    wrapper
}
