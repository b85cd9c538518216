//! Lowers imports. Below the pipeline root, a URI is a key and no pod is needed; artifacts in other stores are copied.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{ArtifactType, Import, Task, Type};
use serde_json::{Value, json};

use crate::dag_names;
use crate::lower::analyse::places::{ARTIFACT, INPUTS, Places};
use crate::lower::build::call;
use crate::lower::build::check;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry::shown;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::lowered::{Below, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::options::{PipelineRoot, Store};
use crate::lower::plan::terms;
use crate::lower::plan::terms::{constant, fail, from_json, object, protect, to_json};
use crate::lower::plan::{self, Argument};

/// Returns the task of an import, with its template. The template returns the value for a URI below the pipeline root,
/// or calls the step that copies from another store.
pub(in crate::lower) fn lower(
    ctx: &mut Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    import: &Import,
) -> Lowered<'static> {
    let inner = ctx.scope_of_task(task);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let call = call::of_template(ctx, scope, task, &template, &inner);
    let options = ctx.options();
    let places = Places::of(options, import);
    let noop = (!places.is_certain).then(|| ctx.noop());
    let printer = Printer { ctx, scope: &inner, reader: Reader::End };
    let imported = Imported::of(&printer, task, import);
    let copies = places.stores.iter().map(|(name, store)| imported.copy(&printer, &places, name, store));
    let root = options.pipeline_root.as_ref().filter(|_| places.root);
    let refused = noop.map(|noop| {
        let fits = Argument::new("uri", imported.fits(root, &places));
        check::task(noop, None, vec![fits])
    });
    let tasks = refused.into_iter().chain(copies).collect();
    let inputs = inner.declarations();
    let mut wrapper = plan::Template::graph(template, inputs, tasks);
    wrapper.outputs = vec![plan::Output::new(ARTIFACT, imported.value(root, &places))];
    ctx.make_global(&task.id, &mut wrapper);
    Lowered { tasks: vec![call], below: vec![Below::Template(wrapper)] }
}

/// The properties of an imported artifact: expressions that return JSON texts.
struct Imported<'t> {
    name: &'t str,
    r#type: Option<&'t ArtifactType>,
    uri: Expression,
    metadata: Expression,
}

impl<'t> Imported<'t> {
    fn of(printer: &Printer<'_, '_, '_>, task: &'t Task, import: &'t Import) -> Self {
        let members = import.metadata.iter().map(|(name, value)| (name.as_str(), printer.json(value)));
        Self {
            name: &task.name,
            r#type: import.r#type.artifact(),
            uri: printer.json(&import.uri),
            metadata: object(members),
        }
    }

    /// Returns the task that copies the artifact if it is in the store.
    fn copy(
        &self,
        printer: &Printer<'_, '_, '_>,
        places: &Places<'_>,
        name: &str,
        store: &Store,
    ) -> plan::Task {
        let argument = |name: &str| {
            let value: Text = match name {
                "metadata" => self.metadata.clone().into(),
                "name" => encode(&Value::from(self.name)).into(),
                "type" => self.r#type.map_or_else(|| "null".to_owned(), |kind| encode(&kind_of(kind))).into(),
                _ => self.uri.clone().into(),
            };
            Argument::new(name, value)
        };
        plan::Task {
            name: copy_name(name),
            calls: printer.ctx.copy(name).to_owned(),
            arguments: INPUTS.map(argument).to_vec(),
            when: (!places.is_certain).then(|| {
                let below = printer.ctx.options().pipeline_root.as_ref().filter(|_| places.root);
                let elsewhere = below.map(|root| fits(root, &self.uri).not());
                let conditions = [Some(self.is_in(store)), elsewhere].into_iter().flatten();
                conditions.reduce(Expression::and).unwrap_or_else(|| Expression::boolean(true))
            }),
            ..plan::Task::default()
        }
    }

