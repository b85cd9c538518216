//! Fields with nothing under them, which are dropped.

use kfp_diag::{Diagnostic, codes};

use super::table::{Field, Shape};
use crate::cursor::Cursor;

/// A field with nothing under it: the same as no field, which is hardly what was meant where it says something by
/// being there.
pub(super) fn field(field: &Field, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    // What is required is told to be missing. Time stamps and states are written so by tools.
    if field.is_required || matches!(field.name, "creationTimestamp" | "status") {
        return None;
    }
    let message = format!("nothing stands under `{}`, which is the same as leaving it out", field.name);
    let diagnostic = Diagnostic::warning(codes::ARGO_NOTHING, &cursor.place(), message);
    Some(match field.shape {
        Shape::Object(_) | Shape::Map(_) | Shape::AnyObject => {
            diagnostic.help("write `{}` where an empty object is meant, or indent what follows")
        }
        Shape::Text => diagnostic.help("write `\"\"` where an empty text is meant"),
        _ => diagnostic.help("leave it out, or indent what follows"),
    })
}
