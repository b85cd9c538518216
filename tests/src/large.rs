//! Pipelines of any size, to measure how cost grows with the number of tasks.

use kfp_model::Document;
use serde_json::{Map, Value, json};

/// How the tasks of a large pipeline depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Each task takes the output of the previous one.
    Chain,
    /// One task takes the outputs of all the others.
    Fan,
    /// Loops in loops, each pair with a chain of eight steps.
    NestedLoops,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 3] = [Self::Chain, Self::Fan, Self::NestedLoops];

    /// The name of the shape in benchmark results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Fan => "fan",
            Self::NestedLoops => "nested loops",
        }
    }

    /// Returns a document with one pipeline of `tasks` tasks, including loops; a multiple of ten.
    pub fn document(self, tasks: u32) -> Value {
        let tasks = match self {
            Self::Chain => chain("", tasks, &json!({"constant": 1})),
            Self::Fan => fan(tasks),
            Self::NestedLoops => (0..tasks / 10).map(nested).collect(),
        };
        let output = json!({"number": {"type": "integer"}});
        let inputs = json!({"number": {"type": "integer"}});
        let numbers = json!({"numbers": {"type": {"list": "integer"}}});
        let rust = json!({"rust": {}});
        json!({
            "schema_version": 1,
            "components": {
                "step": {"name": "step", "inputs": inputs, "outputs": output, "implementation": rust},
                "sum": {"name": "sum", "inputs": numbers, "outputs": output, "implementation": rust},
            },
            "pipelines": [{"name": "large", "root": {"tasks": tasks}}],
        })
    }
}

/// Returns a document with one pipeline that calls a component without inputs and outputs `tasks` times.
///
/// # Panics
/// Never: the document is valid.
pub fn calls_of(component: &str, tasks: u32) -> Document {
    let call =
        |idx: u32| task("", &format!("task-{idx}"), json!({"call": {"callee": {"component": component}}}));
    let tasks: Vec<Value> = (0..tasks).map(call).collect();
    let components: Map<String, Value> =
        [(component.to_owned(), json!({"name": component, "implementation": {"rust": {}}}))]
            .into_iter()
            .collect();
    let document = json!({"schema_version": 1, "components": components,
        "pipelines": [{"name": "calls", "root": {"tasks": tasks}}]});
    serde_json::from_value(document).expect("the document is valid")
}

fn chain(region: &str, tasks: u32, first: &Value) -> Vec<Value> {
    let mut value = first.clone();
    let call = |idx: u32| {
        let name = format!("step-{idx}");
        let argument = std::mem::replace(&mut value, output(region, &name));
        step(region, &name, &argument)
    };
    (0..tasks).map(call).collect()
}

fn fan(tasks: u32) -> Vec<Value> {
    let mut all: Vec<Value> =
        (1..tasks).map(|idx| step("", &format!("step-{idx}"), &json!({"constant": idx}))).collect();
    let numbers: Vec<Value> = (1..tasks).map(|idx| output("", &format!("step-{idx}"))).collect();
    let call = json!({"call": {"callee": {"component": "sum"}, "arguments": {"numbers": {"list": numbers}}}});
    all.push(task("", "sum", call));
    all
}

/// Returns a loop over numbers that contains a loop over numbers whose body is a chain.
fn nested(idx: u32) -> Value {
    let (outer, inner) = (format!("outer-{idx}"), format!("outer-{idx}.inner"));
    let tasks = chain(&inner, 8, &json!({"reference": {"item": inner}}));
    let repeat = |name: &str, id: &str, items: Value, tasks: Value| json!({"id": id, "name": name, "kind": {"loop": {"items": items, "body": {"tasks": tasks}}}});
    let item = json!({"reference": {"item": outer}});
    let inner = repeat("inner", &inner, json!({"list": [item, {"constant": 2}]}), json!(tasks));
    repeat(&outer, &outer, json!({"constant": [1, 2, 3]}), json!([inner]))
}

fn step(region: &str, name: &str, number: &Value) -> Value {
    let call = json!({"call": {"callee": {"component": "step"}, "arguments": {"number": number}}});
    task(region, name, call)
}

fn task(region: &str, name: &str, kind: Value) -> Value {
    json!({"id": id(region, name), "name": name, "kind": kind})
}

fn output(region: &str, task: &str) -> Value {
    json!({"reference": {"output": {"task": id(region, task), "output": "number"}}})
}

fn id(region: &str, name: &str) -> String {
    if region.is_empty() { name.to_owned() } else { format!("{region}.{name}") }
}
