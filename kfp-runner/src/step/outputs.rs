//! Reads the outputs of a step, and checks them against the declared types.

use std::collections::BTreeMap;
use std::path::Path;

use kfp_model::{ArtifactType, Component, Type, value};
use serde_json::{Value, json};

use super::Layout;
use super::files::{self, OpenError, Opened};
use crate::evaluate::shown;
use crate::mismatch::mismatch;
use crate::secret::{Mask, refusal, without_secrets};
use crate::{Failure, artifact};

/// The maximum size of a file that is read: in JSON, a character of one byte may be an escape of six.
const MAX_FILE_SIZE: u64 = 8 * value::LARGEST as u64;

/// Reads the values of all outputs of the component.
///
/// # Errors
/// All outputs that are missing, invalid or contain a secret, as one failure of class data.
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
                refuse_if_secret(name, text.as_deref(), value, mask)
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

/// Reads the text of an output parameter, or of the value of an artifact. Returns `None` if the step wrote none.
fn read_text(name: &str, layout: &Layout) -> Result<Option<String>, String> {
    let bytes = read_file(name, layout, &layout.parameter(name))?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| format!("the output `{name}` is not valid UTF-8"))
}

/// Returns the value of an output, unless it contains a secret.
fn refuse_if_secret(
    name: &str,
    text: Option<&str>,
    value: Result<Value, String>,
    mask: &Mask,
) -> Result<Value, String> {
    without_secrets(mask, &format!("the output `{name}`"), text.unwrap_or(""), value)
}

