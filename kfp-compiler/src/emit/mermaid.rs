//! Pictures in Mermaid, which GitHub and many editors render.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kfp_diag::printable::is_unprintable;

use super::picture::{Area, Arm, Frame, StepKind, Unit, area};
use super::{Mark, Marks, Outcome};
use crate::check::Checked;

/// Draws the pipeline as a Mermaid flow chart.
///
/// Steps are boxes, and branches are diamonds with their arms in frames. An exit handler is a separate frame with a
/// dotted line from the group that it belongs to.
pub fn mermaid(checked: &Checked<'_>) -> String {
    mermaid_of_run(checked, &Marks::new())
}

/// Draws the pipeline as a Mermaid flow chart, with what happened in a run.
pub fn mermaid_of_run(checked: &Checked<'_>, marks: &Marks) -> String {
    let mut picture = Picture { text: "flowchart TD\n".to_owned(), depth: 1, outcomes: BTreeMap::new() };
    picture.area(&area(checked, marks));
    picture.classes();
    picture.text
}

struct Picture {
    text: String,
    depth: usize,
    /// The names of the units with each outcome.
    outcomes: BTreeMap<Outcome, Vec<String>>,
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
            Unit::Step { name, label, kind, mark } => {
                let label = self.marked(name, label, mark.as_ref());
                self.line(&match kind {
                    StepKind::Plain => format!("{name}[\"{label}\"]"),
                    StepKind::Pipeline => format!("{name}[[\"{label}\"]]"),
                    StepKind::Approval => format!("{name}[/\"{label}\"/]"),
                });
            }
            Unit::Loop(frame) => self.frame(frame),
            Unit::Branch { name, arms, mark } => {
                self.marked(name, "", mark.as_ref());
                self.branch(name, arms);
            }
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
        let title = self.marked(&frame.name, &frame.title, frame.mark.as_ref());
        self.line(&format!("subgraph {}[\"{title}\"]", frame.name));
        self.depth += 1;
        self.area(&frame.area);
        self.depth -= 1;
        self.line("end");
    }

    /// Returns a label with the text of its mark, and records the outcome.
    fn marked(&mut self, name: &str, label: &str, mark: Option<&Mark>) -> String {
        let Some(Mark { outcome, text }) = mark else { return escaped(label) };
        self.outcomes.entry(*outcome).or_default().push(name.to_owned());
        format!("{}<br/>{}", escaped(label), escaped(text))
    }

    /// Writes the colours of the outcomes.
    fn classes(&mut self) {
        for (outcome, names) in std::mem::take(&mut self.outcomes) {
            let (class, (fill, stroke)) = (outcome.as_str(), outcome.colours());
            self.line(&format!("classDef {class} fill:{fill},stroke:{stroke}"));
            self.line(&format!("class {} {class}", names.join(",")));
        }
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
