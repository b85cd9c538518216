//! Pictures in Mermaid, which GitHub and many editors render.

use std::fmt::Write as _;

use kfp_diag::printable::is_unprintable;

use super::picture::{Area, Arm, Frame, StepKind, Unit, area};
use crate::check::Checked;

/// Draws the pipeline as a Mermaid flow chart.
///
/// Steps are boxes, and branches are diamonds with their arms in frames. An exit handler is a separate frame with a
/// dotted line from the group that it belongs to.
pub fn mermaid(checked: &Checked<'_>) -> String {
    let mut picture = Picture { text: "flowchart TD\n".to_owned(), depth: 1 };
    picture.area(&area(checked));
    picture.text
}

struct Picture {
    text: String,
    depth: usize,
}

impl Picture {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{:width$}{line}", "", width = 2 * self.depth);
    }

    fn area(&mut self, area: &Area) {
        for unit in &area.units {
            self.unit(unit);
        }
        for (from, to) in &area.arrows {
            let (from, to) = (area.units[*from].name(), area.units[*to].name());
            self.line(&format!("{from} --> {to}"));
        }
    }

    fn unit(&mut self, unit: &Unit) {
        match unit {
            Unit::Step { name, label, kind } => {
                let label = escaped(label);
                self.line(&match kind {
                    StepKind::Plain => format!("{name}[\"{label}\"]"),
                    StepKind::Pipeline => format!("{name}[[\"{label}\"]]"),
                    StepKind::Approval => format!("{name}[/\"{label}\"/]"),
                });
            }
            Unit::Loop(frame) => self.frame(frame),
            Unit::Branch { name, arms } => self.branch(name, arms),
            Unit::ExitHandler { body, exit } => {
                self.frame(body);
                self.frame(exit);
                self.line(&format!("{} -.-> {}", body.name, exit.name));
            }
        }
    }

    fn branch(&mut self, name: &str, arms: &[Arm]) {
        if let [Arm { condition: Some(condition), frame }] = arms {
            self.line(&format!("{name}{{\"{}\"}}", escaped(condition)));
            self.frame(frame);
            self.line(&format!("{name} -->|\"yes\"| {}", frame.name));
            return;
        }
        self.line(&format!("{name}{{\"?\"}}"));
        for Arm { condition, frame } in arms {
            self.frame(frame);
            let condition = condition.as_deref().unwrap_or("otherwise");
            self.line(&format!("{name} -->|\"{}\"| {}", escaped(condition), frame.name));
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.line(&format!("subgraph {}[\"{}\"]", frame.name, escaped(&frame.title)));
        self.depth += 1;
        self.area(&frame.area);
        self.depth -= 1;
        self.line("end");
    }
}

/// Escapes text for a quoted Mermaid label.
fn escaped(text: &str) -> String {
    let mut label = String::new();
    for character in text.chars() {
        match character {
            '"' | '<' | '>' | '&' | '#' | '\\' | '`' => {
                let _ = write!(label, "#{};", u32::from(character));
            }
            unprintable if is_unprintable(unprintable) => label.push(' '),
            other => label.push(other),
        }
    }
    label
}
