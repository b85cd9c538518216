//! Blocks: the drawings of tasks, with their size and the end points of arrows.

use std::fmt::Write as _;

use kfp_diag::printable::is_unprintable;

use super::layers::{Layers, layers};
use super::place::{GAP, centres};
use super::text_width::width;
use crate::emit::Mark;
use crate::emit::picture::{Area, Arm, Frame, StepKind, Unit};

/// The height of a box with one line of text.
const STEP_HEIGHT: i64 = 34;
/// The space between a label and its border.
const PADDING: i64 = 14;
/// The height of a line of a title.
const LINE: i64 = 17;
/// The space between two rows, which arrows cross.
const ROW_GAP: i64 = 36;
/// The width that is reserved for an arrow that crosses a row.
const BEND: i64 = 12;
/// The size of the diamond of a branch.
const DIAMOND: i64 = 30;

const STEP: &str = "fill=\"#eaf2fb\" stroke=\"#3b6ea5\"";
const APPROVAL: &str = "fill=\"#fdf3dc\" stroke=\"#a57a1f\"";
const BRANCH: &str = "fill=\"#f3ecfa\" stroke=\"#7650a0\"";
const FRAME: &str = "fill=\"#000000\" fill-opacity=\"0.03\" stroke=\"#999999\"";
const ARROW: &str = "fill=\"none\" stroke=\"#555555\" marker-end=\"url(#arrow)\"";

/// A point of a block, relative to its upper left corner.
type Point = (i64, i64);

/// The drawing of a task.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) width: i64,
    pub(super) height: i64,
    /// The end point of arrows to the block.
    inlet: Point,
    /// The start points of arrows from the block.
    outlets: Vec<Point>,
    /// The SVG elements, with coordinates relative to the upper left corner.
    pub(super) lines: Vec<String>,
}

/// Escapes text for XML.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML cannot represent these two characters and control characters.
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            unprintable if is_unprintable(unprintable) => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Returns the elements of a block that is moved to a position.
pub(super) fn moved(block: Block, x: i64, y: i64) -> Vec<String> {
    let mut lines = vec![format!("<g transform=\"translate({x} {y})\">")];
    lines.extend(block.lines.into_iter().map(|line| format!("  {line}")));
    lines.push("</g>".to_owned());
    lines
}

/// Draws the tasks of a region in rows, with arrows between them.
pub(super) fn of_area(area: &Area) -> Block {
    let blocks: Vec<Block> = area.units.iter().map(of_unit).collect();
    let layers = layers(blocks.len(), &area.arrows);
    let mut widths: Vec<i64> = blocks.iter().map(|block| block.width).collect();
    widths.resize(layers.vertices, BEND);
    let centres = centres(&layers, &widths);
    let rows = rows(&layers, &blocks);
    let right = widths.iter().zip(&centres).map(|(width, centre)| centre + (width + 1) / 2).max();
    let bottom = rows.iter().map(|(_, bottom)| *bottom).max();
    let mut lines: Vec<String> =
        layers.routes.iter().flat_map(|route| arrows(route, &layers, &blocks, &centres, &rows)).collect();
    let tops = tops(&layers, &rows, blocks.len());
    for (idx, block) in blocks.into_iter().enumerate() {
        let left = centres[idx] - block.width / 2;
        lines.extend(moved(block, left, tops[idx]));
    }
    let (width, height) = (right.unwrap_or(0), bottom.unwrap_or(0));
    Block { width, height, inlet: (width / 2, 0), outlets: vec![(width / 2, height)], lines }
}

/// Returns top and bottom of each row.
fn rows(layers: &Layers, blocks: &[Block]) -> Vec<(i64, i64)> {
    let mut top = 0;
    let mut rows = Vec::new();
    for row in &layers.rows {
        let height = row.iter().filter_map(|vertex| blocks.get(*vertex)).map(|block| block.height).max();
        let bottom = top + height.unwrap_or(0);
        rows.push((top, bottom));
        top = bottom + ROW_GAP;
    }
    rows
}

/// Returns the top of each unit.
fn tops(layers: &Layers, rows: &[(i64, i64)], units: usize) -> Vec<i64> {
    let mut tops = vec![0; units];
    for (row, (top, _)) in layers.rows.iter().zip(rows) {
        for unit in row.iter().filter(|vertex| **vertex < units) {
            tops[*unit] = *top;
        }
    }
    tops
}

