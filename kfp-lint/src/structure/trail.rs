//! The types that enclose a node, used to find where a misplaced field belongs.

use super::table::Type;
use crate::cursor::Cursor;

/// The types that enclose a node, the outermost last.
#[derive(Clone, Copy)]
pub(super) struct Trail<'a> {
    pub(super) r#type: &'static Type,
    pub(super) cursor: &'a Cursor<'a>,
    pub(super) parent: Option<&'a Trail<'a>>,
}
