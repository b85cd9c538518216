//! The SVG document.

use std::fmt::Write as _;

use super::block::{escaped, moved, of_area};
use crate::check::Checked;
use crate::emit::Marks;
use crate::emit::picture::area;

/// The space around the picture.
const MARGIN: i64 = 16;

/// Draws the pipeline as an SVG picture.
///
/// Steps are boxes, calls of pipelines are boxes with two borders, and loops, arms of branches and exit handlers are
/// frames.
pub fn svg(checked: &Checked<'_>) -> String {
    svg_of_run(checked, &Marks::new())
}

/// Draws the pipeline as an SVG picture, with what happened in a run.
///
/// A task has the colour of its outcome, and the text of its mark below its name.
pub fn svg_of_run(checked: &Checked<'_>, marks: &Marks) -> String {
    let block = of_area(&area(checked, marks));
    let (width, height) = (block.width + 2 * MARGIN, block.height + 2 * MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\">\n"
    );
    let _ = writeln!(text, "  <title>{}</title>", escaped(&checked.pipeline().name));
    text.push_str(
        "  <defs>\n    \
         <marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\">\n      \
         <path d=\"M 0 0 L 8 4 L 0 8 z\" fill=\"#555555\"/>\n    </marker>\n  </defs>\n",
    );
    let _ = writeln!(text, "  <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    for line in moved(block, MARGIN, MARGIN) {
        let _ = writeln!(text, "  {line}");
    }
    text.push_str("</svg>\n");
    text
}
