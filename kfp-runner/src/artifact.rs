//! Artifacts as values: the location of an artifact, and its metadata.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kfp_digest::Limit;
use kfp_model::ArtifactType;
use serde_json::{Map, Value, json};

/// Creates the value of an artifact that is at `path`, and has `key` in the store.
pub(crate) fn value(name: &str, r#type: &ArtifactType, key: &str, path: &Path) -> Value {
    json!({
        "key": key,
        "uri": file_uri(path),
        "name": name,
        "type": {"schemaTitle": r#type.name, "schemaVersion": r#type.version},
        "metadata": {},
    })
}

/// The local folders that represent the buckets of other stores, by the scheme of their URIs.
pub(crate) type Stores = BTreeMap<String, PathBuf>;

/// Creates the value of an artifact outside the run store, from a path, a `file:` URI, or a URI of another store, which
/// the value keeps.
pub(crate) fn from_location(
    name: &str,
    r#type: &ArtifactType,
    location: &str,
    metadata: Map<String, Value>,
    stores: &Stores,
) -> Result<Value, String> {
    let path = location_path(location, stores)?;
    let path = std::path::absolute(&path).map_err(|error| format!("invalid path `{location}`: {error}"))?;
    if !path.exists() {
        return Err(format!("`{}` does not exist", path.display()));
    }
    let Some(key) = path.to_str() else {
        return Err(format!("the path `{}` is not valid UTF-8", path.display()));
    };
    let mut artifact = value(name, r#type, key, &path);
    artifact["metadata"] = Value::Object(metadata);
    if location.contains("://") {
        artifact["uri"] = Value::from(location);
    }
    Ok(artifact)
}

/// Returns the local path of an artifact. Keys are relative to the store, other locations absolute.
pub(crate) fn path_of(store: &Path, artifact: &Value) -> Option<PathBuf> {
    let key = artifact.get("key")?.as_str()?;
    (!key.is_empty()).then(|| store.join(key))
}

/// Returns the digest in the value of an artifact, if there is one.
pub(crate) fn known_digest(artifact: &Value) -> Option<&str> {
    artifact.get("digest")?.as_str()
}

/// Computes the digest of an artifact from its current content. Returns `None` if that cannot be read.
pub(crate) fn digest_of(store: &Path, artifact: &Value) -> Option<String> {
    let content = kfp_digest::of_path(&path_of(store, artifact)?).ok()?;
    Some(kfp_digest::of_artifact(artifact, &content))
}

/// Adds the digests of artifacts that are outside the store, have none and are within the limit.
pub(crate) fn add_digests(store: &Path, value: &mut Value, limit: Limit) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| add_digests(store, item, limit)),
        Value::Object(_) if known_digest(value).is_none() => {
            let content = path_of(store, value).map(|path| kfp_digest::of_path_within(&path, limit));
            if let Some(Ok(Some(content))) = content {
                value["digest"] = Value::from(kfp_digest::of_artifact(value, &content));
            }
        }
        _ => {}
    }
}

/// Returns what identifies an artifact in the key of a result: its digest, else its key. A list is identified by its
/// items.
///
/// Returns `None` for an artifact that is outside the store and has no digest, because it exceeds the limit or cannot be
/// read: other content there would have the same key.
pub(crate) fn identity(value: &Value) -> Option<Value> {
    match value {
        Value::Array(items) => items.iter().map(identity).collect(),
        Value::Object(fields) => match known_digest(value) {
            Some(digest) => Some(Value::from(digest)),
            None => {
                let key = fields.get("key")?;
                key.as_str().is_none_or(|key| !key.starts_with('/')).then(|| key.clone())
            }
        },
        _ => Some(value.clone()),
    }
}

/// Sets the location of an artifact, except for a URI that the step has set itself.
pub(crate) fn set_location(artifact: &mut Value, key: &str, path: &Path) {
    artifact["key"] = Value::from(key);
    if artifact["uri"] == json!("") {
        artifact["uri"] = Value::from(file_uri(path));
    }
}

/// Returns the artifact without its location, which [`set_location`] sets again.
pub(crate) fn without_location(store: &Path, artifact: &Value) -> Value {
    let mut unplaced = artifact.clone();
    if path_of(store, artifact).is_some_and(|path| artifact["uri"] == json!(file_uri(&path))) {
        unplaced["uri"] = json!("");
    }
    unplaced["key"] = json!("");
    unplaced
}

/// Calls `visit` with every artifact in a value: one, none, or lists of them.
pub(crate) fn for_each<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| for_each(item, visit)),
        Value::Object(_) => visit(value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the local path of a location.
pub(crate) fn location_path(location: &str, stores: &Stores) -> Result<PathBuf, String> {
    match location.split_once("://") {
        Some((scheme, rest)) => match stores.get(scheme) {
            Some(_) if rest.split('/').any(|part| matches!(part, "" | "." | "..")) => {
                Err(format!("invalid location `{location}`: expected `{scheme}://BUCKET/KEY`"))
            }
            Some(folder) => Ok(folder.join(rest)),
            None if scheme == "file" => decode_percent(rest).map(PathBuf::from),
            None => Err(format!(
                "cannot read `{location}` on this machine: use a path or a `file://` URI, or set `path` of the \
                 store with `scheme = \"{scheme}\"` in `kfpc.toml` to a local folder"
            )),
        },
        None if location.is_empty() => Err("the location of the artifact is empty".to_owned()),
        None => Ok(PathBuf::from(location)),
    }
}

/// Returns the path of an artifact on this machine; `None` for other values and for artifacts in other stores.
///
/// ```
/// use std::path::Path;
/// use serde_json::json;
/// let model = json!({"uri": "file:///tmp/my%20model", "type": {"schemaTitle": "system.Model"}});
/// assert_eq!(kfp_runner::artifact_path(&model).as_deref(), Some(Path::new("/tmp/my model")));
/// assert_eq!(kfp_runner::artifact_path(&json!({"uri": "file:///tmp"})), None);
/// ```
pub fn artifact_path(value: &Value) -> Option<PathBuf> {
    value.pointer("/type/schemaTitle")?;
    let path = value.get("uri")?.as_str()?.strip_prefix("file://")?;
    decode_percent(path).ok().map(PathBuf::from)
}

/// Returns the `file:` URI of an absolute path.
pub(crate) fn file_uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    uri
}

fn decode_percent(text: &str) -> Result<String, String> {
    let error = || format!("invalid percent-encoding in the path of the URI: `{text}`");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            let digits =
                tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()).ok_or_else(error)?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| error())?);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).map_err(|_| error())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_read_back_as_paths() {
        let stores = Stores::from([("lake".to_owned(), PathBuf::from("/mnt/lake"))]);
        let location_path = |location: &str| location_path(location, &stores);
        assert_eq!(location_path("lake://rows/2024.csv").unwrap(), Path::new("/mnt/lake/rows/2024.csv"));
        for path in ["/data/a.csv", "/with space/100%/é", "/a?b#c"] {
            let uri = file_uri(Path::new(path));
            assert!(uri.is_ascii(), "{uri}");
            assert_eq!(location_path(&uri).unwrap(), Path::new(path));
        }
        for location in [
            "s3://bucket/key",
            "lake://a/../../etc",
            "lake:///etc",
            "lake://",
            "",
            "file:///%zz",
            "file:///%f",
        ] {
            assert!(location_path(location).is_err(), "{location}");
        }
    }
}
