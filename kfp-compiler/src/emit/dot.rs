//! Pictures in DOT, the language of Graphviz.

use std::fmt::Write as _;

use kfp_diag::printable::is_unprintable;

use super::picture::{Area, Arm, Frame, StepKind, Unit, area};
use super::{Mark, Marks};
use crate::check::Checked;

/// Draws the pipeline as a directed graph in DOT.
///
/// Loops, arms of branches and exit handlers are clusters. Arrows to or from a cluster end at its border.
pub fn dot(checked: &Checked<'_>) -> String {
    dot_of_run(checked, &Marks::new())
}

/// Draws the pipeline as a directed graph in DOT, with what happened in a run.
pub fn dot_of_run(checked: &Checked<'_>, marks: &Marks) -> String {
    let mut graph = Graph { text: String::new(), depth: 0 };
    graph.line(&format!("digraph {} {{", quoted(&checked.pipeline().name)));
    graph.depth += 1;
    graph.line("compound=true;");
    graph.line("graph [fontname=\"Helvetica\", style=rounded];");
    graph.line("node [fontname=\"Helvetica\", shape=box, style=rounded];");
    graph.line("edge [fontname=\"Helvetica\"];");
    graph.area(&area(checked, marks));
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
            Unit::Step { name, label, kind, mark } => {
                let label = marked(label, mark.as_ref());
                let style = if mark.is_some() { "filled" } else { "solid" };
                let shape = match kind {
                    StepKind::Plain => String::new(),
                    StepKind::Pipeline => ", peripheries=2".to_owned(),
                    StepKind::Approval => format!(", shape=parallelogram, style={style}"),
                };
                // An approval is not rounded.
                let rounded = if *kind == StepKind::Approval { "" } else { ", style=\"rounded,filled\"" };
                let colours = mark.as_ref().map_or_else(String::new, |mark| {
                    let (fill, stroke) = mark.outcome.colours();
                    format!("{rounded}, fillcolor=\"{fill}\", color=\"{stroke}\"")
                });
                self.line(&format!("{name} [label={label}{shape}{colours}];"));
            }
            Unit::Loop(frame) => self.frame(frame),
            Unit::Branch { name, arms, mark } => self.branch(name, arms, mark.as_ref()),
            Unit::ExitHandler { body, exit } => {
                self.frame(body);
                self.frame(exit);
                self.arrow(&last_of(body), &first_of(exit), &["style=dotted"]);
            }
        }
    }

    fn branch(&mut self, name: &str, arms: &[Arm], mark: Option<&Mark>) {
        let colour =
            mark.map_or_else(String::new, |mark| format!(", color=\"{}\"", mark.outcome.colours().1));
        self.line(&format!("{name} [label=\"?\", shape=diamond, style=solid{colour}];"));
        for Arm { condition, frame } in arms {
            self.frame(frame);
            let label = format!("label={}", quoted(condition.as_deref().unwrap_or("otherwise")));
            self.arrow(&End { node: name.to_owned(), cluster: None }, &first_of(frame), &[&label]);
        }
    }

    fn frame(&mut self, frame: &Frame) {
        self.line(&format!("subgraph cluster_{} {{", frame.name));
        self.depth += 1;
        self.line(&format!("label={};", marked(&frame.title, frame.mark.as_ref())));
        if let Some(mark) = &frame.mark {
            let (fill, stroke) = mark.outcome.colours();
            self.line(&format!("style=\"rounded,filled\"; fillcolor=\"{fill}\"; color=\"{stroke}\";"));
        }
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

/// Quotes a label with the text of its mark below it.
fn marked(label: &str, mark: Option<&Mark>) -> String {
    let label = quoted(label);
    match (mark.map(|mark| quoted(&mark.text)), label.strip_suffix('"')) {
        (Some(text), Some(start)) => format!("{start}\\n{}", &text[1..]),
        _ => label,
    }
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
