//! Random small graphs of steps, branches, loops, exit handlers and called pipelines that wait for each other, and
//! that require or optionally use each other's values.

use std::collections::BTreeMap;

use kfp_model::Document;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// The component whose steps fail.
pub(crate) const BROKEN: &str = "broken";
/// The component whose steps succeed.
pub(crate) const STEP: &str = "step";
/// The parameters that select the arms.
pub(crate) const FLAGS: [&str; 3] = ["f0", "f1", "f2"];

/// The inputs of the steps of a run, in no particular order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct StepInputs(BTreeMap<[String; 3], usize>);

impl StepInputs {
    pub(crate) fn record(&mut self, inputs: [String; 3]) {
        *self.0.entry(inputs).or_default() += 1;
    }
}

/// The outcome of a run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executed {
    pub(crate) step_inputs: StepInputs,
    /// The JSON strings of the outputs, if the run succeeded.
    pub(crate) outputs: Option<BTreeMap<String, String>>,
}

/// One task of the graph.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent random choice")]
pub(crate) struct Node {
    kind: Kind,
    /// The earlier tasks whose values the task requires.
    needs: Vec<Index>,
    /// An earlier task whose value the task uses if it has one.
    takes: Option<Index>,
    after: Vec<Index>,
    breaks: bool,
    /// Whether the task has a fallback for required values that may be absent.
    falls_back: bool,
    /// For steps: whether the task runs after failures, and whether others run after its failure.
    ignores: bool,
    continues: bool,
}

/// The kind of a task. Each contains steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Step,
    /// A branch on a flag, and optionally on whether a required value is large enough.
    Branch {
        flag: usize,
        compares: bool,
        otherwise: bool,
        yields: bool,
    },
    Loop,
    ExitHandler,
    Pipeline,
}

pub(crate) fn graph() -> impl Strategy<Value = Vec<Node>> {
    let branch = (0..FLAGS.len(), any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(flag, compares, otherwise, yields)| Kind::Branch { flag, compares, otherwise, yields });
    let kind = prop_oneof![
        4 => Just(Kind::Step),
        4 => branch,
        1 => Just(Kind::Loop),
        1 => Just(Kind::ExitHandler),
        1 => Just(Kind::Pipeline),
    ];
    let few = || prop::collection::vec(any::<Index>(), 0..2);
    let rarely = || prop::bool::weighted(0.15);
    let node =
        (kind, few(), prop::option::of(any::<Index>()), few(), rarely(), any::<bool>(), rarely(), rarely())
            .prop_map(|(kind, needs, takes, after, breaks, falls_back, ignores, continues)| Node {
                kind,
                needs,
                takes,
                after,
                breaks,
                falls_back,
                ignores: ignores && kind == Kind::Step,
                continues: continues && matches!(kind, Kind::Step | Kind::Pipeline),
            });
    prop::collection::vec(node, 2..9)
}

/// The type of a task's value for other tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Output {
    None,
    Integer,
    Option,
}

/// Returns a document whose main pipeline is the graph and outputs the value of each task that has one.
pub(crate) fn document(nodes: &[Node]) -> Document {
    let mut builder = GraphBuilder::default();
    for (idx, node) in nodes.iter().enumerate() {
        builder.add(idx, node);
    }
    let interface = json!({
        "id": {"type": "integer"}, "all": {"type": {"list": "integer"}},
        "maybe": {"type": {"option": "integer"}},
    });
    let value = json!({"value": {"type": "integer"}});
    let component = |name: &str| json!({"name": name, "inputs": interface, "outputs": value, "implementation": {"rust": {}}});
    let handed_on = ["id", "all", "maybe"].map(|name| (name, json!({"reference": {"input": name}})));
    let handed_on: BTreeMap<&str, Value> = handed_on.into();
    let part = |name: &str, component: &str| {
        json!({"name": name, "inputs": interface, "outputs": value, "root": {
            "tasks": [{"id": "inner", "name": "inner", "kind": {"call": {"callee": {"component": component}, "arguments": handed_on}}}],
            "yields": {"value": reference("inner")},
        }})
    };
    let flags: BTreeMap<&str, Value> = FLAGS.map(|flag| (flag, json!({"type": "boolean"}))).into();
    let root = json!({"tasks": builder.tasks, "yields": builder.yields});
    let main = json!({"name": "main", "inputs": flags, "outputs": builder.outputs, "root": root});
    let document = json!({
        "schema_version": 1,
        "components": {STEP: component(STEP), BROKEN: component(BROKEN)},
        "pipelines": [main, part("part", STEP), part("broken-part", BROKEN)],
    });
    serde_json::from_value(document).expect("the document is valid")
}

#[derive(Default)]
struct GraphBuilder {
    tasks: Vec<Value>,
    values: Vec<Output>,
    /// Whether each task may be skipped.
    skips: Vec<bool>,
    /// Whether each task is a branch that may run no arm.
    idles: Vec<bool>,
    yields: BTreeMap<String, Value>,
    outputs: BTreeMap<String, Value>,
}

fn reference(task: &str) -> Value {
    json!({"reference": {"output": {"task": task, "output": "value"}}})
}

fn name(idx: usize) -> String {
    format!("t{idx}")
}

fn or_default(value: &Value) -> Value {
    json!({"first_present": [value, {"constant": -1}]})
}

impl GraphBuilder {
    fn earlier(&self, index: Index) -> Option<usize> {
        (!self.values.is_empty()).then(|| index.index(self.values.len()))
    }

