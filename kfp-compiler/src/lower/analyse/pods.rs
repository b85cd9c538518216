//! The maximum number of pods of a run: with all retries, with lists of the maximum length, with the largest arm of
//! each branch, and with the maximum depth of each recursion.

use std::collections::BTreeMap;

use kfp_model::{Call, Callee, Expression, Region, Task, TaskId, TaskKind};
use serde_json::Value;

use crate::check::Program;
use crate::lower::analyse::counters::Counter;
use crate::lower::analyse::instances::Instances;
use crate::lower::analyse::places::Places;
use crate::lower::options::Options;

/// The default maximum number of items of a loop.
pub(in crate::lower) const MAX_ITEMS: u32 = 1000;
/// The maximum nesting of templates in Argo; deeper recursions are not counted.
const MAX_DEPTH: u32 = 100;

/// Returns the maximum number of pods of a run, saturating at [`u64::MAX`].
pub(in crate::lower) fn at_most<'a>(
    program: &Program<'a>,
    instances: &Instances<'_, 'a>,
    options: &Options,
) -> u64 {
    Count { program, instances, options, known: BTreeMap::new() }.instance(0, &Depths::new())
}

/// The current depth of each bounded call.
type Depths<'a> = BTreeMap<Counter<'a>, u32>;

struct Count<'s, 'c, 'a> {
    program: &'s Program<'a>,
    instances: &'s Instances<'c, 'a>,
    options: &'s Options,
    known: BTreeMap<(usize, Depths<'a>), u64>,
}

impl<'a> Count<'_, '_, 'a> {
    fn instance(&mut self, instance: usize, depths: &Depths<'a>) -> u64 {
        let key = (instance, depths.clone());
        if let Some(pods) = self.known.get(&key) {
            return *pods;
        }
        let program = self.program;
        let root = &program.pipeline(self.instances.all[instance].name).pipeline().root;
        let pods = self.region(instance, depths, root);
        self.known.insert(key, pods);
        pods
    }

    fn region(&mut self, instance: usize, depths: &Depths<'a>, region: &'a Region) -> u64 {
        let tasks = region.tasks.iter();
        tasks.fold(0, |pods, task| pods.saturating_add(self.task(instance, depths, task)))
    }

    fn task(&mut self, instance: usize, depths: &Depths<'a>, task: &'a Task) -> u64 {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(_), .. }) => {
                let policy = self.instances.policy_of(instance, &task.id);
                1 + policy.retry.as_ref().map_or(0, |retry| u64::from(retry.limit))
            }
            TaskKind::Call(Call { callee: Callee::Pipeline(name), max_depth, .. }) => {
                self.call(instance, depths, &task.id, name, *max_depth)
            }
            TaskKind::Branch(branch) => {
                let regions = branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise);
                regions.map(|region| self.region(instance, depths, region)).max().unwrap_or(0)
            }
            TaskKind::Loop(repeat) => {
                let items = match &repeat.items {
                    Expression::Constant(Value::Array(items)) => items.len() as u64,
                    _ => u64::from(repeat.max_items.unwrap_or(MAX_ITEMS)),
                };
                self.region(instance, depths, &repeat.body).saturating_mul(items)
            }
            TaskKind::ExitHandler(handler) => {
                let body = self.region(instance, depths, &handler.body);
                body.saturating_add(self.region(instance, depths, &handler.exit))
            }
            // An import is copied once, from one of the stores.
            TaskKind::Import(import) => u64::from(!Places::of(self.options, import).stores.is_empty()),
            TaskKind::Approval(_) => 0,
        }
    }

    fn call(
        &mut self,
        instance: usize,
        depths: &Depths<'a>,
        task: &'a TaskId,
        callee: &str,
        max_depth: Option<u32>,
    ) -> u64 {
        let caller = self.instances.all[instance].name;
        let called = self.instances.called(instance, task);
        if !self.program.are_in_cycle(caller, callee) {
            return self.instance(called, &Depths::new());
        }
        let mut depths = depths.clone();
        if let Some(most) = max_depth {
            let depth = depths.entry((caller, task)).or_default();
            if *depth >= most.min(MAX_DEPTH) {
                return 0;
            }
            *depth += 1;
        }
        self.instance(called, &depths)
    }
}

#[cfg(test)]
mod tests {
    use kfp_model::Document;
    use serde_json::{Value, json};

    use super::*;
    use crate::check::check;

    fn step(name: &str, retries: u32) -> Value {
        let mut task = json!({"id": name, "name": name, "kind": {"call": {"callee": {"component": "work"}}}});
        if retries > 0 {
            task["policy"] = json!({"retry": {"limit": retries}});
        }
        task
    }

