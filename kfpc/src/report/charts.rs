//! ROC curves and confusion matrices as SVG, from the metadata that steps have logged.

use serde_json::Value;

use super::html::Html;

/// The size of the area of a ROC curve, and the space for its labels.
const PLOT: f64 = 260.0;
const MARGIN: f64 = 44.0;
/// The size of a cell of a confusion matrix, and the space for its labels.
const CELL: usize = 44;
const LABELS: usize = 110;
/// The maximum number of points of a curve that are drawn; the others would not be visible.
const MAX_POINTS: usize = 1000;
/// The maximum number of categories of a matrix that is drawn.
const MAX_CATEGORIES: usize = 40;
/// The maximum number of characters of a category.
const MAX_CHARACTERS: usize = 14;

/// Adds the charts for the metadata of a metrics artifact.
pub(super) fn add(html: &mut Html, metadata: &Value) {
    if let Some(points) =
        metadata.get("confidenceMetrics").and_then(curve).filter(|points| !points.is_empty())
    {
        html.element("figure", &[], |html| {
            roc(html, &points);
            html.element_of("figcaption", &[], "ROC curve");
        });
    }
    if let Some(matrix) = metadata.get("confusionMatrix").and_then(Matrix::read) {
        html.element("figure", &[], |html| {
            if matrix.categories.len() > MAX_CATEGORIES {
                let text = format!("{} categories are too many to draw", matrix.categories.len());
                html.element_of("p", &[("class", "muted")], &text);
            } else {
                matrix.draw(html);
            }
            html.element_of("figcaption", &[], "Confusion matrix");
        });
    }
}

/// Returns whether the metadata has something to draw.
pub(super) fn has_charts(metadata: &Value) -> bool {
    let points = metadata.get("confidenceMetrics").and_then(curve);
    points.is_some_and(|points| !points.is_empty())
        || metadata.get("confusionMatrix").and_then(Matrix::read).is_some()
}

/// Returns the points of a ROC curve from the left to the right. Rates that are not between 0 and 1 are left out.
fn curve(points: &Value) -> Option<Vec<(f64, f64)>> {
    let rate = |point: &Value, name: &str| {
        point.get(name).and_then(Value::as_f64).filter(|rate| (0.0..=1.0).contains(rate))
    };
    let point = |point: &Value| Some((rate(point, "falsePositiveRate")?, rate(point, "recall")?));
    let mut points: Vec<(f64, f64)> = points.as_array()?.iter().filter_map(point).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let step = points.len().div_ceil(MAX_POINTS).max(1);
    let last = points.last().copied();
    let mut shown: Vec<(f64, f64)> = points.into_iter().step_by(step).collect();
    if shown.last().copied() != last {
        shown.extend(last);
    }
    Some(shown)
}

fn roc(html: &mut Html, points: &[(f64, f64)]) {
    let size = PLOT + 2.0 * MARGIN;
    let (view, side) = (format!("0 0 {size} {size}"), size.to_string());
    let x = |rate: f64| MARGIN + rate * PLOT;
    let y = |rate: f64| MARGIN + (1.0 - rate) * PLOT;
    let place = |(right, up): &(f64, f64)| format!("{:.1},{:.1}", x(*right), y(*up));
    html.element(
        "svg",
        &[("width", &side), ("height", &side), ("viewBox", &view), ("role", "img")],
        |html| {
            for rate in [0.0, 0.25, 0.5, 0.75, 1.0] {
                let (label, up, right) = (format!("{rate}"), y(rate), x(rate));
                let grid = format!("M {} {up} H {} M {right} {} V {}", x(0.0), x(1.0), y(0.0), y(1.0));
                html.element("path", &[("d", &grid), ("stroke", "#e3e8ee"), ("fill", "none")], |_| ());
                label_at(html, &label, x(0.0) - 6.0, up + 4.0, "end");
                label_at(html, &label, right, y(0.0) + 16.0, "middle");
            }
            let diagonal = format!("M {} {} L {} {}", x(0.0), y(0.0), x(1.0), y(1.0));
            html.element(
                "path",
                &[("d", &diagonal), ("stroke", "#9aa5b1"), ("stroke-dasharray", "4 4"), ("fill", "none")],
                |_| (),
            );
            let line: Vec<String> = points.iter().map(place).collect();
            html.element(
                "polyline",
                &[
                    ("points", &line.join(" ")),
                    ("stroke", "#3b6ea5"),
                    ("stroke-width", "2"),
                    ("fill", "none"),
                ],
                |_| (),
            );
            if points.len() <= 50 {
                for (right, up) in points {
                    let (across, down) = (format!("{:.1}", x(*right)), format!("{:.1}", y(*up)));
                    let title = format!("false positive rate {right}, true positive rate {up}");
                    html.element(
                        "circle",
                        &[("cx", &across), ("cy", &down), ("r", "3"), ("fill", "#3b6ea5")],
                        |html| {
                            html.element_of("title", &[], &title);
                        },
                    );
                }
            }
            label_at(html, "false positive rate", x(0.5), y(0.0) + 34.0, "middle");
            label_at(html, "true positive rate", x(0.0) - 10.0, y(1.0) - 14.0, "start");
        },
    );
}