/// Draws an arrow from each outlet of the first block of a route: straight down to the bottom of a row, then to the
/// next row.
fn arrows(
    route: &[usize],
    layers: &Layers,
    blocks: &[Block],
    centres: &[i64],
    rows: &[(i64, i64)],
) -> Vec<String> {
    let (Some(&from), Some(&to)) = (route.first(), route.last()) else { return Vec::new() };
    let first = layers.rows.iter().position(|row| row.contains(&from)).unwrap_or(0);
    let left = |unit: usize| centres[unit] - blocks[unit].width / 2;
    let arrow = |outlet: &Point| {
        let mut x = left(from) + outlet.0;
        let (top, mut bottom) = rows[first];
        let mut path = format!("M {x} {}", top + outlet.1);
        for (idx, vertex) in route.iter().enumerate().skip(1) {
            if top + outlet.1 < bottom || idx > 1 {
                let _ = write!(path, " V {bottom}");
            }
            let (next_top, next_bottom) = rows[first + idx];
            let (next_x, next_y) = if *vertex == to {
                (left(to) + blocks[to].inlet.0, next_top + blocks[to].inlet.1)
            } else {
                (centres[*vertex], next_top)
            };
            let middle = i64::midpoint(bottom, next_y);
            let _ = write!(path, " C {x} {middle} {next_x} {middle} {next_x} {next_y}");
            (x, bottom) = (next_x, next_bottom);
        }
        format!("<path d=\"{path}\" {ARROW}/>")
    };
    blocks[from].outlets.iter().map(arrow).collect()
}

fn of_unit(unit: &Unit) -> Block {
    match unit {
        Unit::Step { label, kind, mark, .. } => step(label, *kind, mark.as_ref()),
        Unit::Loop(frame) => of_frame(frame, None),
        Unit::Branch { arms, mark, .. } => branch(arms, mark.as_ref()),
        Unit::ExitHandler { body, exit } => exit_handler(body, exit),
    }
}

fn step(label: &str, kind: StepKind, mark: Option<&Mark>) -> Block {
    let slant = 10;
    let extra = if kind == StepKind::Approval { 2 * slant } else { 0 };
    let text_width = width(label).max(mark.map_or(0, |mark| width(&mark.text)));
    let width = text_width + 2 * PADDING + extra;
    let height = STEP_HEIGHT + if mark.is_some() { LINE } else { 0 };
    let style = match (mark, kind) {
        (Some(mark), _) => colours(mark),
        (None, StepKind::Approval) => APPROVAL.to_owned(),
        (None, StepKind::Plain | StepKind::Pipeline) => STEP.to_owned(),
    };
    let mut lines = Vec::new();
    match kind {
        StepKind::Plain => {
            lines.push(format!("<rect width=\"{width}\" height=\"{height}\" rx=\"6\" {style}/>"));
        }
        StepKind::Pipeline => {
            lines.push(format!("<rect width=\"{width}\" height=\"{height}\" rx=\"6\" {style}/>"));
            let (inner_width, inner_height) = (width - 6, height - 6);
            lines.push(format!(
                "<rect x=\"3\" y=\"3\" width=\"{inner_width}\" height=\"{inner_height}\" rx=\"4\" {style}/>"
            ));
        }
        StepKind::Approval => {
            let right = width - slant;
            lines.push(format!(
                "<polygon points=\"{slant},0 {width},0 {right},{height} 0,{height}\" {style}/>"
            ));
        }
    }
    lines.push(centred(label, width / 2, STEP_HEIGHT / 2, ""));
    if let Some(mark) = mark {
        let (_, colour) = mark.outcome.colours();
        lines.push(centred(&mark.text, width / 2, STEP_HEIGHT / 2 + LINE, &format!(" fill=\"{colour}\"")));
    }
    Block { width, height, inlet: (width / 2, 0), outlets: vec![(width / 2, height)], lines }
}

/// Returns the attributes for the colours of an outcome.
fn colours(mark: &Mark) -> String {
    let (fill, stroke) = mark.outcome.colours();
    format!("fill=\"{fill}\" stroke=\"{stroke}\"")
}

/// Draws text centred on a point.
fn centred(label: &str, x: i64, y: i64, attributes: &str) -> String {
    text(label, x, y + 5, &format!(" text-anchor=\"middle\"{attributes}"))
}