    fn call(name: &str, pipeline: &str, max_depth: Option<u32>) -> Value {
        let mut call = json!({"callee": {"pipeline": pipeline}});
        if let Some(most) = max_depth {
            call["max_depth"] = most.into();
        }
        json!({"id": name, "name": name, "kind": {"call": call}})
    }

    fn repeat(name: &str, items: Value, max_items: Option<u32>, body: Value) -> Value {
        let mut repeat = json!({"items": items, "body": {"tasks": body}});
        if let Some(most) = max_items {
            repeat["max_items"] = most.into();
        }
        json!({"id": name, "name": name, "kind": {"loop": repeat}})
    }

    fn pods(root: Value, called: Value) -> u64 {
        let document: Document = serde_json::from_value(json!({"schema_version": 1,
        "components": {"work": {"name": "work", "implementation": {"rust": {}}}},
        "pipelines": [
            {"name": "p", "inputs": {"list": {"type": {"list": "integer"}}}, "root": {"tasks": root}},
            {"name": "q", "root": {"tasks": called}},
        ]}))
        .unwrap();
        let outcome = check(&document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        at_most(&program, &Instances::of(&program), &Options::default())
    }

    #[test]
    fn the_maximum_number_of_pods_is_counted() {
        let none = || json!([step("x", 0)]);
        let list = || json!({"reference": {"input": "list"}});
        let arm = |name: &str, tasks: Value| json!({"name": name, "condition": {"holds": {"constant": true}}, "region": {"tasks": tasks}});
        let branch = json!({"id": "b", "name": "b", "kind": {"branch": {
            "arms": [arm("one", json!([step("b.a", 0)])), arm("two", json!([step("b.b", 4)]))],
            "otherwise": {"tasks": [step("b.c", 1)]},
        }}});
        let handler = json!({"id": "g", "name": "g", "kind": {"exit_handler": {
            "body": {"tasks": [step("g.a", 0), step("g.b", 0)]}, "exit": {"tasks": [step("g.c", 1)]},
        }}});
        for (what, root, called, expect) in [
            ("a step with retries", json!([step("a", 2), step("b", 0)]), none(), 4),
            (
                "a constant list",
                json!([repeat("l", json!({"constant": [1, 2, 3]}), None, json!([step("l.a", 1)]))]),
                none(),
                6,
            ),
            (
                "a list with a bound",
                json!([repeat("l", list(), Some(7), json!([step("l.a", 0)]))]),
                none(),
                7,
            ),
            (
                "a list without a bound",
                json!([repeat("l", list(), None, json!([step("l.a", 0)]))]),
                none(),
                1000,
            ),
            (
                "a loop in a loop",
                json!([repeat(
                    "l",
                    list(),
                    Some(7),
                    json!([repeat("l.m", list(), Some(5), json!([step("l.m.a", 0)]))])
                )]),
                none(),
                35,
            ),
            ("the largest arm", json!([branch]), none(), 5),
            ("an exit handler", json!([handler]), none(), 4),
            (
                "two calls",
                json!([call("c", "q", None), call("d", "q", None)]),
                json!([step("x", 0), step("y", 0)]),
                4,
            ),
            // At depths 0 to 5.
            (
                "recursion",
                json!([call("c", "q", None)]),
                json!([step("x", 0), call("again", "q", Some(5))]),
                6,
            ),
            // The pipeline itself, left, right, left after right, right after left.
            (
                "two bounded recursive calls",
                json!([call("c", "q", None)]),
                json!([step("x", 0), call("l", "q", Some(1)), call("r", "q", Some(1))]),
                5,
            ),
            (
                "recursion in a loop",
                json!([call("c", "q", None)]),
                json!([
                    step("x", 0),
                    repeat("l", json!({"constant": [1, 2]}), None, json!([call("l.again", "q", Some(3))]))
                ]),
                15,
            ),
        ] {
            assert_eq!(pods(root, called), expect, "{what}");
        }
    }

    #[test]
    fn the_number_saturates() {
        let list = || json!({"reference": {"input": "list"}});
        let mut body = json!([step("l1.l2.l3.l4.l5.l6.l7.a", 0)]);
        for depth in (1..8).rev() {
            let id: Vec<String> = (1..=depth).map(|level| format!("l{level}")).collect();
            let mut inner = repeat(&id.join("."), list(), None, body);
            inner["name"] = format!("l{depth}").into();
            body = json!([inner]);
        }
        assert_eq!(pods(body, json!([step("x", 0)])), u64::MAX);
    }
}
