//! Steps that write and read artifacts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kfp_compiler::digest::sha256_hex;
use kfp_sdk::prelude::*;

/// Write a file.
#[component]
pub(crate) fn write_text(text: String, file: Output<Dataset>) -> Result<()> {
    Ok(fs::write(file.path(), text)?)
}

/// Write a model file.
#[component]
pub(crate) fn write_model(text: String, model: Output<Model>) -> Result<()> {
    Ok(fs::write(model.path(), text)?)
}

/// Read a file.
#[component]
pub(crate) fn read_text(file: Input<Artifact>) -> Result<String> {
    Ok(fs::read_to_string(file.path())?)
}

/// Read a file that may be missing.
#[component]
pub(crate) fn read_optional(file: Option<Input<Artifact>>) -> Result<String> {
    file.map_or(Ok("nothing".to_owned()), |file| Ok(fs::read_to_string(file.path())?))
}

/// Read files in order.
#[component]
pub(crate) fn read_texts(files: Vec<Input<Artifact>>) -> Result<Vec<String>> {
    files.iter().map(|file| Ok(fs::read_to_string(file.path())?)).collect()
}

/// Read tables of files.
#[component]
pub(crate) fn read_table(files: Vec<Vec<Input<Artifact>>>) -> Result<Vec<Vec<String>>> {
    let row =
        |row: &Vec<Input<Artifact>>| row.iter().map(|file| Ok(fs::read_to_string(file.path())?)).collect();
    files.iter().map(row).collect()
}

/// Write a file with the uppercase content of another.
#[component]
pub(crate) fn shout(quiet: Input<Dataset>, loud: Output<Dataset>) -> Result<()> {
    Ok(fs::write(loud.path(), fs::read_to_string(quiet.path())?.to_uppercase())?)
}

/// Write a folder of files, given by their relative paths.
#[component]
pub(crate) fn write_folder(files: BTreeMap<String, String>, folder: Output<Dataset>) -> Result<()> {
    fs::create_dir_all(folder.path())?;
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder.path()))?;
        fs::write(path, content)?;
    }
    Ok(())
}

/// Return the files of a folder with their content, by relative path.
#[component]
pub(crate) fn read_folder(folder: Input<Artifact>) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    collect(folder.path(), folder.path(), &mut files)?;
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.display().to_string();
            files.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Write a folder with a file that contains the attempt number, and fail unless it is the last attempt.
#[component]
pub(crate) fn write_then_fail(last: i64, folder: Output<Dataset>) -> Result<()> {
    let attempt = i64::from(kfp_sdk::retries()) + 1;
    fs::create_dir_all(folder.path())?;
    fs::write(folder.path().join(format!("attempt-{attempt}")), attempt.to_string())?;
    if attempt < last { Err(Error::transient("not yet")) } else { Ok(()) }
}

/// Write a large file that consists of one repeated byte.
#[component]
pub(crate) fn write_large(megabytes: i64, file: Output<Dataset>) -> Result<()> {
    let size = usize::try_from(megabytes)? << 20;
    Ok(fs::write(file.path(), vec![b'x'; size])?)
}

/// Properties of a file without its content.
#[derive(Outputs)]
pub(crate) struct Measured {
    /// The length of the file in bytes.
    pub bytes: i64,
    /// The SHA-256 digest of its first and last kilobyte.
    pub ends: String,
}

/// Measure a file.
#[component]
pub(crate) fn measure_file(file: Input<Artifact>) -> Result<Measured> {
    let bytes = fs::read(file.path())?;
    let ends = [&bytes[..bytes.len().min(1024)], &bytes[bytes.len().saturating_sub(1024)..]].concat();
    Ok(Measured { bytes: i64::try_from(bytes.len())?, ends: sha256_hex(&ends) })
}

/// Write a file with metadata.
#[component]
pub(crate) fn write_with_metadata(text: String, file: Output<Model>) -> Result<()> {
    fs::write(file.path(), &text)?;
    file.metadata("framework", "none");
    file.metadata("characters", text.chars().count());
    file.metadata("hostile", text);
    Ok(())
}

/// Return the metadata of an artifact.
#[component]
pub(crate) fn read_metadata(
    file: Input<Artifact>,
    names: Vec<String>,
) -> BTreeMap<String, serde_json::Value> {
    let metadata = |name: String| file.metadata(&name).cloned().map(|value| (name, value));
    names.into_iter().filter_map(metadata).collect()
}

/// Write some metrics.
#[component]
pub(crate) fn write_metrics(accuracy: f64, metrics: Output<Metrics>) -> Result<()> {
    metrics.log_metric("accuracy", accuracy);
    Ok(fs::write(metrics.path(), "")?)
}

/// Write nothing although an output is expected.
#[component]
pub(crate) fn write_nothing(file: Output<Dataset>) {
    let _ = file;
}

/// The outputs of a training step besides its model.
#[derive(Outputs)]
pub(crate) struct Scored {
    /// Rate times size.
    pub accuracy: f64,
    /// The length of the data.
    pub rows: i64,
}

/// Pretend to train a model.
#[component]
pub(crate) fn score(
    data: Input<Dataset>,
    model: Output<Dataset>,
    rate: f64,
    #[default(1)] size: i64,
) -> Result<Scored> {
    if rate <= 0.0 {
        return Err(Error::data("a rate is above 0"));
    }
    let text = fs::read_to_string(data.path())?;
    fs::write(model.path(), format!("{text} {rate} {size}"))?;
    let accuracy = rate * f64::from(i32::try_from(size)?);
    Ok(Scored { accuracy, rows: i64::try_from(text.len())? })
}

/// Write a file, unless the text equals `unless`.
#[component]
pub(crate) fn write_unless(text: String, unless: String, file: Option<Output<Dataset>>) -> Result<()> {
    match file {
        Some(file) if text != unless => Ok(fs::write(file.path(), text)?),
        _ => Ok(()),
    }
}

/// Read files that may be missing, in order.
#[component]
pub(crate) fn read_optionals(files: Vec<Option<Input<Artifact>>>) -> Result<Vec<String>> {
    let text = |file: &Option<Input<Artifact>>| {
        file.as_ref().map_or(Ok("nothing".to_owned()), |file| Ok(fs::read_to_string(file.path())?))
    };
    files.iter().map(text).collect()
}

kfp_sdk::artifact! {
    /// Vectors, an artifact type that the SDK does not define.
    pub(crate) Index = "conformance.Index";
}

/// Write an artifact of each type.
#[component]
pub(crate) fn write_kinds(
    metrics: Output<Metrics>,
    classification: Output<ClassificationMetrics>,
    page: Output<Html>,
    notes: Output<Markdown>,
    index: Output<Index>,
) -> Result<()> {
    metrics.log_metric("accuracy", 0.75);
    classification.log_roc_point(0.0, 0.5, 0.9);
    classification.log_roc_point(0.25, 1.0, 0.5);
    classification.log_confusion_matrix(&["cat", "dog"], &[vec![8, 1], vec![2, 9]]);
    index.metadata("dimensions", 3);
    fs::write(metrics.path(), "")?;
    fs::write(classification.path(), "")?;
    fs::write(page.path(), "<p>page</p>")?;
    fs::write(notes.path(), "# notes")?;
    Ok(fs::write(index.path(), "vectors")?)
}

/// Read an artifact of a custom type.
#[component]
pub(crate) fn read_index(index: Input<Index>) -> Result<String> {
    let dimensions = index.metadata("dimensions").and_then(serde_json::Value::as_i64).unwrap_or_default();
    Ok(format!("{} of {dimensions}", fs::read_to_string(index.path())?))
}
