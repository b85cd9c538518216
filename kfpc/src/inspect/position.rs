//! Positions in Python sources.

use serde::Deserialize;

/// A position in a source, in a cell of a notebook, or in a module. Lines and columns are counted from 1.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Position {
    /// The line, if it is known.
    pub(super) line: Option<u32>,
    pub(super) column: u32,
    /// The number of the cell, counted from 1.
    #[serde(default)]
    pub(super) cell: Option<usize>,
    /// The path of the module.
    #[serde(default)]
    pub(super) module_path: Option<String>,
}
