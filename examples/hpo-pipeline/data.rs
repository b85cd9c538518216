//! Reads, splits and writes the data.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use kfp_sdk::prelude::*;
use smartcore::linalg::basic::arrays::Array2 as _;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::model_selection::train_test_split;

/// The diagnosis whose probability a model predicts.
const MALIGNANT: &str = "malignant";
/// The other diagnosis.
const BENIGN: &str = "benign";

/// A table with a diagnosis and numeric features in each row.
#[derive(Debug)]
pub(crate) struct Table {
    header: String,
    /// The features.
    pub(crate) features: DenseMatrix<f64>,
    /// 1 for malignant, 0 for benign.
    pub(crate) labels: Vec<f64>,
}

/// Validates the table of tumours, and splits it into training and validation rows.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn preprocess_data(
    /// The CSV file, with a diagnosis in the first column and numbers in all others.
    raw_data_path: String,
    /// The training rows.
    train: Output<Dataset>,
    /// The validation rows.
    validation: Output<Dataset>,
    /// The fraction of rows used for validation.
    #[default(0.25)]
    validation_split: f64,
    /// The random seed of the split.
    #[default(7)]
    seed: u32,
) -> Result<()> {
    if !(validation_split > 0.0 && validation_split < 1.0) {
        return Err(Error::data(format!(
            "invalid `validation_split` {validation_split}: expected a number between 0 and 1"
        )));
    }
    let table = Table::read(Path::new(&raw_data_path))?;
    #[expect(clippy::cast_possible_truncation, reason = "f32 is precise enough for a fraction")]
    let share = validation_split as f32;
    let (kept, held_out, kept_labels, held_out_labels) =
        train_test_split(&table.features, &table.labels, share, true, Some(u64::from(seed)));
    for (output, features, labels) in [(&train, kept, kept_labels), (&validation, held_out, held_out_labels)]
    {
        if labels.is_empty() {
            return Err(Error::data(format!("`{raw_data_path}` has too few rows to split")));
        }
        output.metadata("rows", labels.len());
        Table { header: table.header.clone(), features, labels }.write(output.path())?;
    }
    Ok(())
}

impl Table {
    /// Reads a CSV file with a diagnosis in the first column and numbers in the others.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .map_err(|error| Error::data(format!("cannot read `{}`: {error}", path.display())))?;
        let mut lines = text.lines();
        let header = lines.next().unwrap_or_default().to_owned();
        let columns = header.split(',').count();
        let (mut labels, mut rows) = (Vec::new(), Vec::new());
        for (idx, line) in lines.enumerate() {
            let (label, row) = row(line, columns).map_err(|problem| {
                Error::data(format!("line {} of `{}`: {problem}", idx + 2, path.display()))
            })?;
            labels.push(label);
            rows.push(row);
        }
        let features = DenseMatrix::from_2d_vec(&rows)
            .map_err(|_| Error::data(format!("`{}` has no rows", path.display())))?;
        Ok(Self { header, features, labels })
    }

    fn write(&self, path: &Path) -> Result<()> {
        let mut text = format!("{}\n", self.header);
        for (idx, label) in self.labels.iter().enumerate() {
            text.push_str(if *label > 0.5 { MALIGNANT } else { BENIGN });
            for value in self.features.get_row(idx).iterator(0) {
                let _ = write!(text, ",{value}");
            }
            text.push('\n');
        }
        Ok(fs::write(path, text)?)
    }
}

/// Parses the diagnosis and the numbers of a line.
fn row(line: &str, columns: usize) -> std::result::Result<(f64, Vec<f64>), String> {
    let mut cells = line.split(',');
    let label = match cells.next().unwrap_or_default() {
        MALIGNANT => 1.0,
        BENIGN => 0.0,
        other => return Err(format!("unknown diagnosis `{other}`, expected `{MALIGNANT}` or `{BENIGN}`")),
    };
    let number = |cell: &str| match cell.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("invalid number `{cell}`")),
    };
    let numbers = cells.map(number).collect::<std::result::Result<Vec<_>, _>>()?;
    if numbers.len() + 1 == columns {
        Ok((label, numbers))
    } else {
        Err(format!("found {} cells, expected {columns} as in the header", numbers.len() + 1))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use smartcore::linalg::basic::arrays::Array as _;
    use tempfile::TempDir;

    use super::*;

    /// Splits the data of the example into files in the folder.
    pub(crate) fn split_in(folder: &TempDir) -> (Input<Dataset>, Input<Dataset>) {
        let raw = Path::new(env!("CARGO_MANIFEST_DIR")).join("hpo-pipeline/data/tumours.csv");
        let path = |name: &str| folder.path().join(name);
        let (train, validation) = (Output::to_path(path("train")), Output::to_path(path("validation")));
        preprocess_data(raw.display().to_string(), train, validation, 0.25, 7).unwrap();
        (Input::from_path(path("train")), Input::from_path(path("validation")))
    }

    #[test]
    fn every_row_is_in_one_split() {
        let folder = tempfile::tempdir().unwrap();
        let (train, validation) = split_in(&folder);
        let (train, validation) =
            (Table::read(train.path()).unwrap(), Table::read(validation.path()).unwrap());
        assert_eq!((train.labels.len(), validation.labels.len()), (427, 142));
        let malignant = |table: &Table| table.labels.iter().filter(|label| **label > 0.5).count();
        assert_eq!(malignant(&train) + malignant(&validation), 212);
        assert_eq!(train.features.shape().1, 10);
    }

    #[test]
    fn errors_contain_the_line_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("raw.csv");
        for (line, problem) in [
            ("benign,1", "found 2 cells, expected 3 as in the header"),
            ("benign,1,x", "invalid number `x`"),
            ("benign,1,inf", "invalid number `inf`"),
            ("healthy,1,2", "unknown diagnosis `healthy`, expected `malignant` or `benign`"),
        ] {
            fs::write(&path, format!("diagnosis,a,b\nmalignant,1,2\n{line}\n")).unwrap();
            let message = Table::read(&path).unwrap_err().to_string();
            assert!(message.starts_with("line 3 of `") && message.ends_with(problem), "{message}");
        }
        fs::write(&path, "diagnosis,a,b\n").unwrap();
        assert!(Table::read(&path).unwrap_err().to_string().ends_with("has no rows"));
    }
}
