//! Fields that a type does not have: misspelt ones, and those that belong somewhere else.

use kfp_diag::source::{Entry, Tree};
use kfp_diag::spelling::{list, nearest};
use kfp_diag::{Diagnostic, codes};

use super::fields;
use super::table::{Field, Shape, Table, Type};
use super::trail::Trail;
use crate::cursor::Cursor;

/// Most places that a message names.
const PLACES: usize = 3;

/// A field that the type of the object does not have.
pub(super) fn field(table: &Table, entry: &Entry, tree: &Tree, trail: &Trail<'_>) -> Diagnostic {
    let Entry { key, .. } = entry;
    let place = trail.cursor.place().key(key);
    let message = format!("there is no field `{key}` in {}", trail.cursor.words());
    let diagnostic = Diagnostic::error(codes::ARGO_FIELD, &place, message);
    if let Some(instead) = fields::removed(trail.r#type.name, key) {
        return diagnostic.note(instead.fate).help(instead.help);
    }
    let names = trail.r#type.fields.iter().map(|field| field.name);
    if let Some(right) = nearest(key, names).filter(|right| tree.get(right).is_none()) {
        return diagnostic.help(format!("use `{right}`"));
    }
    match belonging(table, key, tree, trail) {
        Some(help) => diagnostic.help(help),
        None => diagnostic.note("Argo refuses fields that it does not know, and the API server drops them"),
    }
}

/// Where a field of that name belongs: around the object, below it, or beside it.
fn belonging(table: &Table, key: &str, tree: &Tree, trail: &Trail<'_>) -> Option<String> {
    let mut around = trail.parent;
    while let Some(outer) = around {
        if outer.r#type.field(key).is_some() {
            return Some(format!("`{key}` is a field of {}, around this one", outer.cursor.words()));
        }
        around = outer.parent;
    }
    let below = holders(table, trail.r#type, key);
    // What is there already is more likely to be meant.
    let present: Vec<&str> = below.iter().copied().filter(|field| tree.get(field).is_some()).collect();
    let below = if present.is_empty() { below } else { present };
    if !below.is_empty() {
        return Some(format!("`{key}` is a field of {}, in this one", list(below.into_iter().take(PLACES))));
    }
    let parent = trail.parent?;
    let beside = holders(table, parent.r#type, key);
    (!beside.is_empty())
        .then(|| format!("`{key}` is a field of {}, beside this one", list(beside.into_iter().take(PLACES))))
}

/// The fields of the type whose objects have a field of that name.
fn holders(table: &Table, r#type: &'static Type, key: &str) -> Vec<&'static str> {
    let has = |field: &&Field| inner(&field.shape).is_some_and(|idx| table.r#type(idx).field(key).is_some());
    r#type.fields.iter().filter(has).map(|field| field.name).collect()
}

/// The type of the objects in a shape.
fn inner(shape: &Shape) -> Option<usize> {
    match shape {
        Shape::Object(idx) => Some(*idx),
        Shape::List(inner_) | Shape::Map(inner_) => inner(inner_),
        _ => None,
    }
}

/// A field that Argo knows and the API server takes away.
pub(super) fn pruned(field: &str, cursor: &Cursor<'_>) -> Diagnostic {
    let message = format!("the API server does not keep `{field}` here");
    Diagnostic::error(codes::ARGO_PRUNED, &cursor.place(), message).help("leave it out")
}
