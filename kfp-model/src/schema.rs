//! JSON Schema of the parameters of a pipeline, for forms, editors and validators.
//!
//! The main function is [`parameters`]. The schema describes the arguments that a user may write;
//! [`Type::json_schema`] describes the values that are passed between steps.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::{ArtifactType, EnumType, Input, SECRET_PATTERN, StructType, Type};

/// The dialect of the schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Returns the JSON Schema (2020-12) of an object with the parameters as its members.
///
/// Structs, enums, secrets and artifact types are defined once, under `$defs`. Parameters with a default or of option
/// type are optional.
///
/// ```
/// use indexmap::IndexMap;
/// use kfp_model::{Input, Type, schema};
/// let rate = Input { r#type: Type::Float, description: String::new(), default: Some(0.5.into()) };
/// let schema = schema::parameters("train", "", &IndexMap::from([("rate".to_owned(), rate)]));
/// assert_eq!(schema["properties"]["rate"]["default"], 0.5);
/// ```
pub fn parameters(name: &str, description: &str, inputs: &IndexMap<String, Input>) -> Value {
    let mut definitions = Definitions::default();
    let mut properties = Map::new();
    for (name, input) in inputs {
        let mut schema = described(definitions.argument(&input.r#type), &input.description);
        if let Some(default) = &input.default {
            schema["default"] = default.clone();
        }
        properties.insert(name.clone(), schema);
    }
    let required: Vec<&String> =
        inputs.iter().filter(|(_, input)| input.is_required()).map(|(name, _)| name).collect();
    let mut schema = json!({
        "$schema": DIALECT,
        "title": name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if !definitions.schemas.is_empty() {
        schema["$defs"] = Value::Object(definitions.schemas);
    }
    described(schema, description)
}

/// The schemas of named types.
#[derive(Default)]
struct Definitions {
    /// The types with the names of their definitions.
    types: Vec<(String, Type)>,
    schemas: Map<String, Value>,
}

impl Definitions {
    /// Returns the schema of an argument. An artifact may be written as its path or URI.
    fn argument(&mut self, of: &Type) -> Value {
        let schema = self.schema(of.present());
        let schema = match of.present() {
            Type::Artifact(_) => {
                json!({"anyOf": [{"type": "string", "description": "A path, or a `file://` URI."}, schema]})
            }
            _ => schema,
        };
        if of.is_option() { nullable(schema) } else { schema }
    }

    fn schema(&mut self, of: &Type) -> Value {
        match of {
            Type::String => json!({"type": "string"}),
            Type::Integer => json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX}),
            Type::Float => json!({"type": "number"}),
            Type::Boolean => json!({"type": "boolean"}),
            Type::Any => json!({}),
            Type::List(element) => json!({"type": "array", "items": self.schema(element)}),
            Type::Map(element) => json!({"type": "object", "additionalProperties": self.schema(element)}),
            Type::Option(inner) => nullable(self.schema(inner)),
            Type::Struct(structure) => {
                self.refer(of, &structure.name, |all| structure_schema(all, structure))
            }
            Type::Enum(choice) => self.refer(of, &choice.name, |_| enum_schema(choice)),
            Type::Secret => self.refer(of, "Secret", |_| secret_schema()),
            Type::Artifact(artifact) => self.refer(of, &of.to_string(), |_| artifact_schema(artifact)),
        }
    }

    /// Returns a reference to the definition of a type, which is added if it does not exist yet.
    fn refer(&mut self, of: &Type, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        let known = self.types.iter().find(|(_, known)| known == of).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| {
            let name = self.free_name(name);
            // The name is reserved before the fields are converted, because they may have types of the same name.
            self.types.push((name.clone(), of.clone()));
            let schema = make(self);
            self.schemas.insert(name.clone(), schema);
            name
        });
        json!({"$ref": format!("#/$defs/{name}")})
    }

    /// Returns the name with only characters that a reference may contain, and with a number if it is in use.
    fn free_name(&self, name: &str) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
        let name: String = name.chars().map(plain).collect();
        let is_free = |name: &String| self.types.iter().all(|(taken, _)| taken != name);
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or_default()
    }
}

