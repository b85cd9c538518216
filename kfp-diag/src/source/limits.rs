//! Limits on the size of documents, and the errors for documents that exceed them.

use super::fault::Problem;

/// The maximum nesting depth.
pub(super) const DEPTH: usize = 128;
/// The maximum number of YAML nodes. Unit tests are slower, so their limit is lower.
pub(super) const YAML_NODES: usize = if cfg!(test) { 20_000 } else { 1_000_000 };
/// The maximum number of JSON nodes.
pub(super) const JSON_NODES: usize = if cfg!(test) { 20_000 } else { 2_000_000 };
/// The maximum number of YAML documents in a manifest file.
pub(super) const DOCUMENTS: usize = 10_000;
/// The maximum size in bytes.
pub(super) const BYTES: usize = 32 * 1024 * 1024;

pub(super) fn too_deep() -> Problem {
    Problem::TooMuch(format!("more than {DEPTH} levels of nesting"))
}

pub(super) fn too_many_nodes(most: usize) -> Problem {
    Problem::TooMuch(format!("more than {most} values"))
}

pub(super) fn too_many_aliases() -> Problem {
    Problem::TooMuch("aliases expand to too many values".to_owned())
}