    /// Returns an expression that fails if the URI is in none of the places.
    fn fits(&self, root: Option<&PipelineRoot>, places: &Places<'_>) -> Expression {
        let root = root.map(|root| (fits(root, &self.uri), format!("{root}/")));
        let stores =
            places.stores.iter().map(|(_, store)| (self.is_in(store), format!("{}://", store.scheme)));
        let (conditions, starts): (Vec<Expression>, Vec<String>) = root.into_iter().chain(stores).unzip();
        let starts: Vec<String> = starts.iter().map(|start| format!("`{start}`")).collect();
        let expected = format!("a URI that starts with {}", starts.join(" or "));
        let refusal = refusal("URI of", self.name, &expected, from_json(self.uri.clone()));
        let condition = Expression::any(conditions).unwrap_or_else(|| Expression::boolean(false));
        condition.then_else("true".into(), refusal)
    }

    /// Returns the source of the value, depending on the place that the URI refers to.
    fn value(&self, root: Option<&PipelineRoot>, places: &Places<'_>) -> plan::Source {
        let below = root.zip(self.r#type).map(|(root, kind)| {
            (fits(root, &self.uri), value(root, self.name, kind, &self.uri, self.metadata.clone()))
        });
        let copied =
            |(name, store): &(&str, &Store)| (self.is_in(store), terms::output(&copy_name(name), ARTIFACT));
        let mut values: Vec<(Expression, Expression)> =
            below.into_iter().chain(places.stores.iter().map(copied)).collect();
        // A URI in none of the places was rejected by the check task.
        let last = values.pop().map_or_else(|| "null".into(), |(_, last)| last);
        let choice = |rest, (condition, value): (Expression, Expression)| condition.then_else(value, rest);
        plan::Source::from(values.into_iter().rev().fold(last, choice))
    }

    fn is_in(&self, store: &Store) -> Expression {
        has_prefix(from_json(self.uri.clone()), format!("{}://", store.scheme))
    }
}

fn has_prefix(text: Expression, prefix: String) -> Expression {
    Expression::call("hasPrefix", [text, prefix.into()])
}

/// Returns the name of the task that copies from the store.
fn copy_name(store: &str) -> String {
    dag_names::task(&format!("copy-{store}"))
}

/// Returns the expression that converts the URI in an argument into the value of an artifact.
pub(in crate::lower) fn argument(
    root: &PipelineRoot,
    name: &str,
    text: &Expression,
    r#type: &Type,
) -> Expression {
    let Some(artifact_type) = r#type.artifact() else { return "null".into() };
    let uri = protect(to_json(text.clone()));
    let value = value(root, name, artifact_type, &uri, "{}".into());
    let expected = format!("a URI that starts with `{root}/`");
    let value = fits(root, &uri).then_else(value, refusal("argument", name, &expected, text.clone()));
    if r#type.is_option() { text.clone().equal("null".into()).then_else("null".into(), value) } else { value }
}

/// Returns the condition that a URI is below the pipeline root.
fn fits(root: &PipelineRoot, uri: &Expression) -> Expression {
    has_prefix(from_json(uri.clone()), format!("{root}/"))
}

/// Returns an expression that fails with a message about an invalid text.
fn refusal(noun: &str, name: &str, expected: &str, text: Expression) -> Expression {
    let start = format!("invalid {noun} `{name}`: expected {expected}, found `");
    fail(Expression::text(start).plus(shown(text)).plus("`".into()))
}

/// Returns the expression for the value of an artifact below the pipeline root. `uri` and `metadata` return JSON texts.
fn value(
    root: &PipelineRoot,
    name: &str,
    r#type: &ArtifactType,
    uri: &Expression,
    metadata: Expression,
) -> Expression {
    let start = i64::try_from(root.base.len()).unwrap_or(i64::MAX);
    let key = protect(to_json(from_json(uri.clone()).slice(Some(start.into()), None)));
    object([
        ("key", key),
        ("metadata", metadata),
        ("name", constant(&Value::from(name))),
        ("type", constant(&kind_of(r#type))),
        ("uri", uri.clone()),
    ])
}

fn kind_of(r#type: &ArtifactType) -> Value {
    json!({"schemaTitle": r#type.name, "schemaVersion": r#type.version})
}
