//! Artifacts as values: where one lies, and what is known about it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kfp_model::ArtifactType;
use serde_json::{Map, Value, json};

/// The value of an artifact that is at `path`, and has `key` in the store.
pub(crate) fn value(name: &str, r#type: &ArtifactType, key: &str, path: &Path) -> Value {
    json!({
        "key": key,
        "uri": file_uri(path),
        "name": name,
        "type": {"schemaTitle": r#type.name, "schemaVersion": r#type.version},
        "metadata": {},
    })
}

/// The folders in which the buckets of other stores lie on this machine, by the scheme of their URIs.
pub(crate) type Stores = BTreeMap<String, PathBuf>;

/// The value of an artifact that lies outside of the run store, where a text says: a path, a `file:` URI, or a URI
/// of another store, which the value keeps.
pub(crate) fn from_location(
    name: &str,
    r#type: &ArtifactType,
    location: &str,
    metadata: Map<String, Value>,
    stores: &Stores,
) -> Result<Value, String> {
    let path = location_path(location, stores)?;
    let path = std::path::absolute(&path).map_err(|error| format!("`{location}` is no path: {error}"))?;
    if !path.exists() {
        return Err(format!("there is nothing at `{}`", path.display()));
    }
    let Some(key) = path.to_str() else { return Err(format!("`{}` is no Unicode path", path.display())) };
    let mut artifact = value(name, r#type, key, &path);
    artifact["metadata"] = Value::Object(metadata);
    if location.contains("://") {
        artifact["uri"] = Value::from(location);
    }
    Ok(artifact)
}

/// Where the artifact lies on this machine. Keys are relative to the store, other locations absolute.
pub(crate) fn path_of(store: &Path, artifact: &Value) -> Option<PathBuf> {
    let key = artifact.get("key")?.as_str()?;
    (!key.is_empty()).then(|| store.join(key))
}

/// The digest that the value has, if it has one.
pub(crate) fn known_digest(artifact: &Value) -> Option<&str> {
    artifact.get("digest")?.as_str()
}

/// The digest of an artifact by what lies there now; none where that cannot be read.
pub(crate) fn digest_of(store: &Path, artifact: &Value) -> Option<String> {
    let content = kfp_digest::of_path(&path_of(store, artifact)?).ok()?;
    Some(kfp_digest::of_artifact(artifact, &content))
}

/// Adds the digests of artifacts that lie outside of the store and have none.
pub(crate) fn add_digests(store: &Path, value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| add_digests(store, item)),
        Value::Object(_) if known_digest(value).is_none() => {
            if let Some(digest) = digest_of(store, value) {
                value["digest"] = Value::from(digest);
            }
        }
        _ => {}
    }
}

/// What identifies an artifact in the key of a result: its digest, else its key. Lists have what identifies their
/// items.
///
/// None for what lies outside of the store and cannot be read: other content there would have the same key.
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

/// Says of an artifact where it lies, unless a step has given it a URI of its own.
pub(crate) fn place(artifact: &mut Value, key: &str, path: &Path) {
    artifact["key"] = Value::from(key);
    if artifact["uri"] == json!("") {
        artifact["uri"] = Value::from(file_uri(path));
    }
}

/// The artifact without the place where it lies, as [`place`] gives it another one.
pub(crate) fn placeless(store: &Path, artifact: &Value) -> Value {
    let mut placeless = artifact.clone();
    if path_of(store, artifact).is_some_and(|path| artifact["uri"] == json!(file_uri(&path))) {
        placeless["uri"] = json!("");
    }
    placeless["key"] = json!("");
    placeless
}

/// Calls `visit` with every artifact in a value: one, none, or lists of them.
pub(crate) fn for_each<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| for_each(item, visit)),
        Value::Object(_) => visit(value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Where a location lies on this machine.
pub(crate) fn location_path(location: &str, stores: &Stores) -> Result<PathBuf, String> {
    match location.split_once("://") {
        Some((scheme, rest)) => match stores.get(scheme) {
            Some(_) if rest.split('/').any(|part| matches!(part, "" | "." | "..")) => {
                Err(format!("`{location}` names nothing in a store: write `{scheme}://BUCKET/KEY`"))
            }
            Some(folder) => Ok(folder.join(rest)),
            None if scheme == "file" => decode_percent(rest).map(PathBuf::from),
            None => Err(format!(
                "`{location}` cannot be read here: give a path or a `file://` URI, or say in kfpc.toml which folder \
                 stands for its store here, by `path` of the store with `scheme = \"{scheme}\"`"
            )),
        },
        None if location.is_empty() => Err("the location of the artifact is empty".to_owned()),
        None => Ok(PathBuf::from(location)),
    }
}

/// The `file:` URI of an absolute path.
pub(crate) fn file_uri(path: &Path) -> String {
    let mut uri = "file://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes everything");
        }
    }
    uri
}

fn decode_percent(text: &str) -> Result<String, String> {
    let error = || format!("`{text}` is not the path of a URI");
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
