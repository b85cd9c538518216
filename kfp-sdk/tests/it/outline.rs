//! Outlines of documents for snapshots: a line for each task, argument and condition, with its source location.

use kfp_model::{
    Call, Callee, ConcatPart, Condition, Document, Expression, Location, Locations, Pipeline, Place,
    Reference, Region, Task, TaskKind, Trigger,
};
use serde_json::Value as Json;

/// Returns the outline of a document, with its problems.
pub(crate) fn outline(document: &Document) -> String {
    let mut outline = Outline { locations: &document.locations, text: String::new(), depth: 0 };
    for (idx, pipeline) in document.pipelines.iter().enumerate() {
        outline.pipeline(pipeline, &Place::root().key("pipelines").index(idx));
    }
    for (id, component) in &document.components {
        let place = Place::root().key("components").key(&id.0);
        let policy = serde_json::to_value(&component.policy).unwrap();
        outline.line(&format!("component {id}{}", settings(&policy)), Some(&place));
    }
    for problem in &document.problems {
        let code = problem.code.iter().map(|code| format!("{code} ")).collect::<String>();
        let text = format!("problem {code}at {}: {}", problem.place, problem.message);
        outline.line(&text, Some(&problem.place));
        outline.inside(|outline| {
            if let Some(help) = &problem.help {
                outline.line(&format!("help: {help}"), None);
            }
            if let Some(edit) = &problem.edit {
                outline.line(&format!("replace `{}` with `{}`", edit.from, edit.to), None);
            }
        });
    }
    outline.text
}

/// An outline that is being written.
struct Outline<'a> {
    locations: &'a Locations,
    text: String,
    depth: usize,
}

