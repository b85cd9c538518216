//! Mermaid pictures, which GitHub and many editors show.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kfp_model::{
    Branch, Comparison, Condition, Expression, Reference, Region, Task, TaskId, TaskKind, TextPart,
};

use crate::check::Checked;
use crate::lower::ordered_tasks;

/// Draws the pipeline as a Mermaid flow chart.
///
/// Steps are boxes, branches are rhombs with their arms in frames, the exit handler stands apart with a dotted
/// line from what it watches over.
pub fn mermaid(checked: &Checked<'_>) -> String {
    let mut picture =
        Picture { checked, text: "flowchart TD\n".to_owned(), names: BTreeMap::new(), depth: 1 };
    picture.region(&checked.pipeline().root);
    picture.text
}

struct Picture<'c, 'a> {
    checked: &'c Checked<'a>,
    text: String,
    names: BTreeMap<&'a TaskId, String>,
    depth: usize,
}

impl<'a> Picture<'_, 'a> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{:width$}{line}", "", width = 2 * self.depth);
    }

    /// The name of a node: Mermaid takes letters, digits and `_`.
    fn node(&mut self, id: &'a TaskId) -> String {
        let number = self.names.len();
        self.names.entry(id).or_insert_with(|| format!("task{number}")).clone()
    }

    fn region(&mut self, region: &'a Region) {
        let tasks = ordered_tasks(self.checked, region);
        for task in &tasks {
            self.task(task);
        }
        for task in &tasks {
            let to = self.node(&task.id);
            for before in self.checked.node(&task.id).dependencies.clone() {
                let from = self.node(before);
                self.line(&format!("{from} --> {to}"));
            }
        }
    }

    fn task(&mut self, task: &'a Task) {
        let node = self.node(&task.id);
        let name = label(&task.name);
        match &task.kind {
            TaskKind::Call(_) | TaskKind::Import(_) => self.line(&format!("{node}[\"{name}\"]")),
            TaskKind::Approval(_) => self.line(&format!("{node}[/\"{name}\"/]")),
            TaskKind::Branch(branch) => self.branch(&node, branch),
            TaskKind::Loop(repeat) => {
                let items = label(&expression(&repeat.items));
                self.frame(&node, &format!("{name}: for each of {items}"), &repeat.body);
            }
            TaskKind::Guard(guard) => {
                self.frame(&node, &name, &guard.body);
                let exit = format!("{node}_exit");
                self.frame(&exit, "on exit", &guard.exit);
                self.line(&format!("{node} -.-> {exit}"));
            }
        }
    }

    fn branch(&mut self, node: &str, branch: &'a Branch) {
        if let ([arm], None) = (branch.arms.as_slice(), &branch.otherwise) {
            self.line(&format!("{node}{{\"{}\"}}", label(&condition(&arm.condition))));
            let frame = format!("{node}_0");
            self.frame(&frame, &label(&arm.name), &arm.region);
            self.line(&format!("{node} -->|\"yes\"| {frame}"));
            return;
        }
        self.line(&format!("{node}{{\"?\"}}"));
        for (idx, arm) in branch.arms.iter().enumerate() {
            let frame = format!("{node}_{idx}");
            self.frame(&frame, &label(&arm.name), &arm.region);
            self.line(&format!("{node} -->|\"{}\"| {frame}", label(&condition(&arm.condition))));
        }
        if let Some(region) = &branch.otherwise {
            let frame = format!("{node}_otherwise");
            self.frame(&frame, "otherwise", region);
            self.line(&format!("{node} -->|\"otherwise\"| {frame}"));
        }
    }

    fn frame(&mut self, name: &str, title: &str, region: &'a Region) {
        self.line(&format!("subgraph {name}[\"{title}\"]"));
        self.depth += 1;
        self.region(region);
        self.depth -= 1;
        self.line("end");
    }
}

/// Text as Mermaid takes it between quotes.
fn label(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars() {
        match character {
            '"' | '<' | '>' | '&' | '#' | '\\' | '`' => {
                let _ = write!(label, "#{};", u32::from(character));
            }
            control if control.is_control() => label.push(' '),
            other => label.push(other),
        }
    }
    label
}

fn condition(of: &Condition) -> String {
    let joined = |conditions: &[Condition], word: &str| {
        conditions.iter().map(nested).collect::<Vec<_>>().join(&format!(" {word} "))
    };
    match of {
        Condition::Compare(comparison) => {
            let Comparison { left, operator, right } = &**comparison;
            format!("{} {} {}", expression(left), operator.sign(), expression(right))
        }
        Condition::Holds(value) => expression(value),
        Condition::Present(value) => format!("{} is there", expression(value)),
        Condition::And(conditions) => joined(conditions, "and"),
        Condition::Or(conditions) => joined(conditions, "or"),
        Condition::Not(inner) => format!("not {}", nested(inner)),
    }
}

fn nested(of: &Condition) -> String {
    match of {
        Condition::And(_) | Condition::Or(_) => format!("({})", condition(of)),
        _ => condition(of),
    }
}

fn expression(of: &Expression) -> String {
    let joined = |items: &[Expression]| items.iter().map(expression).collect::<Vec<_>>().join(", ");
    match of {
        Expression::Constant(value) => value.to_string(),
        Expression::Reference(reference) => self::reference(reference),
        Expression::Field(access) => format!("{}.{}", expression(&access.of), access.name),
        Expression::List(items) => format!("[{}]", joined(items)),
        Expression::Struct(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, field)| format!("{name}: {}", expression(field))).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Expression::Text(parts) => parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(literal) => literal.clone(),
                TextPart::Value(value) => format!("{{{}}}", expression(value)),
            })
            .collect(),
        Expression::FirstPresent(options) => format!("first of {}", joined(options)),
    }
}

fn reference(of: &Reference) -> String {
    match of {
        Reference::Input(name) => name.clone(),
        Reference::Output(output) | Reference::Guarded(output) => {
            let task = output.task.0.rsplit('.').next().unwrap_or(&output.task.0);
            format!("{task}.{}", output.output)
        }
        Reference::Item(_) => "item".to_owned(),
        Reference::Status(_) => "status".to_owned(),
    }
}