fn label_at(html: &mut Html, text: &str, x: f64, y: f64, anchor: &str) {
    let (x, y) = (format!("{x:.1}"), format!("{y:.1}"));
    html.element_of("text", &[("x", &x), ("y", &y), ("text-anchor", anchor)], text);
}

/// A confusion matrix: the counts of predicted categories in a row for each true one.
#[derive(Debug, PartialEq)]
struct Matrix {
    categories: Vec<String>,
    rows: Vec<Vec<f64>>,
}

impl Matrix {
    /// Reads a matrix. Missing counts are 0.
    fn read(matrix: &Value) -> Option<Self> {
        let name =
            |spec: &Value| spec.get("displayName").and_then(Value::as_str).unwrap_or_default().to_owned();
        let categories: Vec<String> = matrix.get("annotationSpecs")?.as_array()?.iter().map(name).collect();
        let rows = matrix.get("rows")?.as_array()?;
        let count = |row: usize, column: usize| {
            rows.get(row)?.get("row")?.get(column)?.as_f64().filter(|count| *count >= 0.0)
        };
        let places = 0..categories.len();
        let row = |row| places.clone().map(|column| count(row, column).unwrap_or(0.0)).collect();
        let rows = places.clone().map(row).collect();
        (!categories.is_empty()).then_some(Self { categories, rows })
    }

    fn draw(&self, html: &mut Html) {
        let side = (LABELS + CELL * self.categories.len() + 10).to_string();
        let view = format!("0 0 {side} {side}");
        let most = self.rows.iter().flatten().copied().fold(0.0, f64::max);
        html.element(
            "svg",
            &[("width", &side), ("height", &side), ("viewBox", &view), ("role", "img")],
            |html| {
                for (idx, category) in self.categories.iter().enumerate() {
                    let middle = (LABELS + CELL * idx + CELL / 2).to_string();
                    let edge = (LABELS - 8).to_string();
                    let turned = format!("rotate(-45 {middle} {edge})");
                    self.category(html, category, &[("x", &edge), ("y", &middle), ("text-anchor", "end")]);
                    self.category(html, category, &[("x", &middle), ("y", &edge), ("transform", &turned)]);
                }
                for (row, counts) in self.rows.iter().enumerate() {
                    for (column, count) in counts.iter().enumerate() {
                        self.cell(html, (row, column), *count, if most > 0.0 { count / most } else { 0.0 });
                    }
                }
                html.element("text", &[("x", "0"), ("y", "14")], |html| {
                    html.text("rows: true, columns: predicted");
                });
            },
        );
    }

