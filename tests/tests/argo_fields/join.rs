//! Joins the two sources: types by name, each field with the API server's requirements.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::schema::Definitions;

/// The shape of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A scalar, by its keyword in the table.
    Scalar(&'static str),
    /// An object of the named type.
    Object(String),
    /// A list with items of one shape.
    List(Box<Shape>),
    /// A map with values of one shape.
    Map(Box<Shape>),
}

/// A CEL rule of the API server, with its message.
pub(crate) type Rule = (String, String);

/// A field of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) shape: Shape,
    pub(crate) is_required: bool,
    /// Keywords of the table that limit the value.
    pub(crate) limits: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

/// A type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) fields: BTreeMap<String, Field>,
    pub(crate) rules: Vec<Rule>,
}

/// The types by name; duplicate names have a number appended.
#[derive(Debug, Default)]
pub(crate) struct Types(pub(crate) BTreeMap<String, Type>);

/// The type that Argo reads a template into; the API server ignores its contents in one place.
const TEMPLATE: &str = "Template";
/// The pattern of quantities in the definitions.
const QUANTITY: &str = r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

/// Returns every type that is reachable from the kinds.
pub(crate) fn types(definitions: &Definitions) -> Types {
    let mut joining = Joiner { definitions, types: Types::default() };
    for (kind, schema) in &definitions.kinds {
        let reference =
            serde_json::json!({"$ref": format!("#/definitions/io.argoproj.workflow.v1alpha1.{kind}")});
        joining.shape(schema, &reference, kind);
    }
    joining.types
}

struct Joiner<'a> {
    definitions: &'a Definitions,
    types: Types,
}

