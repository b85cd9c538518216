//! Reading what a step leaves, and holding it against the declared types.

use std::collections::BTreeMap;
use std::path::Path;

use kfp_model::{ArtifactType, Component, Type, value};
use serde_json::{Value, json};

use super::Layout;
use super::files::{self, Opened, Unusable};
use crate::evaluate::shown;
use crate::secret::{Mask, refusal, without_secrets};
use crate::{Failure, artifact};

/// The most bytes that are read at all: in a file, a character of one byte may be an escape of six.
const LARGEST_FILE: u64 = 8 * value::LARGEST as u64;

/// The values of all outputs of the component.
///
/// # Errors
/// All outputs that are missing or wrong or contain a secret, as one failure of class data.
pub(super) fn read(
    component: &Component,
    layout: &Layout,
    mask: &Mask,
) -> Result<BTreeMap<String, Value>, Failure> {
    let mut outputs = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, output) in &component.outputs {
        let result = match output.r#type.present() {
            Type::Artifact(kind) => read_artifact(name, &output.r#type, kind, layout, mask),
            _ => read_text(name, layout).and_then(|text| {
                let value = parameter(name, &output.r#type, text.as_deref());
                searched(name, text.as_deref(), value, mask)
            }),
        };
        match result {
            Ok(value) => {
                outputs.insert(name.clone(), value);
            }
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(outputs) } else { Err(Failure::data(problems.join("; "))) }
}

/// The text that the step wrote as an output or as what it tells of an artifact; nothing if it wrote none.
fn read_text(name: &str, layout: &Layout) -> Result<Option<String>, String> {
    let bytes = read_file(name, layout, &layout.parameter(name))?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| format!("the output `{name}` is not UTF-8 text"))
}

/// The value that was read from the text of an output, unless it contains a secret.
fn searched(
    name: &str,
    text: Option<&str>,
    value: Result<Value, String>,
    mask: &Mask,
) -> Result<Value, String> {
    without_secrets(mask, &format!("the output `{name}`"), text.unwrap_or(""), value)
}

/// The value that the text of an output stands for.
fn parameter(name: &str, r#type: &Type, text: Option<&str>) -> Result<Value, String> {
    let Some(text) = text else {
        return if r#type.is_option() {
            Ok(Value::Null)
        } else {
            Err(format!("the step did not write its output `{name}`"))
        };
    };
    let decoded = value::decode(text).map_err(|_| no_json(name, r#type, text))?;
    if !r#type.accepts_value(&decoded) {
        return Err(format!("the output `{name}` is {}: its type is `{type}`", shown(&decoded)));
    }
    let size = value::size(&decoded);
    if size > value::LARGEST { Err(too_large(name, size as u64)) } else { Ok(decoded) }
}

/// The value of an artifact whose payload is there.
///
/// Where the artifact lies is not the step's to say: key, name and type are what the step was told.
fn read_artifact(
    name: &str,
    r#type: &Type,
    kind: &ArtifactType,
    layout: &Layout,
    mask: &Mask,
) -> Result<Value, String> {
    let text = read_text(name, layout)?;
    // A valid value repeats what the step was given, such as its own name: only what is new is searched.
    let told = match parameter(name, r#type, text.as_deref()) {
        Ok(told) => told,
        invalid => return searched(name, text.as_deref(), invalid, mask),
    };
    if told.is_null() {
        return Ok(told);
    }
    check_payload(name, layout)?;
    let mut artifact = artifact::value(name, kind, &layout.artifact_key(name), &layout.artifact(name));
    refuse_secrets(name, &told, &artifact, mask)?;
    if let Some(digest) = told.get("digest").filter(|digest| !digest.is_null() && !is_digest(digest)) {
        let found = shown(digest);
        return Err(format!(
            "invalid digest of the artifact `{name}`: expected `sha256:` and 64 hexadecimal digits, found {found}"
        ));
    }
    match told.get("metadata") {
        None | Some(Value::Null) => {}
        Some(metadata @ Value::Object(_)) => artifact["metadata"] = metadata.clone(),
        Some(other) => {
            return Err(format!("the metadata of the artifact `{name}` are {}, not an object", shown(other)));
        }
    }
    for field in ["uri", "files", "digest"] {
        if let Some(told) = told.get(field).filter(|told| !told.is_null()) {
            artifact[field] = told.clone();
        }
    }
    if artifact["uri"] == json!("") {
        artifact["uri"] = json!(artifact::file_uri(&layout.artifact(name)));
    }
    Ok(artifact)
}