    fn category(&self, html: &mut Html, name: &str, attributes: &[(&'static str, &str)]) {
        html.element("text", attributes, |html| {
            html.element_of("title", &[], name);
            match name.char_indices().nth(MAX_CHARACTERS) {
                Some((end, _)) => html.text(&format!("{}…", &name[..end])),
                None => html.text(name),
            }
        });
    }

    fn cell(&self, html: &mut Html, (row, column): (usize, usize), count: f64, share: f64) {
        let (x, y) = (LABELS + CELL * column, LABELS + CELL * row);
        let (left, top, side) = (x.to_string(), y.to_string(), CELL.to_string());
        let opacity = format!("{:.2}", 0.05 + 0.75 * share);
        html.element(
            "rect",
            &[
                ("x", &left),
                ("y", &top),
                ("width", &side),
                ("height", &side),
                ("fill", "#3b6ea5"),
                ("fill-opacity", &opacity),
            ],
            |html| {
                let title =
                    format!("true {}, predicted {}: {count}", self.categories[row], self.categories[column]);
                html.element_of("title", &[], &title);
            },
        );
        let (middle, baseline) = ((x + CELL / 2).to_string(), (y + CELL / 2 + 4).to_string());
        html.element_of(
            "text",
            &[("x", &middle), ("y", &baseline), ("text-anchor", "middle")],
            &short(count),
        );
    }
}

/// Formats a count in the width of a cell.
fn short(count: f64) -> String {
    match count {
        0.0..1e5 if count.fract() == 0.0 => format!("{count}"),
        0.0..1e3 => format!("{count:.2}"),
        _ => format!("{count:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn charts(metadata: &Value) -> String {
        let mut html = Html::default();
        add(&mut html, metadata);
        html.into_text()
    }

    #[test]
    fn a_curve_has_its_points_in_order_and_no_invalid_ones() {
        let point = |right: f64, up: f64| json!({"falsePositiveRate": right, "recall": up});
        let points =
            json!([point(1.0, 1.0), point(0.0, 0.5), point(2.0, 1.0), {"recall": 1}, "x", point(0.25, 1.0)]);
        assert_eq!(curve(&points).unwrap(), [(0.0, 0.5), (0.25, 1.0), (1.0, 1.0)]);
        let svg = charts(&json!({"confidenceMetrics": points}));
        assert!(svg.contains("points=\"44.0,174.0 109.0,44.0 304.0,44.0\""), "{svg}");
        let many: Vec<Value> = (0..5001).map(|number| point(f64::from(number) / 5000.0, 1.0)).collect();
        let shown = curve(&json!(many)).unwrap();
        assert!(shown.len() <= MAX_POINTS + 1);
        assert_eq!(shown.last(), Some(&(1.0, 1.0)));
    }

    #[test]
    fn data_that_cannot_be_drawn_has_no_charts() {
        for metadata in [
            json!({}),
            json!({"confidenceMetrics": []}),
            json!({"confidenceMetrics": [{"falsePositiveRate": 2, "recall": 1}]}),
            json!({"confusionMatrix": {}}),
        ] {
            assert_eq!((has_charts(&metadata), charts(&metadata)), (false, String::new()), "{metadata}");
        }
        assert!(has_charts(&json!({"confidenceMetrics": [{"falsePositiveRate": 0, "recall": 1}]})));
    }

    #[test]
    fn a_matrix_is_drawn_with_its_counts() {
        let specs = json!([{"displayName": "cat"}, {"displayName": "a dog with a long name"}]);
        let matrix = json!({"annotationSpecs": specs, "rows": [{"row": [8, 1]}, {"row": [2, 123_456]}]});
        let svg = charts(&json!({"confusionMatrix": matrix}));
        for part in [
            ">8</text>",
            ">1.2e5</text>",
            "a dog with a l…</text>",
            "true cat, predicted a dog with a long name: 1",
        ] {
            assert!(svg.contains(part), "missing `{part}` in {svg}");
        }
    }

    #[test]
    fn other_metadata_draws_nothing_and_never_panics() {
        for metadata in [
            json!(null),
            json!({"confidenceMetrics": []}),
            json!({"confidenceMetrics": {"recall": 1}}),
            json!({"confusionMatrix": {"annotationSpecs": [], "rows": []}}),
            json!({"confusionMatrix": {"annotationSpecs": [{}]}}),
        ] {
            assert_eq!(charts(&metadata), "", "{metadata}");
        }
        let ragged = json!({"annotationSpecs": [{}, {}], "rows": [{"row": [1]}, 7]});
        assert!(charts(&json!({"confusionMatrix": ragged})).contains("<svg"));
        let specs: Vec<Value> = (0..41).map(|_| json!({"displayName": "x"})).collect();
        let large = json!({"confusionMatrix": {"annotationSpecs": specs, "rows": []}});
        assert!(charts(&large).contains("41 categories are too many to draw"));
    }
}
