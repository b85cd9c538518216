//! The types around a node, which say where a misplaced field belongs.

use super::table::Type;
use crate::cursor::Cursor;

/// The types on the way to a node, the outermost last, for fields that belong somewhere else.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    pub(super) r#type: &'static Type,
    pub(super) cursor: &'a Cursor<'a>,
    pub(super) parent: Option<&'a Trail<'a>>,
}
