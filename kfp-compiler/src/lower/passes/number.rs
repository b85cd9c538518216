//! Replaces the names of captured values by numbers, so that graphs that differ only in these names become equal.
//!
//! It is only used if graphs have to be shared, because descriptive names are easier to follow.

use std::collections::BTreeMap;

use crate::lower::plan::{Argument, Naming, Plan, Port, Source, Template, Value};

/// The new names of inputs, by their old names.
type Names = BTreeMap<String, String>;

/// Numbers the captured values of each template, in the order of its inputs.
pub(in crate::lower) fn number(plan: &mut Plan) {
    let mut renamed: BTreeMap<String, Names> = BTreeMap::new();
    for template in &mut plan.templates {
        let names = numbered(&template.inputs);
        if !names.is_empty() {
            rename_inside(template, &names);
            renamed.insert(template.name.clone(), names);
        }
    }
    let tasks = plan.templates.iter_mut().filter_map(Template::graph_mut).flat_map(|graph| &mut graph.tasks);
    let calls = tasks.map(|task| (&task.calls, &mut task.arguments));
    for (callee, arguments) in
        calls.chain(plan.exit.iter_mut().map(|exit| (&exit.calls, &mut exit.arguments)))
    {
        if let Some(names) = renamed.get(callee) {
            rename_arguments(arguments, names);
        }
    }
}

fn numbered(inputs: &[Port]) -> Names {
    let names = inputs.iter().enumerate().filter_map(|(idx, port)| {
        let name = match port.naming {
            Naming::Fixed => return None,
            Naming::Captured => format!("value-{}", idx + 1),
            Naming::Items => "items".to_owned(),
        };
        Some((port.name.clone(), name))
    });
    names.collect()
}

/// Renames the inputs and all references to them.
fn rename_inside(template: &mut Template, names: &Names) {
    let rename = |name: &str| names.get(name).cloned();
    for port in &mut template.inputs {
        if let Some(name) = names.get(&port.name) {
            port.name.clone_from(name);
        }
    }
    for task in template.graph_mut().into_iter().flat_map(|graph| &mut graph.tasks) {
        let arguments = task.arguments.iter_mut().filter_map(|argument| match &mut argument.value {
            Value::Text(text) => Some(text),
            Value::Failures => None,
        });
        arguments.chain(&mut task.items).for_each(|text| text.rename_inputs(rename));
        task.when.iter_mut().for_each(|condition| condition.rename_inputs(rename));
    }
    for output in &mut template.outputs {
        match &mut output.source {
            Source::Task(tag) => tag.rename_inputs(rename),
            Source::Expression(expression, _) => expression.rename_inputs(rename),
            Source::Approver => {}
        }
    }
}

fn rename_arguments(arguments: &mut [Argument], names: &Names) {
    for argument in arguments {
        if let Some(name) = names.get(&argument.name) {
            argument.name.clone_from(name);
        }
    }
}
