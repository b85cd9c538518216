//! Converts pipelines into facts, without descriptions.

use std::collections::BTreeSet;

use kfp_model::{
    Branch, Call, Callee, Expression, Implementation, Input, Loop, Output, Policy, Region, Task, TaskKind,
    Trigger,
};
use serde::Serialize;
use serde_json::Value;

use super::Subject;
use super::fact::{Fact, Facts, Subjects};
use super::flatten::flatten;
use super::labels::labels;
use crate::check::{Checked, Program};
use crate::emit::describe::{condition, expression};

/// Returns the subjects of the root pipeline and all pipelines that it calls, with the names of the pipelines.
pub(super) fn of_pipelines(program: &Program<'_>) -> Vec<(String, Subjects)> {
    let of_pipeline = |checked: &Checked<'_>| (checked.pipeline().name.clone(), subjects(program, checked));
    program.pipelines().map(of_pipeline).collect()
}

fn subjects(program: &Program<'_>, checked: &Checked<'_>) -> Subjects {
    let pipeline = checked.pipeline();
    let mut whole = json_facts(&pipeline.settings);
    if let Some(version) = &pipeline.version {
        whole.insert("version".to_owned(), Fact::plain(version));
    }
    let mut subjects = Subjects::from([(Subject::Whole, whole)]);
    for (name, input) in &pipeline.inputs {
        subjects.insert(Subject::Parameter(name.clone()), parameter(input));
    }
    for (name, output) in &pipeline.outputs {
        subjects.insert(Subject::Output(name.clone()), self::output(output, pipeline.root.yields.get(name)));
    }
    let labels = labels(pipeline);
    for node in checked.nodes() {
        let mut facts = task(program, checked, node.task);
        let before: Vec<String> = node.dependencies.iter().map(|id| labels[id].clone()).collect();
        if !before.is_empty() {
            facts.insert("runs after".to_owned(), Fact::plain(before.join(", ")));
        }
        subjects.insert(Subject::Task(labels[&node.task.id].clone()), facts);
    }
    subjects
}

