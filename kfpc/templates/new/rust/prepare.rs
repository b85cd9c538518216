//! The first step writes the examples that a model learns from.

use std::fmt::Write as _;

use kfp_sdk::prelude::*;

/// Writes examples of `y = 2x + 1` as a CSV file.
#[component(cpu = "100m", memory = "64Mi")]
pub fn prepare_data(
    /// The number of examples.
    rows: i64,
    /// A table with the columns `x` and `y`.
    data: Output<Dataset>,
) -> Result<()> {
    if rows < 2 {
        return Err(Error::data(format!(
            "`rows` must be at least 2, found {rows}"
        )));
    }
    let mut table = String::from("x,y\n");
    for x in 0..rows {
        let noise = if x % 2 == 0 { 0.25 } else { -0.25 };
        let y = x as f64 * 2.0 + 1.0 + noise;
        writeln!(table, "{x},{y}")?;
    }
    data.write(table)?;
    data.metadata("rows", rows);
    Ok(())
}