impl Outline<'_> {
    fn line(&mut self, text: &str, place: Option<&Place>) {
        let location = place.and_then(|place| self.locations.get(place));
        let location = location.map_or_else(String::new, |Location { file, line, column }| {
            format!("  ({}:{line}:{column})", file.rsplit('/').next().unwrap())
        });
        let indent = "  ".repeat(self.depth);
        self.text.push_str(&format!("{indent}{text}{location}\n"));
    }

    fn inside(&mut self, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    fn pipeline(&mut self, pipeline: &Pipeline, place: &Place) {
        let own = settings(&serde_json::to_value(&pipeline.settings).unwrap());
        self.line(&format!("pipeline {}{own}", pipeline.name), Some(place));
        self.inside(|outline| {
            for (name, input) in &pipeline.inputs {
                let default = input.default.as_ref().map_or_else(String::new, |json| format!(" = {json}"));
                outline.line(&format!("input {name}: {}{default}", input.r#type), None);
            }
            for (name, output) in &pipeline.outputs {
                outline.line(&format!("output {name}: {}", output.r#type), None);
            }
            outline.region(&pipeline.root, &place.key("root"));
        });
    }

    fn region(&mut self, region: &Region, place: &Place) {
        for (idx, task) in region.tasks.iter().enumerate() {
            self.task(task, &place.key("tasks").index(idx));
        }
        for (name, value) in &region.yields {
            self.line(
                &format!("yields {name} = {}", expression(value)),
                Some(&place.key("yields").key(name)),
            );
        }
    }

    fn task(&mut self, task: &Task, place: &Place) {
        let name = if task.id.0.ends_with(&task.name) { String::new() } else { format!(" `{}`", task.name) };
        let kind = match &task.kind {
            TaskKind::Call(call) => callee(call),
            TaskKind::Branch(_) => "branch".to_owned(),
            TaskKind::Loop(r#loop) => {
                let limit = |name: &str, limit: Option<u32>| {
                    limit.map_or_else(String::new, |limit| format!(", {name} {limit}"))
                };
                let parallelism = limit("parallelism", r#loop.parallelism);
                let max_items = limit("max items", r#loop.max_items);
                format!("loop over {}{parallelism}{max_items}", expression(&r#loop.items))
            }
            TaskKind::ExitHandler(_) => "exit handler".to_owned(),
            TaskKind::Approval(_) | TaskKind::Import(_) => "something else".to_owned(),
        };
        self.line(&format!("{}{name}: {kind}", task.id), Some(place));
        self.inside(|outline| {
            for (idx, before) in task.after.iter().enumerate() {
                outline.line(&format!("after {before}"), Some(&place.key("after").index(idx)));
            }
            if task.trigger == Trigger::AllDone {
                outline.line("ignores upstream failures", None);
            }
            outline.policy(task, &place.key("policy"));
            outline.kind(&task.kind, &place.key("kind"));
        });
    }

    fn policy(&mut self, task: &Task, place: &Place) {
        let policy = serde_json::to_value(&task.policy).unwrap();
        for (key, value) in policy.as_object().unwrap() {
            let place = place.key(key);
            match (key.as_str(), value) {
                ("resources", Json::Object(parts)) => {
                    for (part, value) in parts {
                        self.line(&format!("{part} = {value}"), Some(&place.key(part)));
                    }
                }
                _ => self.line(&format!("{key} = {value}"), Some(&place)),
            }
        }
    }

    fn kind(&mut self, kind: &TaskKind, place: &Place) {
        match kind {
            TaskKind::Call(call) => {
                let place = place.key("call").key("arguments");
                for (name, value) in &call.arguments {
                    self.line(&format!("{name} = {}", expression(value)), Some(&place.key(name)));
                }
            }
            TaskKind::Branch(branch) => {
                let place = place.key("branch");
                for (idx, arm) in branch.arms.iter().enumerate() {
                    let place = place.key("arms").index(idx);
                    self.line(&format!("arm {}", arm.name), Some(&place));
                    self.inside(|outline| {
                        let condition = condition(&arm.condition);
                        outline.line(&format!("if {condition}"), Some(&place.key("condition")));
                        outline.region(&arm.region, &place.key("region"));
                    });
                }
                if let Some(region) = &branch.otherwise {
                    self.line("otherwise", None);
                    self.inside(|outline| outline.region(region, &place.key("otherwise")));
                }
            }
            TaskKind::Loop(r#loop) => self.region(&r#loop.body, &place.key("loop").key("body")),
            TaskKind::ExitHandler(handler) => {
                let place = place.key("exit_handler");
                self.region(&handler.body, &place.key("body"));
                self.line("exit", None);
                self.inside(|outline| outline.region(&handler.exit, &place.key("exit")));
            }
            TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
    }
}

/// Formats settings or a policy, unless it is empty.
fn settings(json: &Json) -> String {
    if json.as_object().is_some_and(serde_json::Map::is_empty) {
        String::new()
    } else {
        format!(" with {json}")
    }
}

fn callee(call: &Call) -> String {
    let depth = call.max_depth.map_or_else(String::new, |depth| format!(", max depth {depth}"));
    match &call.callee {
        Callee::Component(id) => format!("component {id}{depth}"),
        Callee::Pipeline(name) => format!("pipeline {name}{depth}"),
    }
}

fn expression(value: &Expression) -> String {
    match value {
        Expression::Constant(json) => json.to_string(),
        Expression::Reference(reference) => self::reference(reference),
        Expression::Field(access) => format!("{}.{}", expression(&access.of), access.name),
        Expression::List(items) => format!("[{}]", all(items, ", ")),
        Expression::Struct(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", expression(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Expression::Concat(parts) => {
            let part = |part: &ConcatPart| match part {
                ConcatPart::Literal(text) => Json::from(text.as_str()).to_string(),
                ConcatPart::Value(value) => expression(value),
            };
            format!("concat({})", parts.iter().map(part).collect::<Vec<_>>().join(" + "))
        }
        Expression::FirstPresent(items) => format!("({})", all(items, " or ")),
    }
}

fn all(items: &[Expression], between: &str) -> String {
    items.iter().map(expression).collect::<Vec<_>>().join(between)
}

fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Input(name) => format!("input {name}"),
        Reference::Output(output) => format!("{}/{}", output.task, output.output),
        Reference::Item(task) => format!("item of {task}"),
        Reference::Status(task) => format!("status of {task}"),
        Reference::Guarded(output) => format!("body {}/{}", output.task, output.output),
    }
}

fn condition(value: &Condition) -> String {
    let several = |conditions: &[Condition], between: &str| {
        format!("({})", conditions.iter().map(condition).collect::<Vec<_>>().join(between))
    };
    match value {
        Condition::Compare(comparison) => {
            let (left, right) = (expression(&comparison.left), expression(&comparison.right));
            format!("{left} {} {right}", comparison.operator.symbol())
        }
        Condition::Holds(value) => expression(value),
        Condition::Present(value) => format!("{} is present", expression(value)),
        Condition::And(conditions) => several(conditions, " and "),
        Condition::Or(conditions) => several(conditions, " or "),
        Condition::Not(inner) => format!("not {}", condition(inner)),
    }
}
