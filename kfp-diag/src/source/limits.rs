//! How much of a text is read, and what is reported about texts that have more.

use super::fault::Problem;

/// Levels of nesting.
pub(super) const DEPTH: usize = 128;
/// Nodes of YAML. Unit tests, which are slower, get there sooner.
pub(super) const YAML_NODES: usize = if cfg!(test) { 20_000 } else { 1_000_000 };
/// Nodes of JSON.
pub(super) const JSON_NODES: usize = if cfg!(test) { 20_000 } else { 2_000_000 };
/// YAML documents of a text, where there may be several.
pub(super) const DOCUMENTS: usize = 10_000;
/// Bytes of a text.
pub(super) const BYTES: usize = 32 * 1024 * 1024;

pub(super) fn too_deep() -> Problem {
    Problem::TooMuch(format!("it is nested more than {DEPTH} deep"))
}

pub(super) fn too_many_nodes(most: usize) -> Problem {
    Problem::TooMuch(format!("it has more than {most} values"))
}

pub(super) fn too_many_aliases() -> Problem {
    Problem::TooMuch("its aliases expand to too much".to_owned())
}
