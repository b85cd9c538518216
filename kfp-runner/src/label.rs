//! Labels of iterations: how users see the item of an iteration in the name of a task, such as `kind=svm` in
//! `for-each[kind=svm]/train`.

use std::collections::BTreeMap;

use kfp_model::{Expression, Loop, Reference, Region, Task, TaskId, TaskKind, value};
use serde_json::Value;

/// The maximum number of characters of an item in a label.
const MAX_CHARACTERS: usize = 32;

/// Returns a label for each item of a loop: one short line, different from those of the other items.
///
/// It is the item, after the name of the first input that receives it, or the fields of a struct. If that is too long,
/// not unique or an artifact, the label starts with the index of the iteration.
pub(crate) fn of_items(task: &Task, repeat: &Loop, items: &[Value]) -> Vec<String> {
    let input = receiving_input(&repeat.body, &task.id);
    let texts: Vec<Shortened> = items.iter().map(|item| shortened(&text(item, input))).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for found in &texts {
        *counts.entry(found.text.as_str()).or_default() += 1;
    }
    let label = |(idx, found): (usize, &Shortened)| {
        if found.is_complete && !found.text.is_empty() && counts[found.text.as_str()] == 1 {
            found.text.clone()
        } else {
            format!("#{idx} {}", found.text).trim_end().to_owned()
        }
    };
    texts.iter().enumerate().map(label).collect()
}

/// Returns the name of the first input in the region that receives the item of the loop unchanged.
fn receiving_input<'r>(region: &'r Region, holder: &TaskId) -> Option<&'r str> {
    region.tasks.iter().find_map(|task| {
        let TaskKind::Call(call) = &task.kind else {
            return task.regions().into_iter().find_map(|inner| receiving_input(inner, holder));
        };
        let is_item = |argument: &Expression| {
            matches!(argument, Expression::Reference(Reference::Item(item)) if item == holder)
        };
        call.arguments.iter().find(|(_, argument)| is_item(argument)).map(|(name, _)| name.as_str())
    })
}

/// Formats an item; the text of an artifact is empty.
fn text(item: &Value, input: Option<&str>) -> String {
    match item {
        Value::Object(fields) if item.pointer("/type/schemaTitle").is_some() || fields.is_empty() => {
            String::new()
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect::<Vec<_>>()
            .join(","),
        Value::Array(items) if items.iter().any(|item| item.pointer("/type/schemaTitle").is_some()) => {
            String::new()
        }
        other => input.map_or_else(|| plain(other), |name| format!("{name}={}", plain(other))),
    }
}

/// Formats a value in one line: a string without quotes, other values as JSON.
fn plain(value: &Value) -> String {
    if value.is_number() {
        return value::encode(value);
    }
    let text = value.to_string();
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.is_empty()).unwrap_or(&text).to_owned()
}

/// A string that may have been shortened.
struct Shortened {
    text: String,
    is_complete: bool,
}

fn shortened(text: &str) -> Shortened {
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => Shortened { text: format!("{}…", &text[..end]), is_complete: false },
        None => Shortened { text: text.to_owned(), is_complete: true },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Returns the labels of the items of a loop whose body passes them to the input `kind`, or to none.
    fn labels(items: &Value, passes: bool) -> Vec<String> {
        let argument = if passes { json!({"reference": {"item": "each"}}) } else { json!({"constant": 1}) };
        let call =
            json!({"callee": {"component": "c"}, "arguments": {"rate": {"constant": 1}, "kind": argument}});
        let inner = json!({"id": "a", "name": "a", "kind": {"call": call}});
        let repeat = json!({"items": {"constant": items}, "body": {"tasks": [inner]}});
        let task: Task =
            serde_json::from_value(json!({"id": "each", "name": "each", "kind": {"loop": repeat}})).unwrap();
        let TaskKind::Loop(repeat) = &task.kind else { panic!("not a loop") };
        of_items(&task, repeat, items.as_array().unwrap())
    }

    #[test]
    fn labels_show_the_items() {
        let model = |key: &str| json!({"key": key, "type": {"schemaTitle": "system.Model"}});
        for (items, passes, expected) in [
            (json!(["svm", "forest"]), true, vec!["kind=svm", "kind=forest"]),
            (json!(["svm", "forest"]), false, vec!["svm", "forest"]),
            (json!([1.0, 0.5, true, null]), true, vec!["kind=1", "kind=0.5", "kind=true", "kind=null"]),
            (json!(["", "a\nb"]), true, vec!["kind=\"\"", "kind=a\\nb"]),
            (json!(["a", "b", "a"]), true, vec!["#0 kind=a", "kind=b", "#2 kind=a"]),
            (
                json!([{"kind": "svm", "rate": 0.1}, {"kind": "svm", "rate": 1}]),
                true,
                vec!["kind=svm,rate=0.1", "kind=svm,rate=1"],
            ),
            (json!([{"deep": {"a": [1]}}, {}]), false, vec!["deep={\"a\":[1]}", "#1"]),
            (json!([[1, 2], []]), true, vec!["kind=[1,2]", "kind=[]"]),
            (json!([model("a"), model("b")]), true, vec!["#0", "#1"]),
            (json!([[model("a")], [model("b")]]), true, vec!["#0", "#1"]),
        ] {
            assert_eq!(labels(&items, passes), expected, "{items}");
        }
    }

    #[test]
    fn long_items_are_shortened_and_numbered() {
        let found = labels(&json!(["é".repeat(40), "short"]), true);
        assert_eq!(found, [format!("#0 kind={}…", "é".repeat(27)), "kind=short".to_owned()]);
    }
}
