//! Runs of a list's items that one other part of the region makes: such a run travels as one parameter.
//!
//! A list that a step is given is a text into which Argo pastes texts, so what stands between two of its commas
//! can be put together in the part where it is made. One by one, a thousand results for one step would be more
//! parameters than a template may have.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Expression, OutputReference, Reference, Task, TaskId, TaskKind};

use crate::lower::analyse::captured::{Captured, collect_expression};
use crate::lower::build::ctx::Ctx;

/// Takes apart what the tasks of a part are given.
pub(in crate::lower) struct Runs<'r, 'c, 'a> {
    pub(in crate::lower) ctx: &'r Ctx<'c, 'a>,
    /// The parts of the region that make something.
    pub(in crate::lower) part_of: &'r BTreeMap<&'a TaskId, usize>,
    /// The part whose tasks they are.
    pub(in crate::lower) part: usize,
}

impl Runs<'_, '_, '_> {
    /// All captured values that the tasks of the part take from anywhere.
    pub(in crate::lower) fn used_by(&self, tasks: &[&Task]) -> BTreeSet<Captured> {
        let mut captures = BTreeSet::new();
        for task in tasks {
            match &task.kind {
                TaskKind::Call(call) if call.arguments.values().any(|given| self.has_run(given)) => {
                    captures.extend(self.ctx.passed_depths(call));
                    call.arguments.values().for_each(|given| self.collect(given, &mut captures));
                }
                _ => captures.extend(self.ctx.used_by_all(&[task])),
            }
        }
        captures
    }

    fn has_run(&self, given: &Expression) -> bool {
        let Expression::List(items) = given else { return false };
        items
            .windows(2)
            .any(|pair| self.maker(&pair[0]).is_some_and(|maker| self.maker(&pair[1]) == Some(maker)))
    }

    /// Adds the captured values of an argument.
    fn collect(&self, given: &Expression, captures: &mut BTreeSet<Captured>) {
        let Expression::List(items) = given else { return collect_expression(given, captures) };
        for run in
            items.chunk_by(|one, next| self.maker(one).is_some() && self.maker(one) == self.maker(next))
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

    /// The other part that makes the item, where it always has a value.
    fn maker(&self, item: &Expression) -> Option<usize> {
        let OutputReference { task, .. } = output(item)?;
        let maker = self.part_of.get(task).copied().filter(|maker| *maker != self.part)?;
        (!self.ctx.checked.may_skip(task)).then_some(maker)
    }
}

fn output(item: &Expression) -> Option<&OutputReference> {
    match item {
        Expression::Reference(Reference::Output(output)) => Some(output),
        _ => None,
    }
}

/// The longest of these runs that the items begin with, and how many items it has.
pub(in crate::lower) fn first<'r>(
    runs: impl Iterator<Item = &'r Captured>,
    items: &[Expression],
) -> Option<(&'r Captured, usize)> {
    let begins = |run: &[OutputReference]| {
        run.len() <= items.len() && run.iter().zip(items).all(|(one, item)| output(item) == Some(one))
    };
    let length = |captured: &'r Captured| match captured {
        Captured::Run(run) if begins(run) => Some((captured, run.len())),
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

    /// What the task is given for the input `numbers`.
    fn given(workflow: &Workflow, task: &str) -> String {
        let tasks = workflow.spec.templates.iter().filter_map(|template| template.dag.as_ref());
        let task = tasks.flat_map(|dag| &dag.tasks).find(|known| known.name == task).unwrap();
        let mut parameters = task.arguments.parameters.iter();
        parameters.find(|parameter| parameter.name == "numbers").unwrap().value.as_ref().unwrap().to_string()
    }

    fn of(idx: u32) -> Value {
        json!({"reference": {"output": {"task": format!("s{idx:03}"), "output": "number"}}})
    }

    /// Steps by number, of which every hundred become a part; then one that is given the numbers of some of them.
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
    fn what_one_part_makes_of_a_list_travels_as_one_parameter() {
        let mut numbers: Vec<Value> = (1..=130).map(of).collect();
        numbers.insert(60, json!({"constant": 7}));
        numbers.push(of(5));
        let document = document(250, &json!({"list": numbers}));
        let workflow = lowered(&document, false);
        // The last hundred steps that are taken make the first part.
        let names =
            ["s001-number-to-s030-number", "s031-number-to-s060-number", "s061-number-to-s130-number"];
        let [first, second, third] = names.map(|name| format!("{{{{inputs.parameters.{name}}}}}"));
        let single = "{{inputs.parameters.s005-number}}";
        assert_eq!(given(&workflow, "sum"), format!("[{first},{second},7,{third},{single}]"));
        let workflow = lowered(&document, true);
        let [first, second, third, fourth] =
            [1, 2, 3, 4].map(|number| format!("{{{{inputs.parameters.value-{number}}}}}"));
        assert_eq!(given(&workflow, "sum"), format!("[{second},{third},7,{fourth},{first}]"));
    }

    #[test]
    fn the_part_that_makes_the_items_joins_their_texts() {
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
