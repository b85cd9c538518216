//! Infers the types of expressions in a pipeline.

use indexmap::IndexMap;
use kfp_model::status::final_status_type;
use kfp_model::{
    Call, Callee, Document, EnumType, Expression, Output, OutputReference, Pipeline, Reference, StructField,
    StructType, TaskId, TaskKind, Type,
};
use serde_json::Value;

use super::scope::Scopes;
use super::types::Types;

/// Infers the types of the expressions of one pipeline.
#[derive(Clone, Copy)]
pub(crate) struct Inference<'c, 'a> {
    pub(crate) document: &'a Document,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) scopes: &'c Scopes<'a>,
    pub(crate) types: &'c Types<'a>,
}

impl<'a> Inference<'_, 'a> {
    /// Returns the type of the expression, or `None` if it contains an unknown reference, which a rule reports.
    pub(crate) fn expression(&self, expression: &Expression) -> Option<Type> {
        match expression {
            Expression::Constant(value) => Some(constant(value)),
            Expression::Reference(reference) => self.reference(reference),
            Expression::Field(access) => field(&self.expression(&access.of)?, &access.name),
            Expression::List(items) => {
                let types: Option<Vec<Type>> = items.iter().map(|item| self.expression(item)).collect();
                let types = types?;
                Some(if types.is_empty() { Type::never().list() } else { common(types).list() })
            }
            Expression::Struct(fields) => {
                let fields: Option<IndexMap<String, StructField>> = fields
                    .iter()
                    .map(|(name, value)| Some((name.clone(), plain_field(self.expression(value)?))))
                    .collect();
                Some(Type::Struct(StructType { name: ANONYMOUS_STRUCT.to_owned(), fields: fields? }))
            }
            Expression::Concat(_) => Some(Type::String),
            Expression::FirstPresent(options) => {
                let types: Option<Vec<Type>> = options.iter().map(|option| self.expression(option)).collect();
                let types = types?;
                let absent = types.last().is_none_or(Type::is_option);
                let common = common(types.into_iter().map(|r#type| r#type.present().clone()));
                Some(if absent { common.option() } else { common })
            }
        }
    }

    /// Returns the type of the referenced value, or `None` if the reference is unknown.
    pub(crate) fn reference(&self, reference: &Reference) -> Option<Type> {
        match reference {
            Reference::Input(name) => self.pipeline.inputs.get(name).map(|input| input.r#type.clone()),
            Reference::Output(output) => self.output(output),
            Reference::Item(task) => self.types.item(task).cloned(),
            Reference::Status(_) => Some(final_status_type()),
            Reference::Guarded(output) => self.output(output).map(Type::option),
        }
    }

    fn output(&self, reference: &OutputReference) -> Option<Type> {
        let OutputReference { task, output: name } = reference;
        match &self.scopes.entries.get(task)?.task.kind {
            TaskKind::Call(call) => {
                let r#type = self.outputs_of(call)?.get(name)?.r#type.clone();
                Some(if call.has_optional_outputs() { r#type.option() } else { r#type })
            }
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::ExitHandler(_) => {
                self.types.output(task, name).cloned()
            }
            TaskKind::Approval(approval) => approval.outputs.get(name).map(|output| output.r#type.clone()),
            TaskKind::Import(import) => (name == "artifact").then(|| import.r#type.clone()),
        }
    }

    /// Returns the outputs of the callee by name, or `None` if it is unknown.
    pub(crate) fn outputs_of(&self, call: &Call) -> Option<&'a IndexMap<String, Output>> {
        match &call.callee {
            Callee::Component(id) => self.document.components.get(id).map(|component| &component.outputs),
            Callee::Pipeline(name) => self.document.pipeline(name).map(|pipeline| &pipeline.outputs),
        }
    }

    /// Returns the names of a task's outputs, or `None` if the task or its callee is unknown.
    pub(crate) fn output_names(&self, task: &TaskId) -> Option<Vec<&'a str>> {
        let keys = |outputs: &'a IndexMap<String, Output>| outputs.keys().map(String::as_str).collect();
        let yields = |yields: &'a IndexMap<String, Expression>| yields.keys().map(String::as_str).collect();
        Some(match &self.scopes.entries.get(task)?.task.kind {
            TaskKind::Call(call) => keys(self.outputs_of(call)?),
            TaskKind::Branch(branch) => {
                let regions = branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise);
                regions.map(|region| yields(&region.yields)).next().unwrap_or_default()
            }
            TaskKind::Loop(repeat) => yields(&repeat.body.yields),
            TaskKind::ExitHandler(handler) => yields(&handler.body.yields),
            TaskKind::Approval(approval) => keys(&approval.outputs),
            TaskKind::Import(_) => vec!["artifact"],
        })
    }
}

/// Returns the type of a field of a struct or map, or `None` if there is no such field.
pub(crate) fn field(of: &Type, name: &str) -> Option<Type> {
    match of {
        Type::Struct(structure) => structure.fields.get(name).map(|field| field.r#type.clone()),
        Type::Map(element) => Some((**element).clone()),
        Type::Any => Some(Type::Any),
        _ => None,
    }
}

fn plain_field(r#type: Type) -> StructField {
    StructField { r#type, description: String::new() }
}

/// The name of inferred struct types, which no document declares.
const ANONYMOUS_STRUCT: &str = "struct";

/// The maximum length of a string constant that is inferred as an enum variant.
const MAX_VARIANT_BYTES: usize = 256;

/// Returns the narrowest type of a JSON value. A short string is an enum with one variant, because it may be used as
/// one. `null` and the items of an empty list have the type [`Type::never`].
fn constant(value: &Value) -> Type {
    match value {
        Value::Null => Type::never().option(),
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.is_i64() => Type::Integer,
        Value::Number(_) => Type::Float,
        Value::String(text) if text.len() <= MAX_VARIANT_BYTES => {
            Type::Enum(EnumType { name: Type::String.to_string(), variants: vec![text.clone()] })
        }
        Value::String(_) => Type::String,
        Value::Array(items) => match items.as_slice() {
            [] => Type::never().list(),
            items => common(items.iter().map(constant)).list(),
        },
        Value::Object(fields) => Type::Struct(StructType {
            name: ANONYMOUS_STRUCT.to_owned(),
            fields: fields.iter().map(|(name, value)| (name.clone(), plain_field(constant(value)))).collect(),
        }),
    }
}

/// Returns the narrowest type that accepts all of these types, or [`Type::Any`].
pub(crate) fn common(types: impl IntoIterator<Item = Type>) -> Type {
    let mut types = types.into_iter();
    let Some(first) = types.next() else { return Type::Any };
    types.fold(first, |widest, r#type| {
        let option = widest.is_option() || r#type.is_option();
        join(&widest, &r#type).unwrap_or_else(|| if option { Type::Any.option() } else { Type::Any })
    })
}

/// Returns the narrowest type that accepts both types, or `None` if there is none but [`Type::Any`].
fn join(left: &Type, right: &Type) -> Option<Type> {
    if left.accepts(right) {
        return Some(left.clone());
    }
    if right.accepts(left) {
        return Some(right.clone());
    }
    match (left, right) {
        (Type::Option(_), _) | (_, Type::Option(_)) => {
            join(left.present(), right.present()).map(Type::option)
        }
        (Type::List(left), Type::List(right)) => join(left, right).map(Type::list),
        (Type::Map(left), Type::Map(right)) => join(left, right).map(|element| Type::Map(Box::new(element))),
        (Type::Map(element), Type::Struct(structure)) | (Type::Struct(structure), Type::Map(element)) => {
            let mut fields = structure.fields.values().map(|field| &field.r#type);
            let element = fields.try_fold((**element).clone(), |widest, field| join(&widest, field))?;
            Some(Type::Map(Box::new(element)))
        }
        (Type::Struct(left), Type::Struct(right)) => {
            join_structs(left, right).map(Type::Struct).or_else(|| join_as_maps(left, right))
        }
        (Type::Enum(left), Type::Enum(right)) => Some(join_enums(left, right)),
        _ => None,
    }
}

/// Returns an enum with the variants of both, or a string if there are too many.
fn join_enums(left: &EnumType, right: &EnumType) -> Type {
    const MAX_VARIANTS: usize = 100;
    let mut variants = left.variants.clone();
    variants.extend(right.variants.iter().filter(|variant| !left.variants.contains(*variant)).cloned());
    let name = if left.name == right.name { left.name.clone() } else { Type::String.to_string() };
    if variants.len() > MAX_VARIANTS { Type::String } else { Type::Enum(EnumType { name, variants }) }
}

/// Joins two inferred struct types as maps.
fn join_as_maps(left: &StructType, right: &StructType) -> Option<Type> {
    if left.name != ANONYMOUS_STRUCT || right.name != ANONYMOUS_STRUCT {
        return None;
    }
    let mut fields = left.fields.values().chain(right.fields.values()).map(|field| &field.r#type);
    let first = fields.next()?.clone();
    let element = fields.try_fold(first, |widest, field| join(&widest, field))?;
    Some(Type::Map(Box::new(element)))
}

/// Joins two structs whose fields differ only in options.
fn join_structs(left: &StructType, right: &StructType) -> Option<StructType> {
    let mut fields = IndexMap::new();
    for (name, field) in &left.fields {
        let r#type = match right.fields.get(name) {
            Some(other) => join(&field.r#type, &other.r#type)?,
            None if field.r#type.is_option() => field.r#type.clone(),
            None => return None,
        };
        fields.insert(name.clone(), StructField { r#type, ..field.clone() });
    }
    for (name, field) in right.fields.iter().filter(|(name, _)| !left.fields.contains_key(*name)) {
        if !field.r#type.is_option() {
            return None;
        }
        fields.insert(name.clone(), field.clone());
    }
    Some(StructType { name: left.name.clone(), fields })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constants_have_the_narrowest_type() {
        for (value, r#type) in [
            (json!(1), "i64"),
            (json!(1.0), "f64"),
            (json!("x"), "String"),
            (json!([1, 2.5]), "Vec<f64>"),
            (json!([1, null]), "Vec<Option<i64>>"),
            (json!([null, 1]), "Vec<Option<i64>>"),
            (json!([null, 1, "a"]), "Vec<Option<serde_json::Value>>"),
            (json!([1, "a"]), "Vec<serde_json::Value>"),
            (json!(["a", "b"]), "Vec<String>"),
            (json!([[], [1], [null]]), "Vec<Vec<Option<i64>>>"),
            (json!([[1], ["a"]]), "Vec<serde_json::Value>"),
            (json!([]), "Vec<never>"),
        ] {
            assert_eq!(constant(&value).to_string(), r#type, "{value}");
        }
    }

    #[test]
    fn constants_are_accepted_by_matching_types() {
        let structure = |fields: &[(&str, Type)]| {
            let fields =
                fields.iter().map(|(name, r#type)| ((*name).to_owned(), plain_field(r#type.clone())));
            Type::Struct(StructType { name: "Trial".to_owned(), fields: fields.collect() })
        };
        let mode = |variants: &[&str]| {
            let variants = variants.iter().map(|variant| (*variant).to_owned()).collect();
            Type::Enum(EnumType { name: "Mode".to_owned(), variants })
        };
        let trial = structure(&[("note", Type::String.option()), ("mode", mode(&["fast", "exact"]))]);
        let map = |element: Type| Type::Map(Box::new(element));
        for (expected, values, fits) in [
            (Type::Integer.list(), vec![json!([]), json!([1])], true),
            (trial.clone(), vec![json!({"note": null, "mode": "fast"})], true),
            (
                trial.clone(),
                vec![json!({"note": null, "mode": "fast"}), json!({"note": "x", "mode": "exact"})],
                true,
            ),
            (trial.clone(), vec![json!({"note": null, "mode": "slow"})], false),
            (trial, vec![json!({"note": 1, "mode": "fast"})], false),
            (map(Type::Float), vec![json!({}), json!({"a": 1})], true),
            (map(Type::Float), vec![json!({"b": "x"}), json!({"a": 1})], false),
            (map(Type::Float), vec![json!({"a": 1})], true),
            (map(Type::Float), vec![json!({})], true),
        ] {
            let common = common(values.iter().map(constant));
            assert_eq!(expected.accepts(&common), fits, "{common} of {values:?} for {expected}");
        }
    }
}
