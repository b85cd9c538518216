//! Runs: consecutive items of a list that another part of the region produces and that are passed as one parameter.
//!
//! Argo pastes texts into a list argument, so the part that produces consecutive items can join them. With one
//! parameter for each item, a thousand results for one step would exceed the number of parameters of a template.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Expression, OutputReference, Reference, Task, TaskId, TaskKind};

use crate::lower::analyse::captured::{Captured, collect_expression};
use crate::lower::build::ctx::Ctx;

/// Finds the captured values of the tasks of a part, including runs.
pub(in crate::lower) struct Runs<'r, 'c, 'a> {
    pub(in crate::lower) ctx: &'r Ctx<'c, 'a>,
    /// The part of each task of the region.
    pub(in crate::lower) part_of: &'r BTreeMap<&'a TaskId, usize>,
    /// The part that contains the tasks.
    pub(in crate::lower) part: usize,
}

impl Runs<'_, '_, '_> {
    /// Returns all captured values that the tasks of the part use.
    pub(in crate::lower) fn used_by(&self, tasks: &[&Task]) -> BTreeSet<Captured> {
        let mut captures = BTreeSet::new();
        for task in tasks {
            match &task.kind {
                TaskKind::Call(call) if call.arguments.values().any(|argument| self.has_run(argument)) => {
                    captures.extend(self.ctx.passed_depths(call));
                    call.arguments.values().for_each(|argument| self.collect(argument, &mut captures));
                }
                _ => captures.extend(self.ctx.used_by_all(&[task])),
            }
        }
        captures
    }

    fn has_run(&self, argument: &Expression) -> bool {
        let Expression::List(items) = argument else { return false };
        items.windows(2).any(|pair| {
            self.producer(&pair[0]).is_some_and(|producer| self.producer(&pair[1]) == Some(producer))
        })
    }

    /// Adds the captured values of an argument.
    fn collect(&self, argument: &Expression, captures: &mut BTreeSet<Captured>) {
        let Expression::List(items) = argument else { return collect_expression(argument, captures) };
        for run in items
            .chunk_by(|one, next| self.producer(one).is_some() && self.producer(one) == self.producer(next))
        {
            let outputs: Vec<OutputReference> = run.iter().filter_map(output).cloned().collect();
            if run.len() > 1 && outputs.len() == run.len() {
                captures.insert(Captured::Run(outputs));
            } else {
                for item in run {
                    collect_expression(item, captures);
                }
            }
        }
    }

    /// Returns the other part that produces the item, if the item is never absent.
    fn producer(&self, item: &Expression) -> Option<usize> {
        let OutputReference { task, .. } = output(item)?;
        let producer = self.part_of.get(task).copied().filter(|producer| *producer != self.part)?;
        (!self.ctx.checked.may_skip(task)).then_some(producer)
    }
}

fn output(item: &Expression) -> Option<&OutputReference> {
    match item {
        Expression::Reference(Reference::Output(output)) => Some(output),
        _ => None,
    }
}

/// Returns the longest of these runs that the items start with, and its number of items.
pub(in crate::lower) fn first<'r>(
    runs: impl Iterator<Item = &'r Captured>,
    items: &[Expression],
) -> Option<(&'r Captured, usize)> {
    let starts = |run: &[OutputReference]| {
        run.len() <= items.len() && run.iter().zip(items).all(|(one, item)| output(item) == Some(one))
    };
    let length = |captured: &'r Captured| match captured {
        Captured::Run(run) if starts(run) => Some((captured, run.len())),
        _ => None,
    };
    runs.filter_map(length).max_by_key(|(_, length)| *length)
}

#[cfg(test)]
mod tests {
    use kfp_model::Document;
    use serde_json::{Value, json};

    use crate::lower::testing::lowered;
    use kfp_argo::Workflow;

    /// Returns the argument of the task for the input `numbers`.
    fn numbers_of(workflow: &Workflow, task: &str) -> String {
        let tasks = workflow.spec.templates.iter().filter_map(|template| template.dag.as_ref());
        let task = tasks.flat_map(|dag| &dag.tasks).find(|known| known.name == task).unwrap();
        let mut parameters = task.arguments.parameters.iter();
        parameters.find(|parameter| parameter.name == "numbers").unwrap().value.as_ref().unwrap().to_string()
    }

    fn of(idx: u32) -> Value {
        json!({"reference": {"output": {"task": format!("s{idx:03}"), "output": "number"}}})
    }

    /// Numbered steps, of which every hundred become a part, and a step that receives the numbers of some of them.
    fn document(count: u32, numbers: &Value) -> Document {
        let call = |name: &str, component: &str, arguments: Value| {
            json!({"id": name, "name": name,
                "kind": {"call": {"callee": {"component": component}, "arguments": arguments}}})
        };
        let mut tasks: Vec<Value> =
            (1..=count).map(|idx| call(&format!("s{idx:03}"), "step", json!({}))).collect();
        tasks.push(call("sum", "sum", json!({"numbers": numbers})));
        let output = json!({"number": {"type": "integer"}});
        let numbers = json!({"numbers": {"type": {"list": "integer"}}});
        let document = json!({"schema_version": 1,
            "components": {
                "step": {"name": "step", "outputs": output, "implementation": {"rust": {}}},
                "sum": {"name": "sum", "inputs": numbers, "implementation": {"rust": {}}}},
            "pipelines": [{"name": "large", "root": {"tasks": tasks}}]});
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn consecutive_items_of_one_part_are_one_parameter() {
        let mut numbers: Vec<Value> = (1..=130).map(of).collect();
        numbers.insert(60, json!({"constant": 7}));
        numbers.push(of(5));
        let document = document(250, &json!({"list": numbers}));
        let workflow = lowered(&document, false);
        // The last hundred steps that are used become the first part.
        let names =
            ["s001-number-to-s030-number", "s031-number-to-s060-number", "s061-number-to-s130-number"];
        let [first, second, third] = names.map(|name| format!("{{{{inputs.parameters.{name}}}}}"));
        let single = "{{inputs.parameters.s005-number}}";
        assert_eq!(numbers_of(&workflow, "sum"), format!("[{first},{second},7,{third},{single}]"));
        let workflow = lowered(&document, true);
        let [first, second, third, fourth] =
            [1, 2, 3, 4].map(|number| format!("{{{{inputs.parameters.value-{number}}}}}"));
        assert_eq!(numbers_of(&workflow, "sum"), format!("[{second},{third},7,{fourth},{first}]"));
    }

    #[test]
    fn the_producing_part_joins_the_items() {
        let numbers = json!({"list": (1..=230).map(of).collect::<Vec<_>>()});
        let workflow = lowered(&document(230, &numbers), false);
        let templates = workflow.spec.templates.iter();
        let outputs = templates.flat_map(|template| &template.outputs.parameters);
        let mut joined: Vec<String> = outputs
            .filter_map(|output| output.value_from.as_ref()?.expression.clone())
            .flat_map(|expression| {
                expression.to_string().split(" + ',' + ").map(str::to_owned).collect::<Vec<_>>()
            })
            .collect();
        joined.sort_unstable();
        let expect = |idx: u32| format!("tasks['s{idx:03}'].outputs.parameters['number']");
        assert_eq!(joined, (1..=230).map(expect).collect::<Vec<_>>());
    }
}
