//! The pipeline document as JSON Schema.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::Document;

/// Returns the JSON Schema (2020-12) of pipeline documents.
///
/// A document that conforms to the schema can be read; the checker decides whether its pipelines are valid.
///
/// ```
/// let schema = kfp_model::document_schema();
/// assert_eq!(schema["title"], "Pipeline document");
/// ```
pub fn document_schema() -> Value {
    let mut schema = of::<Document>("Pipeline document");
    // The Rust type does not contain the value of the version.
    schema["properties"]["schema_version"]["const"] = crate::SCHEMA_VERSION.into();
    schema
}

/// Returns the JSON Schema (2020-12) of the values that a type deserializes. The doc comments of Rust types and fields
/// become its descriptions.
pub fn of<T: JsonSchema>(title: &str) -> Value {
    let settings =
        SchemaSettings::draft2020_12().for_deserialize().with_transform(RecursiveTransform(describe));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.to_value()
}

/// Converts the doc comment of a Rust item into a description.
fn describe(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = description(text);
    }
}

/// Returns the first paragraph as one line, with links replaced by their text.
fn description(documentation: &str) -> String {
    let paragraph = documentation.split("\n\n").next().unwrap_or_default();
    let mut text = String::new();
    let mut rest = paragraph;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        rest = match after.split_once(']') {
            Some((shown, after)) if after.starts_with('(') => {
                text.push_str(shown);
                after.split_once(')').map_or("", |(_, after)| after)
            }
            Some((shown, after)) if shown.starts_with('`') => {
                text.push_str(shown);
                after
            }
            _ => {
                text.push('[');
                after
            }
        };
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_the_first_paragraph_without_links() {
        for (documentation, expected) in [
            ("A task.", "A task."),
            (
                "The callee of a [`Call`],\nor of other [calls](crate::Call).\n\nMore.",
                "The callee of a `Call`, or of other calls.",
            ),
            ("A list such as `[file, line]`.", "A list such as `[file, line]`."),
            ("A list [of", "A list [of"),
        ] {
            assert_eq!(description(documentation), expected);
        }
    }

    #[test]
    fn every_property_is_described() {
        fn visit(schema: &Value, path: &str, missing: &mut Vec<String>) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                // The variant describes the key of an externally tagged enum.
                let is_variant =
                    schema["required"].as_array().is_some_and(|keys| keys == std::slice::from_ref(name))
                        && schema.get("description").is_some();
                if property.get("description").is_none() && !is_variant && property.get("$ref").is_none() {
                    missing.push(format!("{path}/{name}"));
                }
                visit(property, &format!("{path}/{name}"), missing);
            }
            for one in schema["oneOf"].as_array().into_iter().flatten() {
                visit(one, path, missing);
            }
        }
        let schema = document_schema();
        let mut missing = Vec::new();
        visit(&schema, "", &mut missing);
        for (name, definition) in schema["$defs"].as_object().unwrap() {
            visit(definition, name, &mut missing);
        }
        assert_eq!(missing, Vec::<String>::new());
    }
}