/// Draws text on a baseline.
fn text(label: &str, x: i64, baseline: i64, attributes: &str) -> String {
    format!("<text x=\"{x}\" y=\"{baseline}\"{attributes}>{}</text>", escaped(label))
}

/// Draws a diamond with the arms side by side below it. Arrows from the branch start at its arms.
fn branch(arms: &[Arm], mark: Option<&Mark>) -> Block {
    let blocks: Vec<Block> = arms.iter().map(|arm| of_frame(&arm.frame, arm.condition.as_deref())).collect();
    let gaps = GAP * i64::try_from(blocks.len().saturating_sub(1)).unwrap_or(0);
    let width = (blocks.iter().map(|block| block.width).sum::<i64>() + gaps).max(DIAMOND);
    let top = DIAMOND + ROW_GAP;
    let height = top + blocks.iter().map(|block| block.height).max().unwrap_or(0);
    let (middle, half) = (width / 2, DIAMOND / 2);
    let (left, right) = (middle - half, middle + half);
    let style = mark.map_or_else(|| BRANCH.to_owned(), colours);
    let mut lines = vec![
        format!("<polygon points=\"{middle},0 {right},{half} {middle},{DIAMOND} {left},{half}\" {style}/>"),
        centred("?", middle, half, ""),
    ];
    let (mut x, mut outlets) = (0, Vec::new());
    for block in blocks {
        let (inlet, bend) = (x + block.inlet.0, DIAMOND + ROW_GAP / 2);
        lines.push(format!(
            "<path d=\"M {middle} {DIAMOND} C {middle} {bend} {inlet} {bend} {inlet} {top}\" {ARROW}/>"
        ));
        outlets.extend(block.outlets.iter().map(|outlet| (x + outlet.0, top + outlet.1)));
        let next = x + block.width + GAP;
        lines.extend(moved(block, x, top));
        x = next;
    }
    Block { width, height, inlet: (middle, 0), outlets, lines }
}

/// Draws the frame of the body and, beside it, the frame of the exit region.
fn exit_handler(body: &Frame, exit: &Frame) -> Block {
    let (body, exit) = (of_frame(body, None), of_frame(exit, None));
    let (inlet, outlets) = (body.inlet, body.outlets.clone());
    let (left, right) = (body.width, body.width + ROW_GAP);
    let height = body.height.max(exit.height);
    let y = body.height.min(exit.height) / 2;
    let width = right + exit.width;
    let mut lines = vec![format!("<path d=\"M {left} {y} H {right}\" stroke-dasharray=\"2 3\" {ARROW}/>")];
    lines.extend(moved(body, 0, 0));
    lines.extend(moved(exit, right, 0));
    Block { width, height, inlet, outlets, lines }
}

/// Draws a frame with its title and, for an arm, its condition.
fn of_frame(frame: &Frame, condition: Option<&str>) -> Block {
    let condition = condition.map(|condition| format!("if {condition}"));
    let condition = condition.as_deref().map(|condition| (condition, " fill=\"#7650a0\"".to_owned()));
    let mark = frame.mark.as_ref();
    let outcome = mark.map(|mark| (mark.text.as_str(), format!(" fill=\"{}\"", mark.outcome.colours().1)));
    let title = (frame.title.as_str(), String::new());
    let titles: Vec<(&str, String)> = std::iter::once(title).chain(condition).chain(outcome).collect();
    let inner = of_area(&frame.area);
    let widest = titles.iter().map(|(title, _)| width(title)).max().unwrap_or(0);
    let width = inner.width.max(widest) + 2 * PADDING;
    let top = LINE * i64::try_from(titles.len()).unwrap_or(0) + PADDING;
    let height = top + inner.height + PADDING;
    let style = match mark {
        Some(mark) => format!("{} fill-opacity=\"0.4\"", colours(mark)),
        None => FRAME.to_owned(),
    };
    let mut lines = vec![format!("<rect width=\"{width}\" height=\"{height}\" rx=\"8\" {style}/>")];
    for (idx, (title, attributes)) in titles.iter().enumerate() {
        let baseline = LINE * (i64::try_from(idx).unwrap_or(0) + 1);
        lines.push(text(title, PADDING, baseline, attributes));
    }
    if !frame.area.units.is_empty() {
        let left = (width - inner.width) / 2;
        lines.extend(moved(inner, left, top));
    }
    Block { width, height, inlet: (width / 2, 0), outlets: vec![(width / 2, height)], lines }
}
