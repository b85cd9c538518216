//! The CEL rules that the API server validates, each as a function, found by the text of the rule.

use kfp_diag::source::Tree;
use kfp_diag::spelling;
use kfp_diag::{Diagnostic, codes};

use crate::cursor::Cursor;
use crate::scalar::{Scalar, scalar};

/// A rule for an object. Returns the error message and the field it is about.
type OnObject = fn(&Tree, &str) -> Option<(String, &'static str)>;
/// A rule for an item of a list. Returns the error message and the field it is about.
type OnItem = fn(&Tree, &str) -> Option<(String, &'static str)>;

const OBJECTS: [(&str, OnObject); 7] = [
    ("!has(self.depends) || !has(self.dependencies)", |tree, text| {
        both(tree, text, "depends", "dependencies")
    }),
    ("!has(self.depends) || !has(self.continueOn)", |tree, text| {
        let (message, field) = both(tree, text, "continueOn", "depends")?;
        Some((format!("{message}: use `depends` of the later tasks to run them after a failure"), field))
    }),
    ("!(has(self.depends) || has(self.dependencies)) || !self.name.matches('^[0-9]')", digit_first),
    (
        "!has(self.realtime) || !self.realtime || !self.value.contains('resourcesDuration.')",
        realtime_duration,
    ),
    ("!(has(self.count) && has(self.end))", |tree, text| both(tree, text, "count", "end")),
    (
        "(has(self.manifest) && !has(self.manifestFrom)) || (!has(self.manifest) && has(self.manifestFrom)) || (!has(self.manifest) && !has(self.manifestFrom))",
        |tree, text| both(tree, text, "manifest", "manifestFrom"),
    ),
    (
        "(has(self.s3) ? 1 : 0) + (has(self.git) ? 1 : 0) + (has(self.http) ? 1 : 0) + (has(self.artifactory) ? 1 : 0) + (has(self.hdfs) ? 1 : 0) + (has(self.raw) ? 1 : 0) + (has(self.oss) ? 1 : 0) + (has(self.gcs) ? 1 : 0) + (has(self.azure) ? 1 : 0) + (has(self.plugin) ? 1 : 0) <= 1",
        |tree, text| several(tree, text, &LOCATIONS, "an artifact has a single location"),
    ),
];

const ITEMS: [(&str, OnItem); 3] = [
    ("self.all(t, !(has(t.activeDeadlineSeconds) && (has(t.steps) || has(t.dag))))", |tree, text| {
        not_for_graphs(tree, text, "activeDeadlineSeconds")
    }),
    ("self.all(t, !(has(t.timeout) && t.timeout != \"\" && (has(t.steps) || has(t.dag))))", |tree, text| {
        not_for_graphs(tree, text, "timeout")
    }),
    (
        "self.all(t, (has(t.container) ? 1 : 0) + (has(t.script) ? 1 : 0) + (has(t.dag) ? 1 : 0) + (has(t.steps) ? 1 : 0) + (has(t.resource) ? 1 : 0) + (has(t.suspend) ? 1 : 0) + (has(t.containerSet) ? 1 : 0) + (has(t.data) ? 1 : 0) + (has(t.http) ? 1 : 0) + (has(t.plugin) ? 1 : 0) <= 1)",
        |tree, text| several(tree, text, &KINDS, "a template has a single kind"),
    ),
];

/// The fields for locations of an artifact.
const LOCATIONS: [&str; 10] =
    ["s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin"];
/// The fields for kinds of a template.
const KINDS: [&str; 10] =
    ["container", "script", "dag", "steps", "resource", "suspend", "containerSet", "data", "http", "plugin"];

/// Checks a rule for an object.
pub(super) fn object(rule: &str, tree: &Tree, text: &str, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let function = OBJECTS.iter().find(|(known, _)| *known == rule);
    if let Some((message, field)) = function.and_then(|(_, function)| function(tree, text)) {
        found.push(Diagnostic::error(codes::ARGO_RULE, &cursor.place().key(field), message));
    }
}

/// Checks a rule for each item of a list.
pub(super) fn list(rule: &str, items: &[Tree], text: &str, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some((_, function)) = ITEMS.iter().find(|(known, _)| *known == rule) else { return };
    for (idx, item) in items.iter().enumerate() {
        if let Some((message, field)) = function(item, text) {
            found.push(Diagnostic::error(codes::ARGO_RULE, &cursor.place().index(idx).key(field), message));
        }
    }
}

fn has(tree: &Tree, text: &str, field: &str) -> bool {
    tree.get(field).is_some_and(|entry| !matches!(scalar(&entry.value, text), Some(Scalar::Null)))
}

fn both(tree: &Tree, text: &str, one: &'static str, other: &'static str) -> Option<(String, &'static str)> {
    (has(tree, text, one) && has(tree, text, other))
        .then(|| (format!("`{one}` and `{other}` are mutually exclusive"), one))
}

fn several(tree: &Tree, text: &str, fields: &[&'static str], why: &str) -> Option<(String, &'static str)> {
    let present: Vec<&'static str> = fields.iter().copied().filter(|field| has(tree, text, field)).collect();
    (present.len() > 1)
        .then(|| (format!("{} are mutually exclusive: {why}", spelling::list(&present)), present[1]))
}

fn not_for_graphs(tree: &Tree, text: &str, field: &'static str) -> Option<(String, &'static str)> {
    let is_empty = tree.get(field).is_some_and(|entry| entry.value.text() == Some(""));
    let graph = ["steps", "dag"].into_iter().find(|kind| has(tree, text, kind))?;
    (has(tree, text, field) && !is_empty)
        .then(|| (format!("`{field}` is not allowed in a `{graph}` template"), field))
}

fn digit_first(tree: &Tree, text: &str) -> Option<(String, &'static str)> {
    let name = tree.get("name")?.value.text()?;
    let waits = has(tree, text, "depends") || has(tree, text, "dependencies");
    (waits && name.starts_with(|c: char| c.is_ascii_digit())).then(|| {
        (
            format!(
                "task name `{name}` starts with a digit, which is not allowed for a task with dependencies"
            ),
            "name",
        )
    })
}

fn realtime_duration(tree: &Tree, text: &str) -> Option<(String, &'static str)> {
    let realtime = tree.get("realtime").and_then(|entry| scalar(&entry.value, text));
    let value = tree.get("value")?.value.text()?;
    (realtime == Some(Scalar::Bool(true)) && value.contains("resourcesDuration."))
        .then(|| ("`resourcesDuration` is not available in a real-time gauge".to_owned(), "value"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::table::Table;

    #[test]
    fn every_rule_of_the_table_has_a_function() {
        for each in Table::get().types() {
            for rule in &each.rules {
                assert!(OBJECTS.iter().any(|(known, _)| known == rule), "{}: {rule}", each.name);
            }
            for field in &each.fields {
                for rule in &field.rules {
                    assert!(
                        ITEMS.iter().any(|(known, _)| known == rule),
                        "{} {}: {rule}",
                        each.name,
                        field.name
                    );
                }
            }
        }
    }
}
