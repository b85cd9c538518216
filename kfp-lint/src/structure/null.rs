//! Fields without a value, which are dropped.

use kfp_diag::{Diagnostic, codes};

use super::table::{Field, Shape};
use crate::cursor::Cursor;

/// Reports a field without a value. It is the same as no field, which is probably not intended.
pub(super) fn field(field: &Field, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    // Required fields are reported as missing. Tools write empty timestamps and statuses.
    if field.is_required || matches!(field.name, "creationTimestamp" | "status") {
        return None;
    }
    let message = format!("`{}` has no value, so it is ignored", field.name);
    let diagnostic = Diagnostic::warning(codes::ARGO_NOTHING, &cursor.place(), message);
    Some(match field.shape {
        Shape::Object(_) | Shape::Map(_) | Shape::AnyObject => {
            diagnostic.help("use `{}` for an empty object, or indent the next lines")
        }
        Shape::String => diagnostic.help("use `\"\"` for an empty string"),
        _ => diagnostic.help("remove it, or indent the next lines"),
    })
}
