//! Content digests of files, folders and artifacts, which cache keys contain.
//!
//! The main functions are [`of_path`], which reads a file or folder, and [`of_artifact`], which adds the other
//! properties of an artifact that a step can read. Steps use [`of_path_within`], whose cost has a [`Limit`].
//! `kfp_shim.py` computes the same digests in Python. This crate does not write files and does not decide what is
//! cached.

mod limit;
mod tree;

use std::fmt::Write as _;

use kfp_wire::value;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

pub use limit::Limit;
pub use tree::{of_file, of_path, of_path_until, of_path_within};

/// Returns the SHA-256 of the bytes, as 64 hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Returns the digest of an artifact: `sha256:` and 64 hex digits.
///
/// `content` is the digest of its file or folder. The digest also covers name, type and metadata, because a step can
/// read them, but not the location of the artifact.
///
/// ```
/// use serde_json::json;
/// let value = |key: &str, rows: i64| {
///     json!({"key": key, "uri": key, "name": "data", "type": {}, "metadata": {"rows": rows}})
/// };
/// let content = kfp_digest::sha256_hex(b"a,b\n");
/// let digest = kfp_digest::of_artifact(&value("here", 1), &content);
/// assert_eq!(digest, kfp_digest::of_artifact(&value("there", 1), &content));
/// assert_ne!(digest, kfp_digest::of_artifact(&value("here", 2), &content));
/// ```
pub fn of_artifact(artifact: &Value, content: &str) -> String {
    let parts = json!({
        "content": content,
        "metadata": artifact["metadata"],
        "name": artifact["name"],
        "type": artifact["type"],
    });
    format!("sha256:{}", sha256_hex(value::encode(&parts).as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}
