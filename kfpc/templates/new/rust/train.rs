//! Training fits a line to the examples.

use kfp_sdk::prelude::*;

/// Fits a line to the data and returns the R² score of the fit.
#[component(cpu = "500m")]
pub fn train_model(
    /// A table with the columns `x` and `y`.
    data: Input<Dataset>,
    /// The slope and the intercept of the line, as JSON.
    model: Output<Model>,
) -> Result<f64> {
    let text = data.read_to_string()?;
    let rows: Option<Vec<(f64, f64)>> = text.lines().skip(1).map(row).collect();
    let rows = rows.ok_or_else(|| Error::data("expected a table with two columns of numbers"))?;
    let (slope, intercept, score) = fit(&rows);
    model.write(format!(r#"{{"slope": {slope}, "intercept": {intercept}}}"#))?;
    Ok(score)
}

fn row(line: &str) -> Option<(f64, f64)> {
    let (x, y) = line.split_once(',')?;
    Some((x.parse().ok()?, y.parse().ok()?))
}

/// The slope, the intercept and the R² score of the line with the least squared error.
fn fit(rows: &[(f64, f64)]) -> (f64, f64, f64) {
    let count = rows.len() as f64;
    let mean_x = rows.iter().map(|(x, _)| x).sum::<f64>() / count;
    let mean_y = rows.iter().map(|(_, y)| y).sum::<f64>() / count;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in rows {
        xx += (x - mean_x).powi(2);
        xy += (x - mean_x) * (y - mean_y);
        yy += (y - mean_y).powi(2);
    }
    let slope = xy / xx;
    (slope, mean_y - slope * mean_x, slope * xy / yy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found() {
        let (slope, intercept, score) = fit(&[(0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]);
        assert_eq!((slope, intercept, score), (2.0, 1.0, 1.0));
    }
}
