//! Artifacts by URI: below the pipeline root a URI is a key, so no pod is needed; from other stores they are copied.

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{ArtifactType, Import, Task, Type};
use serde_json::{Value, json};

use crate::lower::analyse::names;
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

/// The task that makes an artifact of a URI, with its template. Below the pipeline root that has nothing to do but
/// to give the value; what lies in another store is copied by the step of that.
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
    let nothing = (!places.is_certain).then(|| ctx.nothing());
    let printer = Printer { ctx, scope: &inner, reader: Reader::End };
    let imported = Imported::of(&printer, task, import);
    let copies = places.stores.iter().map(|(name, store)| imported.copy(&printer, &places, name, store));
    let root = options.pipeline_root.as_ref().filter(|_| places.root);
    let refused = nothing.map(|nothing| {
        let fits = Argument::new("uri", imported.fits(root, &places));
        check::task(nothing, None, vec![fits])
    });
    let tasks = refused.into_iter().chain(copies).collect();
    let inputs = inner.declarations();
    let mut wrapper = plan::Template::graph(template, inputs, tasks);
    wrapper.outputs = vec![plan::Output::new(ARTIFACT, imported.value(root, &places))];
    ctx.make_global(&task.id, &mut wrapper);
    Lowered { tasks: vec![call], below: vec![Below::Template(wrapper)] }
}

/// What is known of an artifact that is imported: expressions that return JSON texts.
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

    /// The task that copies the artifact, if it lies in that store.
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
                let conditions = [Some(self.lies_in(store)), elsewhere].into_iter().flatten();
                conditions.reduce(Expression::and).unwrap_or_else(|| Expression::boolean(true))
            }),
            ..plan::Task::default()
        }
    }

    /// An expression that fails where the URI names none of the places.
    fn fits(&self, root: Option<&PipelineRoot>, places: &Places<'_>) -> Expression {
        let root = root.map(|root| (fits(root, &self.uri), format!("{root}/")));
        let stores =
            places.stores.iter().map(|(_, store)| (self.lies_in(store), format!("{}://", store.scheme)));
        let (conditions, starts): (Vec<Expression>, Vec<String>) = root.into_iter().chain(stores).unzip();
        let starts: Vec<String> = starts.iter().map(|start| format!("`{start}`")).collect();
        let expected = format!("a URI that starts with {}", starts.join(" or "));
        let refusal = refusal("URI of", self.name, &expected, from_json(self.uri.clone()));
        let condition = Expression::any(conditions).unwrap_or_else(|| Expression::boolean(false));
        condition.then_else("true".into(), refusal)
    }

    /// Where the value comes from: the place that the URI names.
    fn value(&self, root: Option<&PipelineRoot>, places: &Places<'_>) -> plan::Source {
        let below = root.zip(self.r#type).map(|(root, kind)| {
            (fits(root, &self.uri), value(root, self.name, kind, &self.uri, self.metadata.clone()))
        });
        let copied =
            |(name, store): &(&str, &Store)| (self.lies_in(store), terms::output(&copy_name(name), ARTIFACT));
        let mut values: Vec<(Expression, Expression)> =
            below.into_iter().chain(places.stores.iter().map(copied)).collect();
        // Whatever is in none of them was refused before.
        let last = values.pop().map_or_else(|| "null".into(), |(_, last)| last);
        let choice = |rest, (condition, value): (Expression, Expression)| condition.then_else(value, rest);
        plan::Source::from(values.into_iter().rev().fold(last, choice))
    }

    fn lies_in(&self, store: &Store) -> Expression {
        has_prefix(from_json(self.uri.clone()), format!("{}://", store.scheme))
    }
}

fn has_prefix(text: Expression, prefix: String) -> Expression {
    Expression::call("hasPrefix", [text, prefix.into()])
}

/// The name of the task that copies from the store.
fn copy_name(store: &str) -> String {
    names::task(&names::kebab(&format!("copy-{store}")))
}

/// The expression that makes an artifact's value of what somebody typed as its URI.
pub(in crate::lower) fn argument(
    root: &PipelineRoot,
    name: &str,
    typed: &Expression,
    r#type: &Type,
) -> Expression {
    let Some(artifact_type) = r#type.artifact() else { return "null".into() };
    let uri = protect(to_json(typed.clone()));
    let value = value(root, name, artifact_type, &uri, "{}".into());
    let expected = format!("a URI that starts with `{root}/`");
    let value = fits(root, &uri).then_else(value, refusal("argument", name, &expected, typed.clone()));
    if r#type.is_option() {
        typed.clone().equal("null".into()).then_else("null".into(), value)
    } else {
        value
    }
}

/// The condition that a URI lies below the pipeline root.
fn fits(root: &PipelineRoot, uri: &Expression) -> Expression {
    has_prefix(from_json(uri.clone()), format!("{root}/"))
}

/// An expression that fails, as the text is not what is expected.
fn refusal(noun: &str, name: &str, expected: &str, text: Expression) -> Expression {
    let start = format!("invalid {noun} `{name}`: expected {expected}, found `");
    fail(Expression::text(start).plus(shown(text)).plus("`".into()))
}

/// The value of an artifact below the pipeline root. `uri` and `metadata` are expressions that return JSON texts.
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
