//! Types of expressions in the scopes of one pipeline.

use indexmap::IndexMap;
use kfp_model::status::{failure_type, final_status_type, state_type};
use kfp_model::{
    Branch, Call, Callee, Document, Expression, OutputReference, Pipeline, Reference, StructField,
    StructType, TaskId, TaskKind, Type,
};
use serde_json::Value;

use super::scope::Scopes;

/// What is needed to give an expression its type.
pub(crate) struct Inference<'a> {
    pub(crate) document: &'a Document,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) scopes: &'a Scopes<'a>,
}

impl Inference<'_> {
    /// The type of the expression; `None` where a reference in it leads nowhere, which is reported as such.
    pub(crate) fn expression(&self, expression: &Expression) -> Option<Type> {
        match expression {
            Expression::Constant(value) => Some(constant(value)),
            Expression::Reference(reference) => self.reference(reference),
            Expression::Field(access) => field(&self.expression(&access.of)?, &access.name),
            Expression::List(items) => {
                let types: Option<Vec<Type>> = items.iter().map(|item| self.expression(item)).collect();
                Some(common(&types?).list())
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
                let present: Vec<Type> = types.iter().map(|r#type| r#type.present().clone()).collect();
                let common = common(&present);
                Some(if types.last().is_none_or(Type::is_option) { common.option() } else { common })
            }
        }
    }

    /// The type of the value that the reference names.
    pub(crate) fn reference(&self, reference: &Reference) -> Option<Type> {
        match reference {
            Reference::Input(name) => self.pipeline.inputs.get(name).map(|input| input.r#type.clone()),
            Reference::Output(output) => self.output(output),
            Reference::Item(task) => match &self.scopes.entries.get(task)?.task.kind {
                TaskKind::Loop(repeat) => match self.expression(&repeat.items)? {
                    Type::List(element) => Some(*element),
                    _ => None,
                },
                _ => None,
            },
            Reference::Status(_) => Some(final_status_type()),
            Reference::Guarded(output) => self.output(output).map(Type::option),
        }
    }

    fn output(&self, reference: &OutputReference) -> Option<Type> {
        let name = &reference.output;
        match &self.scopes.entries.get(&reference.task)?.task.kind {
            TaskKind::Call(call) => self.outputs_of(call)?.get(name).cloned(),
            TaskKind::Branch(branch) => self.branch_output(branch, name),
            TaskKind::Loop(repeat) => self.expression(repeat.body.yields.get(name)?).map(Type::list),
            TaskKind::Guard(guard) => self.expression(guard.body.yields.get(name)?),
            TaskKind::Approval(approval) => approval.outputs.get(name).map(|output| output.r#type.clone()),
            TaskKind::Import(import) => (name == "artifact").then(|| import.r#type.clone()),
        }
    }

    fn branch_output(&self, branch: &Branch, name: &str) -> Option<Type> {
        let regions = branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise);
        let types: Option<Vec<Type>> =
            regions.map(|region| self.expression(region.yields.get(name)?)).collect();
        let common = common(&types?);
        Some(if branch.otherwise.is_some() { common } else { common.option() })
    }

    /// The outputs of what is called, by name.
    pub(crate) fn outputs_of(&self, call: &Call) -> Option<IndexMap<String, Type>> {
        let outputs = match &call.callee {
            Callee::Component(id) => &self.document.components.get(id)?.outputs,
            Callee::Pipeline(name) => &self.document.pipeline(name)?.outputs,
        };
        Some(outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone())).collect())
    }

    /// The names that a task's outputs have.
    pub(crate) fn output_names(&self, task: &TaskId) -> Vec<String> {
        let Some(entry) = self.scopes.entries.get(task) else { return Vec::new() };
        let names: Vec<String> = match &entry.task.kind {
            TaskKind::Call(call) => {
                self.outputs_of(call).map(|outputs| outputs.into_keys().collect()).unwrap_or_default()
            }
            TaskKind::Branch(branch) => {
                branch.arms.first().map(|arm| arm.region.yields.keys().cloned().collect()).unwrap_or_default()
            }
            TaskKind::Loop(repeat) => repeat.body.yields.keys().cloned().collect(),
            TaskKind::Guard(guard) => guard.body.yields.keys().cloned().collect(),
            TaskKind::Approval(approval) => approval.outputs.keys().cloned().collect(),
            TaskKind::Import(_) => vec!["artifact".to_owned()],
        };
        names
    }
}

/// The type of a field of a struct or map.
fn field(of: &Type, name: &str) -> Option<Type> {
    match of {
        Type::Struct(structure) if structure.name == "FinalStatus" => match name {
            "state" => Some(state_type()),
            "failures" => Some(failure_type().list()),
            _ => None,
        },
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
        Value::Array(items) => common(&items.iter().map(constant).collect::<Vec<_>>()).list(),
        Value::Object(fields) => Type::Struct(StructType {
            name: "struct".to_owned(),
            fields: fields.iter().map(|(name, value)| (name.clone(), plain_field(constant(value)))).collect(),
        }),
    }
}

/// The narrowest of the types that accepts all the others, else any value.
fn common(types: &[Type]) -> Type {
    let option = types.iter().any(Type::is_option);
    let accepting = types
        .iter()
        .map(|r#type| if option { r#type.clone().option() } else { r#type.clone() })
        .find(|candidate| types.iter().all(|r#type| candidate.accepts(r#type)));
    accepting.unwrap_or(Type::Any)
}
