//! Walks a document together with the types of its nodes.

use kfp_diag::Diagnostic;
use kfp_diag::source::{Entry, Node, Tree};

use super::table::{Field, Shape, Table};
use super::trail::Trail;
use super::{limits, lists, null, rules, types, unknown};
use crate::cursor::Cursor;
use crate::scalar::{Scalar, scalar};
use crate::scalars;

/// The state of the walk.
pub(super) struct Walk<'a> {
    pub(super) table: &'static Table,
    /// The text of the file, to distinguish quoted scalars from plain ones.
    pub(super) text: &'a str,
    pub(super) found: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// Checks a node that should be an object of the type.
    pub(super) fn object(
        &mut self,
        tree: &Tree,
        cursor: &Cursor<'_>,
        idx: usize,
        parent: Option<&Trail<'_>>,
    ) {
        let r#type = self.table.r#type(idx);
        let Node::Map(entries) = &tree.node else {
            self.found.push(types::wrong(tree, self.text, cursor, "an object"));
            return;
        };
        let trail = Trail { r#type, cursor, parent };
        for entry in entries {
            match r#type.field(&entry.key) {
                Some(field) => self.field(entry, cursor, field, &trail),
                None => self.found.push(unknown::field(self.table, entry, tree, &trail)),
            }
        }
        for field in r#type.fields.iter().filter(|field| field.is_required && !field.limits.has_default) {
            if tree.get(field.name).is_none_or(|entry| self.is_null(&entry.value)) {
                self.found.push(types::missing(field.name, cursor));
            }
        }
        for rule in &r#type.rules {
            rules::object(rule, tree, self.text, cursor, &mut self.found);
        }
        scalars::object(r#type.name, tree, cursor, &mut self.found);
    }

    fn field(&mut self, entry: &Entry, parent: &Cursor<'_>, field: &'static Field, trail: &Trail<'_>) {
        let cursor = &parent.key(&entry.key);
        if field.limits.is_pruned {
            self.found.push(unknown::pruned(field.name, cursor));
        }
        if self.is_null(&entry.value) {
            self.found.extend(null::field(field, cursor));
            return;
        }
        self.value(&entry.value, cursor, &field.shape, field, trail);
        let items = entry.value.items();
        if matches!(field.shape, Shape::List(_)) {
            limits::count(items.len(), &field.limits, cursor, &mut self.found);
            lists::unique(items, &field.limits, self.text, cursor, &mut self.found);
        }
        for rule in &field.rules {
            rules::list(rule, items, self.text, cursor, &mut self.found);
        }
    }

    fn value(
        &mut self,
        tree: &Tree,
        cursor: &Cursor<'_>,
        shape: &'static Shape,
        field: &'static Field,
        trail: &Trail<'_>,
    ) {
        match (shape, &tree.node) {
            (Shape::Object(idx), _) => self.object(tree, cursor, *idx, Some(trail)),
            (Shape::List(inner), Node::List(items)) => {
                for (idx, item) in items.iter().enumerate() {
                    self.value(item, &cursor.index(idx), inner, field, trail);
                }
            }
            (Shape::List(inner), _) => self.found.push(types::no_list(tree, self.text, cursor, inner)),
            (Shape::Map(inner), Node::Map(entries)) => {
                for entry in entries {
                    if !self.is_null(&entry.value) {
                        self.value(&entry.value, &cursor.key(&entry.key), inner, field, trail);
                    }
                }
            }
            (Shape::AnyObject, Node::Map(_)) | (Shape::Anything, _) => {}
            (Shape::Map(_) | Shape::AnyObject, _) => {
                self.found.push(types::wrong(tree, self.text, cursor, "an object"));
            }
            _ => self.scalar(tree, cursor, shape, field, trail.r#type.name),
        }
    }

    fn scalar(&mut self, tree: &Tree, cursor: &Cursor<'_>, shape: &Shape, field: &Field, owner: &str) {
        let Some(value) = scalar(tree, self.text) else {
            self.found.push(types::wrong(tree, self.text, cursor, types::noun(shape)));
            return;
        };
        if !types::fits(&value, shape) {
            let wrong = types::wrong_scalar(&value, tree, self.text, cursor, shape);
            let duration =
                value.integer().and_then(|number| scalars::duration::quoted(owner, field.name, number));
            self.found.push(match duration {
                Some(duration) => {
                    types::wrong(tree, self.text, cursor, "a duration").help(format!("use `\"{duration}\"`"))
                }
                None => wrong,
            });
            return;
        }
        if matches!(shape, Shape::Quantity) {
            scalars::quantity::check(&value, cursor, &mut self.found);
        }
        limits::scalar(&value, &field.limits, cursor, &mut self.found);
    }

    fn is_null(&self, tree: &Tree) -> bool {
        matches!(scalar(tree, self.text), Some(Scalar::Null))
    }
}
