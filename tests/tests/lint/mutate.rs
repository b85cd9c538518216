//! Inserts mistakes into manifests, reproducibly for a seed.

use serde_json::{Map, Value, json};

/// A pseudo-random number generator.
pub(crate) struct Random(u64);

/// Inserts a mistake into a document; returns false if the document has no place for it.
type Mistake = fn(&mut Value, &mut Random) -> bool;

/// The kinds of mistakes by name.
pub(crate) const MISTAKES: [(&str, Mistake); 18] = [
    ("drop a field", drop_field),
    ("misspell a field", misspell),
    ("misplace a field", misplace),
    ("wrong type", wrong_type),
    ("rename in a tag", rename_in_tag),
    ("rename a reference", rename_reference),
    ("break an expression", break_expression),
    ("too many items", too_many),
    ("too long a name", too_long),
    ("no duration", no_duration),
    ("no quantity", no_quantity),
    ("item twice", item_twice),
    ("no name", no_name),
    ("no schedule", no_schedule),
    ("empty list", empty_list),
    ("two kinds", two_kinds),
    ("unquoted value", unquoted_value),
    ("wrong choice", wrong_choice),
];

/// The kinds with which every run fails.
pub(crate) const FATAL: [&str; 4] = ["break an expression", "no duration", "no quantity", "no schedule"];

impl Random {
    pub(crate) fn new(seed: &str) -> Self {
        // FNV-1a.
        let hash = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }

    fn next(&mut self, below: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).unwrap()
    }
}

/// Returns the pointers to all matching nodes below `/spec`, except below keys that allow arbitrary contents.
fn places(document: &Value, select: impl Fn(&str, &Value) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![("/spec".to_owned(), document.get("spec"))];
    while let Some((pointer, value)) = open.pop() {
        let Some(value) = value else { continue };
        let key = pointer.rsplit('/').next().unwrap();
        if ["labels", "annotations", "plugin", "withItems", "nodeSelector"].contains(&key) {
            continue;
        }
        if select(&pointer, value) {
            found.push(pointer.clone());
        }
        match value {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    open.push((format!("{pointer}/{key}"), Some(inner)));
                }
            }
            Value::Array(items) => {
                open.extend(
                    items.iter().enumerate().map(|(idx, item)| (format!("{pointer}/{idx}"), Some(item))),
                );
            }
            _ => {}
        }
    }
    found.sort();
    found
}

/// Returns a random matching node.
fn pick<'a>(
    document: &'a mut Value,
    random: &mut Random,
    select: impl Fn(&str, &Value) -> bool,
) -> Option<&'a mut Value> {
    let places = places(document, select);
    if places.is_empty() {
        return None;
    }
    document.pointer_mut(&places[random.next(places.len())])
}

fn key(pointer: &str) -> &str {
    pointer.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or_default()
}

fn is_last(pointer: &str, keys: &[&str]) -> bool {
    keys.contains(&pointer.rsplit('/').next().unwrap_or_default())
}

fn one_key(fields: &Map<String, Value>, random: &mut Random) -> String {
    fields.keys().nth(random.next(fields.len())).unwrap().clone()
}

fn has_fields(_: &str, value: &Value) -> bool {
    value.as_object().is_some_and(|fields| !fields.is_empty())
}

fn drop_field(document: &mut Value, random: &mut Random) -> bool {
    let Some(Value::Object(fields)) = pick(document, random, has_fields) else { return false };
    let key = one_key(fields, random);
    fields.remove(&key).is_some()
}

fn misspell(document: &mut Value, random: &mut Random) -> bool {
    let Some(Value::Object(fields)) = pick(document, random, has_fields) else { return false };
    let key = one_key(fields, random);
    let value = fields.remove(&key).unwrap();
    let mut wrong = key;
    wrong.remove(wrong.char_indices().nth(1).map_or(0, |(idx, _)| idx));
    fields.insert(wrong, value);
    true
}

fn misplace(document: &mut Value, random: &mut Random) -> bool {
    let candidates = places(document, |pointer, value| {
        let parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
        pointer != "/spec"
            && has_fields("", value)
            && parent.is_some_and(|parent| parent.parse::<usize>().is_err())
    });
    let inside = |document: &Value, pointer: &String| {
        document.pointer(pointer.rsplit_once('/').unwrap().0).is_some_and(Value::is_object)
    };
    let candidates: Vec<String> =
        candidates.into_iter().filter(|pointer| inside(document, pointer)).collect();
    if candidates.is_empty() {
        return false;
    }
    let pointer = &candidates[random.next(candidates.len())];
    let Some(Value::Object(fields)) = document.pointer_mut(pointer) else { return false };
    let key = one_key(fields, random);
    let value = fields.remove(&key).unwrap();
    let outer = pointer.rsplit_once('/').unwrap().0.to_owned();
    let Some(Value::Object(outer)) = document.pointer_mut(&outer) else { return false };
    outer.insert(key, value);
    true
}

fn wrong_type(document: &mut Value, random: &mut Random) -> bool {
    let Some(value) = pick(document, random, |pointer, _| pointer != "/spec") else { return false };
    *value = match value {
        Value::String(_) | Value::Object(_) => json!(["a"]),
        Value::Number(_) => json!("many"),
        Value::Bool(_) => json!("perhaps"),
        Value::Array(_) => json!("a"),
        Value::Null => json!({}),
    };
    true
}

