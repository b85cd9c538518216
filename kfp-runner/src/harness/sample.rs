//! Sample values of a type, for outputs without a mock.

use kfp_model::{Type, value};
use serde_json::{Value, json};

/// Returns the simplest value of a type: `null` if allowed, else zero, `false` or an empty value.
///
/// A struct has all of its fields, an enum is its first variant.
pub(super) fn sample(r#type: &Type) -> Value {
    match r#type {
        Type::Option(_) | Type::Any => Value::Null,
        Type::String | Type::Secret => json!(""),
        Type::Integer => json!(0),
        Type::Float => json!(0.0),
        Type::Boolean => json!(false),
        Type::List(_) => json!([]),
        Type::Map(_) => json!({}),
        Type::Enum(choice) => choice.variants.first().map_or(Value::Null, |variant| json!(variant)),
        Type::Struct(structure) => {
            let field =
                |(name, field): (&String, &kfp_model::StructField)| (name.clone(), sample(&field.r#type));
            Value::Object(structure.fields.iter().map(field).collect())
        }
        Type::Artifact(_) => json!({"metadata": {}}),
    }
}

/// Returns the sample value of a type as a step writes it.
pub(super) fn sample_text(r#type: &Type) -> String {
    value::encode(&sample(r#type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_of_their_types() {
        for r#type in [
            json!("text"),
            json!("integer"),
            json!("float"),
            json!("boolean"),
            json!("any"),
            json!({"option": "integer"}),
            json!({"list": "string"}),
            json!({"map": "string"}),
            json!({"enum": {"name": "Kind", "variants": ["fast", "careful"]}}),
            json!({"struct": {"name": "Trial", "fields": {"rate": {"type": "float"}}}}),
        ] {
            let r#type: Type = serde_json::from_value(r#type).unwrap();
            assert!(r#type.accepts_value(&sample(&r#type)), "{type:?}");
        }
    }
}
