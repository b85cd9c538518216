//! Artifacts by URI: below the pipeline root a URI is a key, so no pod is needed.

use kfp_model::value::encode;
use kfp_model::{ArtifactType, Expression, Import, Task, Type};
use serde_json::{Value, json};

use super::branch::when;
use super::check;
use super::ctx::Ctx;
use super::depends;
use super::expression::{Printer, Reader, protect, quote};
use super::options::PipelineRoot;
use super::region::{self, Lowered};
use super::scope::Scope;
use crate::argo::{Inputs, Parameter, ValueFrom};

/// The task that makes an artifact of a URI, with its template, which has nothing to do but to give the value.
pub(super) fn lower(ctx: &mut Ctx<'_, '_>, scope: &Scope, task: &Task, import: &Import) -> Lowered {
    let inner = ctx.scope_of_task(task);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let mut call = region::call(ctx, scope, task, &template, &inner);
    call.when = when(depends::conditions(&Printer { ctx, scope, reader: Reader::Task(task) }, task));
    let mut check = ctx.nothing();
    let inputs = Inputs { parameters: inner.declarations(), artifacts: Vec::new() };
    let mut outputs = Vec::new();
    let printer = Printer { ctx, scope: &inner, reader: Reader::End };
    if let (Some(root), Some(r#type)) = (&ctx.options.pipeline_root, import.r#type.artifact()) {
        let members = import.metadata.iter().map(|(name, value)| (name.as_str(), printer.json(value)));
        let metadata = object(members);
        let uri = printer.json(&import.uri);
        let fits = format!("{} ? 'true' : {}", fits(root, &uri), refusal(root, &task.name));
        check = check::task(check, None, vec![Parameter::with_value("uri", format!("{{{{={fits}}}}}"))]);
        let value = value(root, &task.name, r#type, &uri, &metadata);
        outputs.push(Parameter::from_source("artifact", ValueFrom::expression(value)));
    }
    let mut wrapper = region::dag(template, inputs, vec![check]);
    wrapper.outputs.parameters = outputs;
    ctx.make_global(&task.id, &mut wrapper);
    Lowered { tasks: vec![call], templates: vec![wrapper] }
}

/// The expression that makes an artifact's value of what somebody typed as its URI.
pub(super) fn argument(root: &PipelineRoot, name: &str, typed: &str, r#type: &Type) -> String {
    let Some(artifact_type) = r#type.artifact() else { return quote("null") };
    let uri = protect(&format!("toJson({typed})"));
    let value = value(root, name, artifact_type, &uri, &quote("{}"));
    let value = format!("{} ? {value} : {}", fits(root, &uri), refusal(root, name));
    if r#type.is_option() { format!("{typed} == 'null' ? 'null' : ({value})") } else { value }
}

/// Whether the URI lies below the pipeline root, as far as that is known.
pub(super) fn is_below(root: &PipelineRoot, uri: &Expression) -> bool {
    match uri {
        Expression::Constant(Value::String(uri)) => uri.starts_with(&format!("{root}/")),
        _ => true,
    }
}

/// The condition that a URI lies below the pipeline root.
fn fits(root: &PipelineRoot, uri: &str) -> String {
    format!("hasPrefix(fromJSON({uri}), {})", quote(&format!("{root}/")))
}

/// An expression that fails, with a remark in its message.
fn refusal(root: &PipelineRoot, name: &str) -> String {
    format!("fromJSON({})", quote(&format!("{name}: not a URI below {root}/")))
}

/// The value of an artifact below the pipeline root. `uri` and `metadata` are expressions that give JSON texts.
fn value(root: &PipelineRoot, name: &str, r#type: &ArtifactType, uri: &str, metadata: &str) -> String {
    let text = format!("fromJSON({uri})");
    let key = protect(&format!("toJson({text}[{}:])", root.base.len()));
    let kind = json!({"schemaTitle": r#type.name, "schemaVersion": r#type.version});
    object(
        [
            ("key", key),
            ("metadata", metadata.to_owned()),
            ("name", quote(&encode(&Value::from(name)))),
            ("type", quote(&encode(&kind))),
            ("uri", format!("({uri})")),
        ]
        .into_iter(),
    )
}

/// An expression that gives the JSON text of an object, of expressions that give those of its members.
fn object<'n>(members: impl Iterator<Item = (&'n str, String)>) -> String {
    let members: Vec<String> = members
        .map(|(name, value)| format!("{} + {value}", quote(&format!("{}:", encode(&Value::from(name))))))
        .collect();
    if members.is_empty() {
        return quote("{}");
    }
    format!("({} + {} + {})", quote("{"), members.join(&format!(" + {} + ", quote(","))), quote("}"))
}
