//! Resolves the output types of branches, loops and exit handlers for a whole pipeline.
//!
//! The outputs of such a task may come from another one, and so on. Each type is resolved once, after those that it
//! depends on, without recursion, so the cost is linear in the size of the pipeline.

use std::collections::{BTreeMap, HashSet};

use kfp_model::{Document, Expression, Pipeline, Reference, Region, Task, TaskId, TaskKind, Type};

use super::infer::{Inference, common};
use super::scope::Scopes;
use super::types::{Found, Types};

/// The maximum number of parts of a type. Larger types, which do not occur in practice, become [`Type::Any`].
const MAX_TYPE_SIZE: usize = 2_000;

/// One or several types that are resolved together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Unknown<'a> {
    Item(&'a TaskId),
    Outputs(&'a TaskId),
}

/// Resolves the types of loop items and outputs in a pipeline.
pub(crate) fn resolve<'a>(document: &'a Document, pipeline: &'a Pipeline, scopes: &Scopes<'a>) -> Types<'a> {
    let mut types = Types::default();
    let mut seen = HashSet::new();
    let mut open: Vec<(Unknown<'a>, bool)> = Vec::new();
    for id in scopes.entries.keys() {
        open.push((Unknown::Outputs(id), false));
        open.push((Unknown::Item(id), false));
        while let Some((unknown, ready)) = open.pop() {
            if ready {
                let inference = Inference { document, pipeline, scopes, types: &types };
                let found = find(unknown, inference);
                types.add(found);
            } else if seen.insert(unknown) {
                open.push((unknown, true));
                open.extend(needs(unknown, scopes).into_iter().map(|needed| (needed, false)));
            }
        }
    }
    types
}

fn find<'a>(unknown: Unknown<'a>, inference: Inference<'_, 'a>) -> Found<'a> {
    let scopes = inference.scopes;
    match unknown {
        Unknown::Item(id) => {
            // The items of an empty list have no type that could describe the body, which never runs.
            let TaskKind::Loop(repeat) = &scopes.entries[id].task.kind else { return Found::Unknown };
            match inference.expression(&repeat.items) {
                Some(Type::List(item)) if !item.is_never() => Found::Item(id, bounded(*item)),
                _ => Found::Unknown,
            }
        }
        Unknown::Outputs(id) => Found::Outputs(id, outputs(scopes.entries[id].task, inference)),
    }
}

/// Returns the types that have to be resolved first.
fn needs<'a>(unknown: Unknown<'a>, scopes: &Scopes<'a>) -> Vec<Unknown<'a>> {
    let mut needs = Vec::new();
    let mut collect = |expression: &'a Expression| {
        expression.for_each_reference(&mut |reference| match reference {
            Reference::Output(output) | Reference::Guarded(output) => {
                needs.extend(scopes.entries.get_key_value(&output.task).map(|(id, _)| Unknown::Outputs(id)));
            }
            Reference::Item(task) => {
                needs.extend(scopes.entries.get_key_value(task).map(|(id, _)| Unknown::Item(id)));
            }
            Reference::Input(_) | Reference::Status(_) => {}
        });
    };
    match unknown {
        Unknown::Item(id) => {
            if let TaskKind::Loop(repeat) = &scopes.entries[id].task.kind {
                collect(&repeat.items);
            }
        }
        Unknown::Outputs(id) => {
            yielding(scopes.entries[id].task)
                .into_iter()
                .flat_map(|region| region.yields.values())
                .for_each(collect);
        }
    }
    needs
}

/// Returns the regions whose yields are the outputs of the task.
fn yielding(task: &Task) -> Vec<&Region> {
    match &task.kind {
        TaskKind::Branch(branch) => {
            branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect()
        }
        TaskKind::Loop(repeat) => vec![&repeat.body],
        TaskKind::ExitHandler(handler) => vec![&handler.body],
        TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
    }
}

/// Returns the types of the task's outputs.
fn outputs<'a>(task: &'a Task, inference: Inference<'_, 'a>) -> BTreeMap<&'a str, Type> {
    let regions = yielding(task);
    let Some(first) = regions.first() else { return BTreeMap::new() };
    let output = |name: &'a String| {
        let types: Option<Vec<Type>> =
            regions.iter().map(|region| inference.expression(region.yields.get(name)?)).collect();
        let common = common(types?);
        let r#type = match &task.kind {
            TaskKind::Loop(_) => common.list(),
            TaskKind::Branch(branch) if branch.otherwise.is_none() => common.option(),
            _ => common,
        };
        Some((name.as_str(), bounded(r#type)))
    };
    first.yields.keys().filter_map(output).collect()
}

fn bounded(r#type: Type) -> Type {
    if size(&r#type) > MAX_TYPE_SIZE { Type::Any } else { r#type }
}

fn size(r#type: &Type) -> usize {
    match r#type {
        Type::List(inner) | Type::Map(inner) | Type::Option(inner) => 1 + size(inner),
        Type::Struct(structure) => {
            1 + structure.fields.values().map(|field| size(&field.r#type)).sum::<usize>()
        }
        Type::Enum(choice) => 1 + choice.variants.len(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::check::testing::document;

    /// A chain of branches, each of which yields a pair of the previous value in both arms.
    fn chain(length: usize) -> Document {
        let mut tasks = String::new();
        for idx in 0..length {
            let value = match idx {
                0 => r#"{"constant": 1}"#.to_owned(),
                _ => format!(r#"{{"reference": {{"output": {{"task": "b{}", "output": "x"}}}}}}"#, idx - 1),
            };
            let region = format!(r#"{{"yields": {{"x": {{"struct": {{"l": {value}, "r": {value}}}}}}}}}"#);
            let _ = write!(
                tasks,
                r#"{}{{"id": "b{idx}", "name": "b{idx}", "kind": {{"branch": {{"otherwise": {region}, "arms":
                [{{"name": "a{idx}", "condition": {{"holds": {{"constant": true}}}}, "region": {region}}}]}}}}}}"#,
                if idx == 0 { "" } else { "," }
            );
        }
        document(&serde_json::from_str(&format!("[{tasks}]")).unwrap())
    }

    #[test]
    fn types_of_exponential_size_are_truncated() {
        let document = chain(200);
        let pipeline = &document.pipelines[0];
        let scopes = Scopes::of(pipeline, &kfp_model::Place::root());
        let types = resolve(&document, pipeline, &scopes);
        let last = types.output(&TaskId("b199".to_owned()), "x").unwrap();
        assert!(size(last) <= MAX_TYPE_SIZE);
    }
}
