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
