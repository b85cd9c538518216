//! Types of expressions in the scopes of one pipeline.

use indexmap::IndexMap;
use kfp_model::status::final_status_type;
use kfp_model::{
    Call, Callee, Document, Expression, Output, OutputReference, Pipeline, Reference, StructField,
    StructType, TaskId, TaskKind, Type,
};
use serde_json::Value;

use super::scope::Scopes;
use super::types::Types;

/// What is needed to give an expression its type.
#[derive(Clone, Copy)]
pub(crate) struct Inference<'c, 'a> {
    pub(crate) document: &'a Document,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) scopes: &'c Scopes<'a>,
    pub(crate) types: &'c Types<'a>,
}

impl<'a> Inference<'_, 'a> {
    /// The type of the expression; `None` where a reference in it leads nowhere, which is reported as such.
    pub(crate) fn expression(&self, expression: &Expression) -> Option<Type> {
        match expression {
            Expression::Constant(value) => Some(constant(value)),
            Expression::Reference(reference) => self.reference(reference),
            Expression::Field(access) => field(&self.expression(&access.of)?, &access.name),
            Expression::List(items) => {
                let types: Option<Vec<Type>> = items.iter().map(|item| self.expression(item)).collect();
                Some(common(types?).list())
            }
            Expression::Struct(fields) => {
                let fields: Option<IndexMap<String, StructField>> = fields
                    .iter()
                    .map(|(name, value)| Some((name.clone(), plain_field(self.expression(value)?))))
                    .collect();
                Some(Type::Struct(StructType { name: "struct".to_owned(), fields: fields? }))
            }
            Expression::Text(_) => Some(Type::Text),
            Expression::FirstPresent(options) => {
                let types: Option<Vec<Type>> = options.iter().map(|option| self.expression(option)).collect();
                let types = types?;
                let absent = types.last().is_none_or(Type::is_option);
                let common = common(types.into_iter().map(|r#type| r#type.present().clone()));
                Some(if absent { common.option() } else { common })
            }
        }
    }

    /// The type of the value that the reference names.
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
            TaskKind::Call(call) => self.outputs_of(call)?.get(name).map(|output| output.r#type.clone()),
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Guard(_) => {
                self.types.output(task, name).cloned()
            }
            TaskKind::Approval(approval) => approval.outputs.get(name).map(|output| output.r#type.clone()),
            TaskKind::Import(import) => (name == "artifact").then(|| import.r#type.clone()),
        }
    }

    /// The outputs of what is called, by name.
    pub(crate) fn outputs_of(&self, call: &Call) -> Option<&'a IndexMap<String, Output>> {
        match &call.callee {
            Callee::Component(id) => self.document.components.get(id).map(|component| &component.outputs),
            Callee::Pipeline(name) => self.document.pipeline(name).map(|pipeline| &pipeline.outputs),
        }
    }

    /// The names that a task's outputs have; `None` where it is not known what the task is or calls.
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
            TaskKind::Guard(guard) => yields(&guard.body.yields),
            TaskKind::Approval(approval) => keys(&approval.outputs),
            TaskKind::Import(_) => vec!["artifact"],
        })
    }
}

/// The type of a field of a struct or map.
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

/// The narrowest type that a JSON value has by itself.
fn constant(value: &Value) -> Type {
    match value {
        Value::Null => Type::Any.option(),
        Value::Bool(_) => Type::Boolean,
        Value::Number(number) if number.is_i64() => Type::Integer,
        Value::Number(_) => Type::Float,
        Value::String(_) => Type::Text,
        Value::Array(items) => common(items.iter().map(constant)).list(),
        Value::Object(fields) => Type::Struct(StructType {
            name: "struct".to_owned(),
            fields: fields.iter().map(|(name, value)| (name.clone(), plain_field(constant(value)))).collect(),
        }),
    }
}

/// The narrowest of the types that accepts all the others, else any value.
///
/// Acceptance is an order, so one pass that keeps the widest type seen so far is enough.
pub(crate) fn common(types: impl IntoIterator<Item = Type>) -> Type {
    let mut widest: Option<Type> = None;
    for r#type in types {
        let option = r#type.is_option() || widest.as_ref().is_some_and(Type::is_option);
        let lift = |r#type: Type| if option { r#type.option() } else { r#type };
        widest = Some(match widest.map(lift) {
            None => r#type,
            Some(widest) if widest.accepts(&r#type) => widest,
            Some(narrow) => {
                let r#type = lift(r#type);
                if r#type.accepts(&narrow) { r#type } else { lift(Type::Any) }
            }
        });
    }
    widest.unwrap_or(Type::Any)
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
            (json!([1, 2.5]), "Vec<f64>"),
            (json!([1, null]), "Vec<Option<any JSON value>>"),
            (json!([null, 1]), "Vec<Option<any JSON value>>"),
            (json!([1, "a"]), "Vec<any JSON value>"),
            (json!([]), "Vec<any JSON value>"),
        ] {
            assert_eq!(constant(&value).to_string(), r#type, "{value}");
        }
    }
}
