//! Pictures in DOT, the language of Graphviz.

use std::fmt::Write as _;

use kfp_diag::printable::is_unprintable;

use super::picture::{Area, Arm, Frame, StepKind, Unit, area};
use crate::check::Checked;

/// Draws the pipeline as a directed graph in DOT.
///
/// Loops, arms of branches and exit handlers are clusters. Arrows to or from a cluster end at its border.
pub fn dot(checked: &Checked<'_>) -> String {
    let mut graph = Graph { text: String::new(), depth: 0 };
    graph.line(&format!("digraph {} {{", quoted(&checked.pipeline().name)));
    graph.depth += 1;
    graph.line("compound=true;");
    graph.line("graph [fontname=\"Helvetica\", style=rounded];");
    graph.line("node [fontname=\"Helvetica\", shape=box, style=rounded];");
    graph.line("edge [fontname=\"Helvetica\"];");
    graph.area(&area(checked));
    graph.depth -= 1;
    graph.line("}");
    graph.text
}

struct Graph {
    text: String,
    depth: usize,
}

/// The end of an arrow: a node, and optionally the cluster at whose border the arrow ends.
struct End<'p> {
    node: String,
    cluster: Option<&'p str>,
}

impl Graph {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{:width$}{line}", "", width = 2 * self.depth);
    }

    fn area(&mut self, area: &Area) {
        for unit in &area.units {
            self.unit(unit);
        }
        for (from, to) in &area.arrows {
            self.arrow(&exit(&area.units[*from]), &entry(&area.units[*to]), &[]);
        }
    }

    fn unit(&mut self, unit: &Unit) {
        match unit {
            Unit::Step { name, label, kind } => {
                let label = quoted(label);
                self.line(&match kind {
                    StepKind::Plain => format!("{name} [label={label}];"),
                    StepKind::Pipeline => format!("{name} [label={label}, peripheries=2];"),
                    StepKind::Approval => {
                        format!("{name} [label={label}, shape=parallelogram, style=solid];")
                    }
                });
            }
            Unit::Loop(frame) => self.frame(frame),
            Unit::Branch { name, arms } => self.branch(name, arms),
            Unit::ExitHandler { body, exit } => {
                self.frame(body);
                self.frame(exit);
                self.arrow(&last_of(body), &first_of(exit), &["style=dotted"]);
            }
        }
    }

    fn branch(&mut self, name: &str, arms: &[Arm]) {
        self.line(&format!("{name} [label=\"?\", shape=diamond, style=solid];"));
        for Arm { condition, frame } in arms {
            self.frame(frame);
            let label = format!("label={}", quoted(condition.as_deref().unwrap_or("otherwise")));
            self.arrow(&End { node: name.to_owned(), cluster: None }, &first_of(frame), &[&label]);
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.line(&format!("subgraph cluster_{} {{", frame.name));
        self.depth += 1;
        self.line(&format!("label={};", quoted(&frame.title)));
        if frame.area.units.is_empty() {
            // A cluster without nodes is not drawn.
            self.line(&format!("{} [shape=point, style=invis];", placeholder(frame)));
        }
        self.area(&frame.area);
        self.depth -= 1;
        self.line("}");
    }

    fn arrow(&mut self, from: &End<'_>, to: &End<'_>, attributes: &[&str]) {
        let mut attributes: Vec<String> = attributes.iter().map(|text| (*text).to_owned()).collect();
        attributes.extend(from.cluster.map(|name| format!("ltail=cluster_{name}")));
        attributes.extend(to.cluster.map(|name| format!("lhead=cluster_{name}")));
        let attributes = match attributes.as_slice() {
            [] => String::new(),
            some => format!(" [{}]", some.join(", ")),
        };
        self.line(&format!("{} -> {}{attributes};", from.node, to.node));
    }
}

/// Returns the name of the invisible node in a frame without tasks.
fn placeholder(frame: &Frame) -> String {
    format!("{}_empty", frame.name)
}

/// Returns where arrows to the unit end.
fn entry(unit: &Unit) -> End<'_> {
    match unit {
        Unit::Step { name, .. } | Unit::Branch { name, .. } => End { node: name.clone(), cluster: None },
        Unit::Loop(frame) | Unit::ExitHandler { body: frame, .. } => first_of(frame),
    }
}

/// Returns where arrows from the unit start.
fn exit(unit: &Unit) -> End<'_> {
    match unit {
        Unit::Step { .. } | Unit::Branch { .. } => entry(unit),
        Unit::Loop(frame) | Unit::ExitHandler { body: frame, .. } => last_of(frame),
    }
}

fn first_of(frame: &Frame) -> End<'_> {
    let node = frame.area.units.first().map_or_else(|| placeholder(frame), |unit| entry(unit).node);
    End { node, cluster: Some(&frame.name) }
}

fn last_of(frame: &Frame) -> End<'_> {
    let node = frame.area.units.last().map_or_else(|| placeholder(frame), |unit| exit(unit).node);
    End { node, cluster: Some(&frame.name) }
}

/// Quotes text. In Graphviz, a backslash starts an escape sequence.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            unprintable if is_unprintable(unprintable) => quoted.push(' '),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
