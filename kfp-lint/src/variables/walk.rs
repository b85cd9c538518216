//! Every text of a manifest that reads something, with what can be seen from it.

use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree};

use super::sight::{Sight, Site};

use crate::ctx::Ctx;
use crate::cursor::Cursor;
use crate::view::{Call, Spot, Task, Template, TemplateKind};

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Anything, with tags in it.
    Plain,
    /// An expression without braces.
    Expression,
    /// A condition, in which tags are replaced before it is read.
    Condition,
}

/// A text and what can be seen from it.
pub(crate) struct Text<'t, 's, 'p, 'a> {
    pub(crate) sight: &'t Sight<'s, 'p, 'a>,
    pub(crate) spot: &'t Spot<'a>,
    pub(crate) written: &'a str,
    pub(crate) form: Form,
}

type See<'v> = &'v mut dyn FnMut(&Text<'_, '_, '_, '_>);

/// Visits every text with a tag, and every expression and condition, of the templates of the manifest, and of its
/// arguments and hooks.
pub(crate) fn for_each_text(ctx: &Ctx<'_, '_>, see: See<'_>) {
    let sight = Sight { ctx, graph: None, site: Site::Workflow, outer: None };
    for (key, member) in ctx.manifest.spec.members() {
        if key != "templates" && key != "templateDefaults" {
            texts(&sight, key, "", &member, see);
        }
    }
    for template in &ctx.manifest.templates {
        of_template(ctx, template, None, see);
    }
}

fn of_template<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    template: &'p Template<'a>,
    outer: Option<&Sight<'_, 'p, 'a>>,
    see: See<'_>,
) {
    let sight = Sight { ctx, graph: Some(ctx.graph(template)), site: Site::Body, outer };
    let is_graph = template.kind().is_some_and(TemplateKind::is_graph);
    for (key, member) in template.spot.members() {
        match key {
            "steps" => {}
            "dag" => {
                for (key, member) in member.members().filter(|(key, _)| *key != "tasks") {
                    texts(&sight, key, "", &member, see);
                }
            }
            "outputs" if is_graph => texts(&Sight { site: Site::Outputs, ..sight }, key, "", &member, see),
            "metrics" => texts(&Sight { site: Site::Metrics, ..sight }, key, "", &member, see),
            _ => texts(&sight, key, "", &member, see),
        }
    }
    for (idx, task) in template.tasks.iter().enumerate() {
        of_task(ctx, &Sight { site: Site::Task(idx), ..sight }, idx, task, see);
    }
}

fn of_task<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    sight: &Sight<'_, 'p, 'a>,
    idx: usize,
    task: &'p Task<'a>,
    see: See<'_>,
) {
    for (key, member) in task.spot.members() {
        match key {
            "inline" => {}
            "hooks" | "onExit" => texts(&Sight { site: Site::Hook(idx), ..*sight }, key, "", &member, see),
            _ => texts(sight, key, "", &member, see),
        }
    }
    if let Call::Inline(inline) = &task.call {
        of_template(ctx, inline, Some(sight), see);
    }
}

/// The texts below a node that stands under `key`, which itself stands under `above`.
fn texts<'a>(sight: &Sight<'_, '_, 'a>, key: &str, above: &str, spot: &Spot<'a>, see: See<'_>) {
    below(sight, (key, above), spot.tree, &Cursor::at(&spot.place), see);
}

fn below<'a>(sight: &Sight<'_, '_, 'a>, keys: (&str, &str), tree: &'a Tree, way: &Cursor<'_>, see: See<'_>) {
    match &tree.node {
        Node::Text(text) => {
            let form = form(keys.0, keys.1);
            if has_tag(text) || (form != Form::Plain && !text.is_empty()) {
                let spot = Spot { tree, place: way.place() };
                see(&Text { sight, spot: &spot, written: text, form });
            }
        }
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                below(sight, keys, item, &way.index(idx), see);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                below(sight, (&entry.key, keys.0), &entry.value, &way.key(&entry.key), see);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn form(key: &str, above: &str) -> Form {
    match key {
        "fromExpression" => Form::Expression,
        // What transforms data sees the data alone.
        "expression" if above != "transformation" => Form::Expression,
        "when" => Form::Condition,
        _ => Form::Plain,
    }
}
