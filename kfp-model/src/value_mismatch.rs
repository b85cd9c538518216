//! Which part of a value does not have the declared type.

use std::fmt;

use serde_json::Value;

use crate::{Place, Type};

/// The innermost part of a value that does not have its type.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueMismatch<'a> {
    /// The path from the value to the part; empty if it is the whole value.
    pub path: ValuePath,
    /// The type of the part.
    pub expected: &'a Type,
    /// The part.
    pub found: &'a Value,
}

/// A path to a part of a value. Its text follows the name of the value: `[1]` in `kinds[1]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValuePath(Vec<Step>);

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Item(usize),
    Entry(String),
    Field(String),
}

impl ValuePath {
    /// Returns whether it leads to the whole value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the place of the part in a value at the place.
    pub fn place(&self, value: &Place) -> Place {
        self.0.iter().fold(value.clone(), |place, step| match step {
            Step::Item(idx) => place.index(*idx),
            Step::Entry(key) | Step::Field(key) => place.key(key),
        })
    }

    fn followed_by(&self, step: Step) -> Self {
        Self(self.0.iter().cloned().chain([step]).collect())
    }
}

impl fmt::Display for ValuePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| match step {
            Step::Item(idx) => write!(f, "[{idx}]"),
            Step::Entry(key) => write!(f, "[{key:?}]"),
            Step::Field(name) => write!(f, ".{name}"),
        })
    }
}

impl Type {
    /// Returns the first part of the value that does not have its type: an item of a list, an entry of a map or a field
    /// of a struct. If only the value as a whole is of another type, that is the part.
    ///
    /// ```
    /// use kfp_model::Type;
    /// use serde_json::json;
    /// let (rates, value) = (Type::Float.list(), json!([0.1, "x"]));
    /// let mismatch = rates.mismatch(&value).unwrap();
    /// assert_eq!((mismatch.path.to_string().as_str(), mismatch.expected), ("[1]", &Type::Float));
    /// assert_eq!(rates.mismatch(&json!([1])), None);
    /// ```
    pub fn mismatch<'a>(&'a self, value: &'a Value) -> Option<ValueMismatch<'a>> {
        part(self, value, &ValuePath::default())
    }
}

fn part<'a>(expected: &'a Type, found: &'a Value, path: &ValuePath) -> Option<ValueMismatch<'a>> {
    if expected.accepts_value(found) {
        return None;
    }
    let nested = match (expected.present(), found) {
        (Type::List(element), Value::Array(items)) => items
            .iter()
            .enumerate()
            .find_map(|(idx, item)| part(element, item, &path.followed_by(Step::Item(idx)))),
        (Type::Map(element), Value::Object(entries)) => entries
            .iter()
            .find_map(|(key, entry)| part(element, entry, &path.followed_by(Step::Entry(key.clone())))),
        (Type::Struct(structure), Value::Object(entries)) => {
            structure.fields.iter().find_map(|(name, field)| {
                part(&field.r#type, entries.get(name)?, &path.followed_by(Step::Field(name.clone())))
            })
        }
        _ => None,
    };
    Some(nested.unwrap_or_else(|| ValueMismatch { path: path.clone(), expected, found }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_innermost_part_is_found() {
        let kind = json!({"enum": {"name": "Kind", "variants": ["svm", "knn"]}});
        let trial = json!({"struct": {"name": "Trial", "fields": {
            "rate": {"type": "float"}, "kinds": {"type": {"list": kind}},
        }}});
        for (r#type, value, expected) in [
            (json!({"list": kind}), json!(["svm", "svn"]), Some(("[1]", "/1", json!("svn")))),
            (json!({"list": kind}), json!(["svm"]), None),
            (json!({"list": kind}), json!("svm"), Some(("", "", json!("svm")))),
            (json!({"map": "float"}), json!({"a": 1, "b": "x"}), Some((r#"["b"]"#, "/b", json!("x")))),
            (json!({"option": {"list": "integer"}}), json!([1, 0.5]), Some(("[1]", "/1", json!(0.5)))),
            (
                json!({"list": trial}),
                json!([{"rate": 1, "kinds": ["tree"]}]),
                Some(("[0].kinds[0]", "/0/kinds/0", json!("tree"))),
            ),
            (trial.clone(), json!({"rate": 1}), Some(("", "", json!({"rate": 1})))),
        ] {
            let of: Type = serde_json::from_value(r#type).unwrap();
            let found = of.mismatch(&value).map(|ValueMismatch { path, found, .. }| {
                (path.to_string(), path.place(&Place::root()).as_str().to_owned(), found.clone())
            });
            let expected = expected.map(|(path, place, part)| (path.to_owned(), place.to_owned(), part));
            assert_eq!(found, expected, "{value}");
        }
    }
}