    fn add(&mut self, idx: usize, node: &Node) {
        let id = name(idx);
        let with_value = |other: &usize| self.values[*other] != Output::None;
        let needs: Vec<usize> =
            node.needs.iter().filter_map(|index| self.earlier(*index)).filter(with_value).collect();
        let takes = node.takes.and_then(|index| self.earlier(index)).filter(with_value);
        let after: Vec<usize> = node.after.iter().filter_map(|index| self.earlier(*index)).collect();
        let needed = |other: &usize| {
            let value = reference(&name(*other));
            let may_be_absent = node.falls_back && self.skips[*other];
            if node.ignores || may_be_absent || self.values[*other] == Output::Option {
                or_default(&value)
            } else {
                value
            }
        };
        let all: Vec<Value> = needs.iter().map(needed).collect();
        let maybe = takes.map_or(json!({"constant": null}), |other| reference(&name(other)));
        let step = |name: &str, number: usize| {
            let component = if node.breaks { BROKEN } else { STEP };
            let arguments =
                json!({"id": {"constant": idx * 10 + number}, "all": {"list": all}, "maybe": maybe});
            json!({"id": name, "name": name.rsplit('.').next(), "kind": {"call": {
                "callee": {"component": component}, "arguments": arguments}}})
        };
        let mut task = json!({"id": id, "name": id, "kind": self.kind(&id, node, &needs, &step)});
        task["after"] = after.iter().map(|other| name(*other)).collect();
        if node.ignores {
            task["trigger"] = "all_done".into();
        }
        if node.continues {
            task["kind"]["call"]["continue_on_failure"] = true.into();
        }
        self.tasks.push(task);
        self.record(idx, node, &needs, &after);
    }

    fn kind(&self, id: &str, node: &Node, needs: &[usize], step: &dyn Fn(&str, usize) -> Value) -> Value {
        let inner = format!("{id}.inner");
        match node.kind {
            Kind::Step => step(id, 0)["kind"].clone(),
            Kind::Pipeline => {
                let mut kind = step(id, 0)["kind"].clone();
                kind["call"]["callee"] =
                    json!({"pipeline": if node.breaks { "broken-part" } else { "part" }});
                kind
            }
            Kind::Loop => {
                json!({"loop": {"items": {"constant": [1, 2]}, "body": {"tasks": [step(&inner, 0)]}}})
            }
            Kind::ExitHandler => {
                let body = json!({"tasks": [step(&inner, 0)], "yields": {"value": reference(&inner)}});
                let mut exit = step(&format!("{id}.exit"), 1);
                let constant = |value: Value| json!({"constant": value});
                exit["kind"]["call"]["callee"] = json!({"component": STEP});
                exit["kind"]["call"]["arguments"]["all"] = constant(json!([]));
                exit["kind"]["call"]["arguments"]["maybe"] = constant(json!(null));
                json!({"exit_handler": {"body": body, "exit": {"tasks": [exit]}}})
            }
            Kind::Branch { flag, compares, otherwise, yields } => {
                let region = |name: &str, number: usize| {
                    let task = format!("{id}.{name}");
                    let mut region = json!({"tasks": [step(&task, number)]});
                    if yields {
                        region["yields"] = json!({"value": reference(&task)});
                    }
                    region
                };
                let flag = json!({"holds": {"reference": {"input": FLAGS[flag]}}});
                let comparison = needs.first().filter(|_| compares).map(|other| {
                    let value = reference(&name(*other));
                    let value =
                        if self.values[*other] == Output::Option { or_default(&value) } else { value };
                    json!({"compare": {"left": value, "operator": "greater", "right": {"constant": 10}}})
                });
                let condition =
                    comparison.map_or(flag.clone(), |comparison| json!({"and": [flag, comparison]}));
                let arm = json!({"name": format!("{id}-arm"), "condition": condition, "region": region("inner", 0)});
                let mut branch = json!({"arms": [arm]});
                if otherwise {
                    branch["otherwise"] = region("other", 1);
                }
                json!({"branch": branch})
            }
        }
    }

    /// Records the properties of the task for later ones, and adds its value to the outputs of the pipeline.
    fn record(&mut self, idx: usize, node: &Node, needs: &[usize], after: &[usize]) {
        let plain = if node.continues { Output::Option } else { Output::Integer };
        let (value, idles, is_own) = match node.kind {
            Kind::Branch { otherwise, yields: true, .. } => {
                (if otherwise { Output::Integer } else { Output::Option }, !otherwise, false)
            }
            Kind::Branch { otherwise, yields: false, .. } => (Output::None, false, !otherwise),
            Kind::Loop => (Output::None, false, false),
            Kind::Step | Kind::ExitHandler | Kind::Pipeline => (plain, false, false),
        };
        let compares = matches!(node.kind, Kind::Branch { compares: true, .. });
        let lacks = |(place, other): (usize, &usize)| {
            // The value that a condition compares has no fallback here.
            let falls_back = node.falls_back && !(compares && place == 0);
            self.skips[*other] && self.values[*other] == Output::Integer && !falls_back
        };
        let waits = |other: &usize| self.skips[*other] || self.idles[*other];
        let skips =
            is_own || (!node.ignores && (needs.iter().enumerate().any(lacks) || after.iter().any(waits)));
        if value != Output::None {
            let name = name(idx);
            // A value that may be absent needs a fallback to become an output of the pipeline.
            let is_there = value == Output::Integer && !skips;
            let decided = if is_there { reference(&name) } else { or_default(&reference(&name)) };
            self.yields.insert(name.clone(), decided);
            self.outputs.insert(name, json!({"type": "integer"}));
        }
        self.values.push(value);
        self.skips.push(skips);
        self.idles.push(idles);
    }
}