fn rename_in_tag(document: &mut Value, random: &mut Random) -> bool {
    let is_tag = |_: &str, value: &Value| {
        value.as_str().is_some_and(|text| {
            text.split("{{")
                .skip(1)
                .any(|tag| !tag.starts_with('=') && tag.split("}}").next().unwrap().contains('.'))
        })
    };
    let Some(Value::String(text)) = pick(document, random, is_tag) else { return false };
    let start = text.find("{{").unwrap();
    let Some(end) = text[start..].find("}}") else { return false };
    let tag = text[start..start + end].trim_end().len();
    text.insert_str(start + tag, "-of-nobody");
    true
}

fn rename_reference(document: &mut Value, random: &mut Random) -> bool {
    let is_reference = |pointer: &str, value: &Value| {
        let keys = ["template", "entrypoint", "onExit", "target", "dependencies", "depends"];
        value.is_string() && keys.contains(&key(pointer)) && !pointer.contains("templateRef")
    };
    let Some(Value::String(text)) = pick(document, random, is_reference) else { return false };
    text.insert_str(0, "nobody-");
    true
}

fn break_expression(document: &mut Value, random: &mut Random) -> bool {
    let is_expression = |pointer: &str, value: &Value| {
        let raw = ["when", "depends", "expression", "fromExpression"];
        value.as_str().is_some_and(|text| text.contains("{{=") || is_last(pointer, &raw))
    };
    let Some(Value::String(text)) = pick(document, random, is_expression) else { return false };
    match text.find("{{=") {
        Some(idx) => text.insert(idx + 3, '('),
        None => text.push_str(" && ("),
    }
    true
}

fn too_many(document: &mut Value, random: &mut Random) -> bool {
    let is_list = |pointer: &str, value: &Value| {
        let keys = ["templates", "tasks", "parameters"];
        value.as_array().is_some_and(|items| !items.is_empty()) && is_last(pointer, &keys)
    };
    let Some(Value::Array(items)) = pick(document, random, is_list) else { return false };
    let first = items[0].clone();
    for idx in items.len()..501 {
        let mut item = first.clone();
        item["name"] = format!("copy-{idx}").into();
        items.push(item);
    }
    true
}

fn too_long(document: &mut Value, random: &mut Random) -> bool {
    let Some(value) = pick(document, random, is_name) else { return false };
    *value = "x".repeat(129).into();
    true
}

fn is_name(pointer: &str, value: &Value) -> bool {
    let lists = ["templates", "tasks", "steps", "parameters", "artifacts"];
    let owner = pointer.strip_suffix("/name").map(key);
    value.is_string() && owner.is_some_and(|owner| lists.contains(&owner))
}

fn no_duration(document: &mut Value, random: &mut Random) -> bool {
    let keys =
        ["duration", "maxDuration", "cap", "timeout", "maxAge", "pendingTimeout", "deleteDelayDuration"];
    replace(document, random, &keys, "5 parsecs")
}

fn no_quantity(document: &mut Value, random: &mut Random) -> bool {
    replace(document, random, &["memory", "cpu", "storage", "sizeLimit"], "2GB")
}

fn wrong_choice(document: &mut Value, random: &mut Random) -> bool {
    let keys = ["retryPolicy", "strategy", "action", "concurrencyPolicy", "mergeStrategy", "operation"];
    replace(document, random, &keys, "perhaps")
}

fn replace(document: &mut Value, random: &mut Random, keys: &[&str], text: &str) -> bool {
    let Some(value) = pick(document, random, |pointer, value| !value.is_object() && is_last(pointer, keys))
    else {
        return false;
    };
    *value = text.into();
    true
}

fn item_twice(document: &mut Value, random: &mut Random) -> bool {
    let is_list = |_: &str, value: &Value| {
        value.as_array().is_some_and(|items| items.first().is_some_and(|item| item.get("name").is_some()))
    };
    let Some(Value::Array(items)) = pick(document, random, is_list) else { return false };
    items.push(items[0].clone());
    true
}

fn no_name(document: &mut Value, random: &mut Random) -> bool {
    let Some(value) = pick(document, random, is_name) else { return false };
    *value = ["a b", "a.b/c", "-a", ""][random.next(4)].into();
    true
}

fn no_schedule(document: &mut Value, random: &mut Random) -> bool {
    let wrong = ["61 * * * *", "* * * *", "@reboot", "0 0 1 13 *"][random.next(4)];
    if random.next(3) == 0 {
        return replace(document, random, &["timezone"], "Mars/Olympus");
    }
    let is_schedule = |pointer: &str, value: &Value| value.is_string() && key(pointer) == "schedules";
    let Some(value) = pick(document, random, is_schedule) else { return false };
    *value = wrong.into();
    true
}

fn empty_list(document: &mut Value, random: &mut Random) -> bool {
    let keys = ["templates", "tasks", "steps", "schedules", "enum", "containers"];
    let Some(value) = pick(document, random, |pointer, value| value.is_array() && is_last(pointer, &keys))
    else {
        return false;
    };
    *value = json!([]);
    true
}

fn two_kinds(document: &mut Value, random: &mut Random) -> bool {
    let is_template = |pointer: &str, value: &Value| {
        key(pointer) == "templates"
            && ["container", "script", "dag", "steps"].iter().any(|kind| value.get(kind).is_some())
    };
    let Some(value) = pick(document, random, is_template) else { return false };
    value["suspend"] = json!({});
    true
}

fn unquoted_value(document: &mut Value, random: &mut Random) -> bool {
    let is_value = |pointer: &str, value: &Value| {
        value.is_string() && pointer.contains("/parameters/") && is_last(pointer, &["value", "default"])
    };
    let Some(value) = pick(document, random, is_value) else { return false };
    *value = if random.next(2) == 0 { json!(3) } else { json!(true) };
    true
}