fn parameter(input: &Input) -> Facts {
    let mut facts = Facts::from([("type".to_owned(), Fact::of(input.r#type.to_string(), &input.r#type))]);
    if let Some(default) = &input.default {
        facts.insert("default".to_owned(), Fact::plain(default.to_string()));
    }
    facts
}

fn output(output: &Output, yielded: Option<&Expression>) -> Facts {
    let mut facts = Facts::from([("type".to_owned(), Fact::of(output.r#type.to_string(), &output.r#type))]);
    facts.extend(yielded.map(|yielded| ("value".to_owned(), value(yielded))));
    facts
}

fn value(of: &Expression) -> Fact {
    Fact::of(expression(of), of)
}

fn task(program: &Program<'_>, checked: &Checked<'_>, task: &Task) -> Facts {
    let mut facts = match &task.kind {
        TaskKind::Call(call) => self::call(program, checked, task, call),
        TaskKind::Branch(branch) => self::branch(branch),
        TaskKind::Loop(repeat) => self::repeat(repeat),
        TaskKind::ExitHandler(handler) => yields(&handler.body),
        TaskKind::Approval(approval) => without_descriptions(json_facts(approval)),
        TaskKind::Import(import) => {
            let mut facts = Facts::from([
                ("uri".to_owned(), value(&import.uri)),
                ("type".to_owned(), Fact::of(import.r#type.to_string(), &import.r#type)),
            ]);
            facts.extend(import.metadata.iter().map(|(name, of)| (format!("metadata.{name}"), value(of))));
            facts
        }
    };
    if task.trigger != Trigger::AllSucceeded {
        facts.insert("trigger".to_owned(), Fact::plain("all done"));
    }
    if !matches!(task.kind, TaskKind::Call(Call { callee: Callee::Component(_), .. })) {
        facts.extend(json_facts(&task.policy));
    }
    facts
}

fn call(program: &Program<'_>, checked: &Checked<'_>, task: &Task, call: &Call) -> Facts {
    let mut facts = Facts::new();
    for (name, argument) in &call.arguments {
        facts.insert(format!("argument {name}"), value(argument));
    }
    if let Some(depth) = call.max_depth {
        facts.insert("max depth".to_owned(), Fact::plain(depth.to_string()));
    }
    match &call.callee {
        Callee::Pipeline(name) => {
            facts.insert("pipeline".to_owned(), Fact::plain(name));
        }
        Callee::Component(id) => {
            let component = checked.component(id);
            facts.insert("component".to_owned(), Fact::plain(&component.name));
            facts.extend(implementation(&component.implementation));
            for (name, input) in &component.inputs {
                facts.insert(
                    format!("input {name}"),
                    Fact::of(interface(&input.r#type.to_string(), input), &parameter_parts(input)),
                );
            }
            for (name, output) in &component.outputs {
                facts.insert(format!("output {name}"), Fact::of(output.r#type.to_string(), &output.r#type));
            }
            facts.extend(policies(program, checked, task));
        }
    }
    facts
}

/// Returns the policy of the step. If its pipeline is called with different policies, a fact has all values.
fn policies(program: &Program<'_>, checked: &Checked<'_>, task: &Task) -> Facts {
    let mut all: Vec<&Policy> = Vec::new();
    for policy in program.policies(&checked.pipeline().name, &task.id) {
        if !all.contains(&policy) {
            all.push(policy);
        }
    }
    let all: Vec<Facts> = all.into_iter().map(json_facts).collect();
    let names: BTreeSet<&String> = all.iter().flat_map(Facts::keys).collect();
    let merged = names.into_iter().map(|name| {
        let mut values: Vec<Option<&Fact>> = Vec::new();
        for value in all.iter().map(|facts| facts.get(name)) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let shown = |value: Option<&Fact>| value.map_or("not set", |fact| &fact.shown).to_owned();
        let fact = match values.as_slice() {
            [Some(only)] => (*only).clone(),
            _ => Fact::plain(values.iter().copied().map(shown).collect::<Vec<_>>().join(" or ")),
        };
        (name.clone(), fact)
    });
    merged.collect()
}

/// Returns the type, followed by the default if there is one.
fn interface(r#type: &str, input: &Input) -> String {
    input.default.as_ref().map_or_else(|| r#type.to_owned(), |default| format!("{type} = {default}"))
}

fn parameter_parts(input: &Input) -> (Value, Option<&Value>) {
    (serde_json::to_value(&input.r#type).unwrap_or_default(), input.default.as_ref())
}

/// Returns the facts of an implementation, without the path of the source file.
fn implementation(of: &Implementation) -> Facts {
    match of {
        Implementation::Rust(step) => json_facts(step),
        Implementation::Container(step) => json_facts(step),
        Implementation::Python(step) => without_file(json_facts(step)),
        Implementation::Notebook(step) => without_file(json_facts(step)),
    }
}

fn without_file(mut facts: Facts) -> Facts {
    facts.remove("file");
    facts
}

fn branch(branch: &Branch) -> Facts {
    let mut facts = Facts::new();
    for (idx, arm) in branch.arms.iter().enumerate() {
        let fact = Fact::of(condition(&arm.condition), &(idx, &arm.condition));
        facts.insert(format!("condition of {}", arm.name), fact);
        facts.extend(
            yields(&arm.region).into_iter().map(|(name, fact)| (format!("{name} in {}", arm.name), fact)),
        );
    }
    if let Some(otherwise) = &branch.otherwise {
        facts.insert("otherwise".to_owned(), Fact::plain("yes"));
        facts.extend(yields(otherwise).into_iter().map(|(name, fact)| (format!("{name} otherwise"), fact)));
    }
    facts
}

fn repeat(repeat: &Loop) -> Facts {
    let mut facts = yields(&repeat.body);
    facts.insert("items".to_owned(), value(&repeat.items));
    let numbers = [("parallelism", repeat.parallelism), ("max items", repeat.max_items)];
    for (name, number) in numbers {
        facts.extend(number.map(|number| (name.to_owned(), Fact::plain(number.to_string()))));
    }
    facts
}

fn yields(region: &Region) -> Facts {
    region.yields.iter().map(|(name, of)| (format!("yields {name}"), value(of))).collect()
}

/// Returns all parts of a value, by their paths.
/// Removes the descriptions of values. A value with the name `description` keeps its facts, such as its type.
fn without_descriptions(mut facts: Facts) -> Facts {
    facts.retain(|path, _| !path.ends_with(".description"));
    facts
}

fn json_facts(of: &impl Serialize) -> Facts {
    flatten(&serde_json::to_value(of).unwrap_or_default())
}