/// Parses the text of an output.
fn parameter(name: &str, r#type: &Type, text: Option<&str>) -> Result<Value, String> {
    let Some(text) = text else {
        return if r#type.is_option() {
            Ok(Value::Null)
        } else {
            Err(format!("the step did not write its output `{name}`"))
        };
    };
    let decoded = value::decode(text).map_err(|_| invalid_json(name, r#type, text))?;
    if !r#type.accepts_value(&decoded) {
        let expected = r#type.expectation();
        let part = mismatch(name, r#type, &decoded).map(|part| format!("; {part}")).unwrap_or_default();
        return Err(format!("invalid output `{name}`: expected {expected}, found {}{part}", shown(&decoded)));
    }
    let size = value::size(&decoded);
    if size > value::LARGEST { Err(too_large(name, size as u64)) } else { Ok(decoded) }
}

/// Reads the value of an artifact, and checks that its payload exists.
///
/// The step does not decide on the location: key, name and type are those that it received.
fn read_artifact(
    name: &str,
    r#type: &Type,
    kind: &ArtifactType,
    layout: &Layout,
    mask: &Mask,
) -> Result<Value, String> {
    let text = read_text(name, layout)?;
    // A valid value repeats what the step received, such as the artifact's name: only other content is searched.
    let reported = match parameter(name, r#type, text.as_deref()) {
        Ok(reported) => reported,
        invalid => return refuse_if_secret(name, text.as_deref(), invalid, mask),
    };
    if reported.is_null() {
        return Ok(reported);
    }
    check_payload(name, layout)?;
    let mut artifact = artifact::value(name, kind, &layout.artifact_key(name), &layout.artifact(name));
    refuse_secrets(name, &reported, &artifact, mask)?;
    if let Some(digest) = reported.get("digest").filter(|digest| !digest.is_null() && !is_digest(digest)) {
        let found = shown(digest);
        return Err(format!(
            "invalid digest of the artifact `{name}`: expected `sha256:` and 64 hexadecimal digits, found {found}"
        ));
    }
    match reported.get("metadata") {
        None | Some(Value::Null) => {}
        Some(metadata @ Value::Object(_)) => artifact["metadata"] = metadata.clone(),
        Some(other) => {
            let found = shown(other);
            return Err(format!(
                "invalid metadata of the artifact `{name}`: expected an object, found {found}"
            ));
        }
    }
    for field in ["uri", "files", "digest"] {
        if let Some(value) = reported.get(field).filter(|value| !value.is_null()) {
            artifact[field] = value.clone();
        }
    }
    if artifact["uri"] == json!("") {
        artifact["uri"] = json!(artifact::file_uri(&layout.artifact(name)));
    }
    Ok(artifact)
}

/// Refuses the value that a step reports for an artifact if it contains a secret that is not in `received`, the value
/// that the step received.
fn refuse_secrets(name: &str, reported: &Value, received: &Value, mask: &Mask) -> Result<(), String> {
    const FIELDS: [&str; 7] = ["key", "uri", "name", "type", "metadata", "files", "digest"];
    for (field, value) in reported.as_object().into_iter().flatten() {
        if received.get(field) == Some(value) {
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

/// Returns whether a value has the form of an artifact's digest.
fn is_digest(value: &Value) -> bool {
    let digits = value.as_str().and_then(|text| text.strip_prefix("sha256:"));
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(is_digit))
}

/// Checks that the payload of an artifact exists, and consists of regular files and folders.
fn check_payload(name: &str, layout: &Layout) -> Result<(), String> {
    let checked = match files::open(layout.store(), &layout.partial_artifact(name)) {
        Ok(None) => return Err(format!("the step did not write the artifact `{name}`")),
        Ok(Some(Opened::File(_))) => Ok(()),
        Ok(Some(Opened::Folder(folder))) => files::check_folder(&folder),
        Err(error) => Err(error),
    };
    checked.map_err(|error| refused_artifact(name, &error))
}

/// Returns the message about an artifact whose payload cannot be used.
pub(super) fn refused_artifact(name: &str, error: &OpenError) -> String {
    error.describe(&format!("the artifact `{name}`"), "a regular file or a folder")
}

/// Reads the regular file of an output. Returns `None` if the step wrote none.
pub(super) fn read_file(name: &str, layout: &Layout, path: &Path) -> Result<Option<Vec<u8>>, String> {
    let refused = |error: OpenError| error.describe(&format!("the output `{name}`"), "a regular file");
    let file = match files::open(layout.store(), path).map_err(refused)? {
        None => return Ok(None),
        Some(Opened::Folder(_)) => return Err(refused(OpenError::Kind("a folder"))),
        Some(Opened::File(file)) => file,
    };
    let size = file.metadata().map_err(|error| refused(OpenError::Unreadable(error)))?.len();
    if size > MAX_FILE_SIZE {
        return Err(too_large(name, size));
    }
    files::read(file, MAX_FILE_SIZE).map(Some).map_err(|error| refused(OpenError::Unreadable(error)))
}

fn too_large(name: &str, size: u64) -> String {
    format!(
        "the output `{name}` has {size} bytes, but a parameter has at most {}: make it an artifact",
        value::LARGEST
    )
}

fn invalid_json(name: &str, r#type: &Type, text: &str) -> String {
    let is_number = matches!(text.trim(), "NaN" | "Infinity" | "-Infinity" | "nan" | "inf" | "-inf");
    let found = shown(&Value::String(text.to_owned()));
    if is_number {
        format!("invalid output `{name}`: expected a finite number, found {found}")
    } else {
        format!("invalid output `{name}`: expected JSON of type `{type}`, found {found}")
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
    fn parameters_are_checked_against_their_types() {
        let oversize = format!("\"{}\"", "x".repeat(value::LARGEST + 1));
        // Escapes do not count: each of these characters has two bytes.
        let escaped = format!("\"{}\"", "\\u00e9".repeat(value::LARGEST / 2));
        for (r#type, written, expect) in [
            (json!("float"), Some("0.5"), Ok(json!(0.5))),
            (json!("string"), Some(r#""{\u007bx}} \u0024(A)""#), Ok(json!("{{x}} $(A)"))),
            (json!("string"), Some(escaped.as_str()), Ok(json!("é".repeat(value::LARGEST / 2)))),
            (json!({"option": "float"}), None, Ok(json!(null))),
            (json!("float"), None, Err("the step did not write its output `out`")),
            (
                json!("float"),
                Some("NaN"),
                Err("invalid output `out`: expected a finite number, found `\"NaN\"`"),
            ),
            (
                json!("integer"),
                Some("1.5"),
                Err("invalid output `out`: expected a 64-bit integer, found `1.5`"),
            ),
            (
                json!({"list": "integer"}),
                Some("[1, 2.5]"),
                Err(
                    "invalid output `out`: expected a JSON list of type `Vec<i64>`, found `[1,2.5]`; expected a \
                     64-bit integer in `out[1]`, found `2.5`",
                ),
            ),
            (json!("float"), Some("\"1\""), Err("invalid output `out`: expected a float, found `\"1\"`")),
            (
                json!("float"),
                Some("abc"),
                Err("invalid output `out`: expected JSON of type `f64`, found `\"abc\"`"),
            ),
            (
                json!("string"),
                Some(oversize.as_str()),
                Err(
                    "the output `out` has 32769 bytes, but a parameter has at most 32768: make it an artifact",
                ),
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
    fn an_artifact_requires_its_payload_and_its_key_cannot_be_changed() {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let reported = r#"{"key":"../../etc","name":"x","metadata":{"rows":3}}"#;
        let (_store, layout) = prepared(Some(reported));
        let error = read(&component(&model), &layout, &Mask::default()).unwrap_err();
        assert_eq!(error.message, "the step did not write the artifact `out`");
        fs::write(layout.partial_artifact("out"), "payload").unwrap();
        let outputs = read(&component(&model), &layout, &Mask::default()).unwrap();
        assert_eq!(outputs["out"]["key"], json!(layout.artifact_key("out")));
        assert_eq!(outputs["out"]["metadata"], json!({"rows": 3}));
    }
}