impl Joiner<'_> {
    /// Joins the schemas of the API server and of Argo for one value.
    fn shape(&mut self, crd: &Value, argo: &Value, path: &str) -> Shape {
        let (name, argo) = self.resolve(argo);
        if crd["x-kubernetes-int-or-string"] == true {
            return Shape::Scalar(if crd["pattern"] == QUANTITY { "quantity" } else { "intstr" });
        }
        if crd["x-kubernetes-preserve-unknown-fields"] == true {
            return match (name.as_deref(), crd["type"].as_str(), argo["type"].as_str()) {
                (Some(TEMPLATE), _, _) => Shape::Object(TEMPLATE.to_owned()),
                (_, _, Some("array")) => Shape::List(Box::new(Shape::Scalar("any"))),
                (_, Some("object"), _) => Shape::Scalar("object"),
                _ => Shape::Scalar("any"),
            };
        }
        match crd["type"].as_str() {
            Some("string") => Shape::Scalar("string"),
            Some("boolean") => Shape::Scalar("bool"),
            Some("number") => Shape::Scalar("number"),
            Some("integer") => Shape::Scalar(if crd["format"] == "int32" { "int32" } else { "int64" }),
            Some("array") => Shape::List(Box::new(self.inner(&crd["items"], &argo["items"], path))),
            Some("object") if crd["additionalProperties"].is_object() => {
                let inner = self.inner(&crd["additionalProperties"], &argo["additionalProperties"], path);
                Shape::Map(Box::new(inner))
            }
            Some("object") if argo["properties"].is_object() => {
                self.object(name.as_deref(), crd, &argo, path)
            }
            Some("object") if argo["additionalProperties"].is_object() => {
                let inner = argo["additionalProperties"].clone();
                Shape::Map(Box::new(self.inner(&inner, &inner, path)))
            }
            Some("object") if name.is_some() => self.object(name.as_deref(), crd, &argo, path),
            Some("object") => Shape::Scalar("object"),
            other => panic!("{path}: {other:?} is not a type of the table"),
        }
    }

    /// Joins the schemas of an item or a map value, whose only limit can be a pattern.
    fn inner(&mut self, crd: &Value, argo: &Value, path: &str) -> Shape {
        if crd["x-kubernetes-int-or-string"] != true {
            let (mut limits, rules) = limits(crd);
            limits.retain(|limit| !limit.starts_with("pattern="));
            let is_object = crd["type"] == "object";
            assert!(limits.is_empty() && (is_object || rules.is_empty()), "{path}: items have limits");
        }
        self.shape(crd, argo, path)
    }

    fn object(&mut self, name: Option<&str>, crd: &Value, argo: &Value, path: &str) -> Shape {
        let name = name.unwrap_or_else(|| panic!("{path}: object without a name"));
        // The API server knows the metadata of a resource without a definition.
        let is_metadata = path.split('.').nth(1) == Some("metadata");
        let empty = Map::new();
        let known = crd["properties"].as_object().unwrap_or(&empty);
        let mut r#type = Type::default();
        for (field, argo) in argo["properties"].as_object().unwrap_or(&empty) {
            let path = format!("{path}.{field}");
            if field == "status" && path.split('.').count() == 2 {
                r#type.fields.insert(field.clone(), Field::of(Shape::Scalar("any")));
                continue;
            }
            let joined = match known.get(field) {
                Some(crd) => self.field(crd, argo, crd, &path),
                None => {
                    let written = self.written(argo);
                    let mut joined = self.field(&written, argo, &Value::Null, &path);
                    if !is_metadata {
                        joined.limits.push("pruned".to_owned());
                    }
                    joined
                }
            };
            r#type.fields.insert(field.clone(), joined);
        }
        for field in known.keys() {
            assert!(r#type.fields.contains_key(field), "{path}: `{field}` is unknown to Argo");
        }
        for required in crd["required"].as_array().into_iter().flatten() {
            r#type.fields.get_mut(required.as_str().unwrap()).unwrap().is_required = true;
        }
        r#type.rules = limits(crd).1;
        Shape::Object(self.types.insert(name, r#type))
    }

    fn field(&mut self, crd: &Value, argo: &Value, limited: &Value, path: &str) -> Field {
        let mut field = Field::of(self.shape(crd, argo, path));
        (field.limits, field.rules) = limits(limited);
        // The pattern of the items is a limit of the list.
        field
            .limits
            .extend(limits(&limited["items"]).0.into_iter().filter(|limit| limit.starts_with("pattern=")));
        match field.shape {
            Shape::Object(_) => field.rules.clear(),
            Shape::Scalar("quantity") => field.limits.retain(|limit| !limit.starts_with("pattern=")),
            _ => {}
        }
        field
    }

    /// Returns the schema of a field of Argo that is missing in the definitions, in their form.
    fn written(&self, argo: &Value) -> Value {
        let (name, argo) = self.resolve(argo);
        match name.as_deref() {
            Some("Time") => serde_json::json!({"type": "string"}),
            _ if argo["type"] == "array" => {
                let (_, items) = self.resolve(&argo["items"]);
                serde_json::json!({"type": "array", "items": {"type": items["type"]}})
            }
            _ => argo,
        }
    }

    /// Resolves a reference, and returns the last part of its name and the schema.
    fn resolve(&self, argo: &Value) -> (Option<String>, Value) {
        match argo["$ref"].as_str() {
            None => (None, argo.clone()),
            Some(reference) => {
                let name = reference.trim_start_matches("#/definitions/");
                let short = name.rsplit('.').next().unwrap_or(name);
                (Some(short.to_owned()), self.definitions.types[name].clone())
            }
        }
    }
}

/// Returns the limits of a value and its rules.
fn limits(crd: &Value) -> (Vec<String>, Vec<Rule>) {
    let mut limits = Vec::new();
    for (key, word) in [
        ("maximum", "most"),
        ("minimum", "least"),
        ("maxLength", "longest"),
        ("minLength", "shortest"),
        ("maxItems", "items"),
        ("minItems", "fewest"),
        ("pattern", "pattern"),
        ("x-kubernetes-list-map-keys", "keys"),
        ("enum", "choice"),
    ] {
        let text = match &crd[key] {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Array(items) => {
                items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join("|")
            }
            other => other.to_string(),
        };
        assert!(!text.contains(' '), "{text}");
        limits.push(format!("{word}={text}"));
    }
    if crd["x-kubernetes-list-type"] == "set" {
        limits.push("set".to_owned());
    }
    if !crd["default"].is_null() {
        limits.push("default".to_owned());
    }
    let rule = |rule: &Value| {
        let part = |key: &str| rule[key].as_str().unwrap().replace('\n', " ");
        (part("rule"), part("message"))
    };
    let rules = crd["x-kubernetes-validations"].as_array().into_iter().flatten().map(rule).collect();
    (limits, rules)
}

impl Field {
    fn of(shape: Shape) -> Self {
        Self { shape, is_required: false, limits: Vec::new(), rules: Vec::new() }
    }
}

impl Types {
    /// Adds the type and returns its name in the table.
    fn insert(&mut self, name: &str, r#type: Type) -> String {
        for number in 1.. {
            let name = if number == 1 { name.to_owned() } else { format!("{name}#{number}") };
            match self.0.get(&name) {
                Some(known) if *known != r#type => {}
                Some(_) => return name,
                None => {
                    self.0.insert(name.clone(), r#type);
                    return name;
                }
            }
        }
        unreachable!("the numbers never run out")
    }
}