fn structure_schema(definitions: &mut Definitions, structure: &StructType) -> Value {
    let mut properties = Map::new();
    for (name, field) in &structure.fields {
        let schema = definitions.schema(&field.r#type);
        properties.insert(name.clone(), described(schema, &field.description));
    }
    let fields = structure.fields.iter();
    let required: Vec<&String> =
        fields.filter(|(_, field)| !field.r#type.is_option()).map(|(name, _)| name).collect();
    json!({
        "title": structure.name,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn enum_schema(choice: &EnumType) -> Value {
    json!({"title": choice.name, "type": "string", "enum": choice.variants})
}

fn secret_schema() -> Value {
    json!({
        "title": "Secret",
        "description": "The name and key of a Kubernetes secret, in the form `NAME/KEY`.",
        "type": "string",
        "pattern": format!("^{SECRET_PATTERN}$"),
    })
}

fn artifact_schema(artifact: &ArtifactType) -> Value {
    json!({
        "title": artifact.name,
        "description": "An artifact, in the form that a run reports.",
        "type": "object",
        "properties": {
            "key": {"type": "string", "description": "The key in the artifact store."},
            "uri": {"type": "string"},
            "name": {"type": "string"},
            "type": {"type": "object"},
            "metadata": {"type": "object"},
        },
        "required": ["key"],
    })
}

/// Returns the schema of the same values and `null`.
fn nullable(mut schema: Value) -> Value {
    // A schema that accepts everything already accepts `null`.
    if schema == json!({}) {
        return schema;
    }
    if let Some(name) = schema.get_mut("type") {
        *name = json!([name, "null"]);
        return schema;
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.push(json!({"type": "null"}));
        return schema;
    }
    json!({"anyOf": [schema, {"type": "null"}]})
}

fn described(mut schema: Value, description: &str) -> Value {
    if !description.is_empty() {
        schema["description"] = Value::from(description);
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StructField;

    fn schema(types: &[Type]) -> Value {
        let input =
            |r#type: &Type| Input { r#type: r#type.clone(), description: String::new(), default: None };
        let inputs = types.iter().enumerate().map(|(idx, r#type)| (format!("input{idx}"), input(r#type)));
        parameters("name", "", &inputs.collect())
    }

    fn structure(name: &str, field: Type) -> Type {
        let field = StructField { r#type: field, description: String::new() };
        Type::Struct(StructType { name: name.to_owned(), fields: IndexMap::from([("x".to_owned(), field)]) })
    }

    fn choice() -> Type {
        Type::Enum(EnumType { name: "Kind".to_owned(), variants: vec!["a".to_owned(), "b".to_owned()] })
    }

    #[test]
    fn options_accept_null() {
        for (r#type, expected) in [
            (Type::String, json!({"type": ["string", "null"]})),
            (Type::Any, json!({})),
            (
                Type::Artifact(ArtifactType { name: "system.Model".to_owned(), version: "0.0.1".to_owned() }),
                json!({"anyOf": [
                    {"type": "string", "description": "A path, or a `file://` URI."},
                    {"$ref": "#/$defs/Model"},
                    {"type": "null"},
                ]}),
            ),
            (choice(), json!({"anyOf": [{"$ref": "#/$defs/Kind"}, {"type": "null"}]})),
            (Type::Float.list(), json!({"type": ["array", "null"], "items": {"type": "number"}})),
        ] {
            let schema = schema(&[r#type.option()]);
            assert_eq!(schema["properties"]["input0"], expected);
            assert_eq!(schema["required"], json!([]));
        }
    }

    #[test]
    fn named_types_are_defined_once() {
        let (one, other) = (structure("Trial", Type::Float), structure("Trial", Type::String));
        let schema = schema(&[one.clone(), other.list(), one.list()]);
        assert_eq!(schema["properties"]["input0"], json!({"$ref": "#/$defs/Trial"}));
        assert_eq!(schema["properties"]["input1"]["items"], json!({"$ref": "#/$defs/Trial-2"}));
        assert_eq!(schema["properties"]["input2"]["items"], json!({"$ref": "#/$defs/Trial"}));
        assert_eq!(schema["$defs"].as_object().unwrap().len(), 2);
    }

    #[test]
    fn nested_structs_of_the_same_name_have_separate_definitions() {
        let schema = schema(&[structure("T/x y", structure("T/x y", choice()).list())]);
        let inner = &schema["$defs"]["T_x_y"]["properties"]["x"]["items"];
        assert_eq!(*inner, json!({"$ref": "#/$defs/T_x_y-2"}));
        assert_eq!(schema["$defs"]["T_x_y-2"]["properties"]["x"], json!({"$ref": "#/$defs/Kind"}));
    }
}
