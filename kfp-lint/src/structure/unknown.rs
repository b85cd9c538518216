//! Unknown fields: misspelled and misplaced ones.

use kfp_diag::source::{Entry, Tree};
use kfp_diag::spelling::nearest;
use kfp_diag::{Diagnostic, codes};

use super::fields;
use super::table::{Field, Shape, Table, Type};
use super::trail::Trail;
use crate::cursor::Cursor;

/// The maximum number of fields that a message lists.
const PLACES: usize = 3;

/// Reports a field that the type of the object does not have.
pub(super) fn field(table: &Table, entry: &Entry, tree: &Tree, trail: &Trail<'_>) -> Diagnostic {
    let Entry { key, .. } = entry;
    let place = trail.cursor.place().key(key);
    let message = format!("unknown field `{key}` in {}", trail.cursor.describe());
    let diagnostic = Diagnostic::error(codes::ARGO_FIELD, &place, message);
    if let Some(instead) = fields::removed(trail.r#type.name, key) {
        return diagnostic.note(instead.note).help(instead.help);
    }
    let names = trail.r#type.fields.iter().map(|field| field.name);
    if let Some(right) = nearest(key, names).filter(|right| tree.get(right).is_none()) {
        return diagnostic.help(format!("use `{right}`"));
    }
    match belonging(table, key, tree, trail) {
        Some(help) => diagnostic.help(help),
        None => diagnostic.note("Argo rejects unknown fields, and the API server drops them"),
    }
}

/// Returns where a field with that name belongs: in an enclosing object, a nested one, or a sibling.
fn belonging(table: &Table, key: &str, tree: &Tree, trail: &Trail<'_>) -> Option<String> {
    let mut around = trail.parent;
    while let Some(outer) = around {
        if outer.r#type.field(key).is_some() {
            return Some(format!("move it to {}, which encloses this object", outer.cursor.describe()));
        }
        around = outer.parent;
    }
    let below = holders(table, trail.r#type, key);
    // Prefer fields that are set.
    let present: Vec<&str> = below.iter().copied().filter(|field| tree.get(field).is_some()).collect();
    let below = if present.is_empty() { below } else { present };
    if !below.is_empty() {
        return Some(format!("move it into {} of this object", alternatives(below.into_iter().take(PLACES))));
    }
    let parent = trail.parent?;
    let beside = holders(table, parent.r#type, key);
    (!beside.is_empty())
        .then(|| format!("move it to {}, next to this object", alternatives(beside.into_iter().take(PLACES))))
}

/// Joins names with "or".
fn alternatives(names: impl Iterator<Item = &'static str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

/// Returns the fields of the type whose objects have a field with that name.
fn holders(table: &Table, r#type: &'static Type, key: &str) -> Vec<&'static str> {
    let has = |field: &&Field| inner(&field.shape).is_some_and(|idx| table.r#type(idx).field(key).is_some());
    r#type.fields.iter().filter(has).map(|field| field.name).collect()
}

/// Returns the type of the objects in a shape.
fn inner(shape: &Shape) -> Option<usize> {
    match shape {
        Shape::Object(idx) => Some(*idx),
        Shape::List(inner_) | Shape::Map(inner_) => inner(inner_),
        _ => None,
    }
}

/// Reports a field that Argo knows but the API server removes.
pub(super) fn pruned(field: &str, cursor: &Cursor<'_>) -> Diagnostic {
    let message = format!("the API server drops field `{field}` here");
    Diagnostic::error(codes::ARGO_PRUNED, &cursor.place(), message).help("remove the field")
}