/// Refuses the value that a step reports of an artifact if it contains a secret in what `given`, the value that the
/// step received, does not have.
fn refuse_secrets(name: &str, reported: &Value, given: &Value, mask: &Mask) -> Result<(), String> {
    const FIELDS: [&str; 7] = ["key", "uri", "name", "type", "metadata", "files", "digest"];
    for (field, value) in reported.as_object().into_iter().flatten() {
        if given.get(field) == Some(value) {
            continue;
        }
        let problem = if FIELDS.contains(&field.as_str()) {
            refusal(mask, &format!("the field `{field}` of the artifact `{name}`"), value)
        } else {
            refusal(mask, &format!("the artifact `{name}`"), &json!({field: value}))
        };
        problem.map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// Whether a value has the form of the digest of an artifact.
fn is_digest(value: &Value) -> bool {
    let digits = value.as_str().and_then(|text| text.strip_prefix("sha256:"));
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(is_digit))
}

/// Checks that the payload of an artifact is there, and consists of regular files and folders.
fn check_payload(name: &str, layout: &Layout) -> Result<(), String> {
    let checked = match files::open(layout.store(), &layout.partial_artifact(name)) {
        Ok(None) => return Err(format!("the step did not write the artifact `{name}`")),
        Ok(Some(Opened::File(_))) => Ok(()),
        Ok(Some(Opened::Folder(folder))) => files::check_folder(&folder),
        Err(error) => Err(error),
    };
    checked.map_err(|error| refused_artifact(name, &error))
}

/// Returns why this cannot be the payload of an artifact.
pub(super) fn refused_artifact(name: &str, error: &Unusable) -> String {
    error.describe(&format!("the artifact `{name}`"), "a regular file or a folder")
}

/// Returns the content of the regular file that a step wrote as an output; nothing if it wrote none.
pub(super) fn read_file(name: &str, layout: &Layout, path: &Path) -> Result<Option<Vec<u8>>, String> {
    let refused = |error: Unusable| error.describe(&format!("the output `{name}`"), "a regular file");
    let file = match files::open(layout.store(), path).map_err(refused)? {
        None => return Ok(None),
        Some(Opened::Folder(_)) => return Err(refused(Unusable::Kind("a folder"))),
        Some(Opened::File(file)) => file,
    };
    let size = file.metadata().map_err(|error| refused(Unusable::Unreadable(error)))?.len();
    if size > LARGEST_FILE {
        return Err(too_large(name, size));
    }
    files::read(file, LARGEST_FILE).map(Some).map_err(|error| refused(Unusable::Unreadable(error)))
}

fn too_large(name: &str, size: u64) -> String {
    format!(
        "the output `{name}` has {size} bytes, a parameter may have {}: make it an artifact",
        value::LARGEST
    )
}

fn no_json(name: &str, r#type: &Type, text: &str) -> String {
    let number = matches!(text.trim(), "NaN" | "Infinity" | "-Infinity" | "nan" | "inf" | "-inf");
    let start = shown(&Value::String(text.to_owned()));
    if number {
        format!("the output `{name}` is {start}: a number has to be finite")
    } else {
        format!("the output `{name}` is no JSON text of type `{type}`: it begins with {start}")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn component(r#type: &Value) -> Component {
        serde_json::from_value(json!({
            "name": "c", "outputs": {"out": {"type": r#type}}, "implementation": {"rust": {}},
        }))
        .unwrap()
    }

    fn prepared(written: Option<&str>) -> (tempfile::TempDir, Layout) {
        let store = tempfile::tempdir().unwrap();
        let layout = Layout::new(store.path(), "r", "c", 1);
        layout.prepare().unwrap();
        if let Some(written) = written {
            fs::write(layout.parameter("out"), written).unwrap();
        }
        (store, layout)
    }

    #[test]
    fn parameters_are_held_against_their_types() {
        let oversize = format!("\"{}\"", "x".repeat(value::LARGEST + 1));
        // Escapes do not count: the string that they stand for has two bytes for each character.
        let escaped = format!("\"{}\"", "\\u00e9".repeat(value::LARGEST / 2));
        for (r#type, written, expect) in [
            (json!("float"), Some("0.5"), Ok(json!(0.5))),
            (json!("text"), Some(r#""{\u007bx}} \u0024(A)""#), Ok(json!("{{x}} $(A)"))),
            (json!("text"), Some(escaped.as_str()), Ok(json!("é".repeat(value::LARGEST / 2)))),
            (json!({"option": "float"}), None, Ok(json!(null))),
            (json!("float"), None, Err("the step did not write its output `out`")),
            (json!("float"), Some("NaN"), Err("the output `out` is `\"NaN\"`: a number has to be finite")),
            (json!("integer"), Some("1.5"), Err("the output `out` is `1.5`: its type is `i64`")),
            (json!("float"), Some("\"1\""), Err("the output `out` is `\"1\"`: its type is `f64`")),
            (
                json!("float"),
                Some("abc"),
                Err("the output `out` is no JSON text of type `f64`: it begins with `\"abc\"`"),
            ),
            (
                json!("text"),
                Some(oversize.as_str()),
                Err("the output `out` has 32769 bytes, a parameter may have 32768: make it an artifact"),
            ),
        ] {
            let (_store, layout) = prepared(written);
            let outputs = read(&component(&r#type), &layout, &Mask::default());
            let expect = expect.map_err(str::to_owned);
            assert_eq!(
                outputs.map(|outputs| outputs["out"].clone()).map_err(|failure| failure.message),
                expect
            );
        }
    }

    #[test]
    fn an_artifact_needs_its_payload_and_keeps_its_place() {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let told = r#"{"key":"../../etc","name":"x","metadata":{"rows":3}}"#;
        let (_store, layout) = prepared(Some(told));
        let error = read(&component(&model), &layout, &Mask::default()).unwrap_err();
        assert_eq!(error.message, "the step did not write the artifact `out`");
        fs::write(layout.partial_artifact("out"), "payload").unwrap();
        let outputs = read(&component(&model), &layout, &Mask::default()).unwrap();
        assert_eq!(outputs["out"]["key"], json!(layout.artifact_key("out")));
        assert_eq!(outputs["out"]["metadata"], json!({"rows": 3}));
    }
}
