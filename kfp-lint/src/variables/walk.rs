//! Visits every string of a manifest that can read variables.

use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree};

use super::scope::{Site, VariableScope};

use crate::ctx::Ctx;
use crate::cursor::Cursor;
use crate::view::{Call, Task, Template, TemplateKind, YamlNode};

/// The language of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text that may contain tags.
    Plain,
    /// An expression without braces.
    Expression,
    /// A condition whose tags are replaced before it is parsed.
    Condition,
}

/// A string and the variables available to it.
pub(crate) struct Text<'t, 's, 'p, 'a> {
    pub(crate) scope: &'t VariableScope<'s, 'p, 'a>,
    pub(crate) node: &'t YamlNode<'a>,
    pub(crate) written: &'a str,
    pub(crate) form: Form,
}

type Visit<'v> = &'v mut dyn FnMut(&Text<'_, '_, '_, '_>);

/// Visits every string with a tag, and every expression and condition, in the templates, arguments and hooks of the
/// manifest.
pub(crate) fn for_each_text(ctx: &Ctx<'_, '_>, visit: Visit<'_>) {
    let scope = VariableScope { ctx, graph: None, site: Site::Workflow, outer: None };
    for (key, member) in ctx.manifest.spec.members() {
        if key != "templates" && key != "templateDefaults" {
            texts(&scope, key, "", &member, visit);
        }
    }
    for template in &ctx.manifest.templates {
        of_template(ctx, template, None, visit);
    }
}

fn of_template<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    template: &'p Template<'a>,
    outer: Option<&VariableScope<'_, 'p, 'a>>,
    visit: Visit<'_>,
) {
    let scope = VariableScope { ctx, graph: Some(ctx.graph(template)), site: Site::Body, outer };
    let is_graph = template.kind().is_some_and(TemplateKind::is_graph);
    for (key, member) in template.node.members() {
        match key {
            "steps" => {}
            "dag" => {
                for (key, member) in member.members().filter(|(key, _)| *key != "tasks") {
                    texts(&scope, key, "", &member, visit);
                }
            }
            "outputs" if is_graph => {
                texts(&VariableScope { site: Site::Outputs, ..scope }, key, "", &member, visit);
            }
            "inputs" => of_inputs(ctx, &scope, template, &member, visit),
            "metrics" => texts(&VariableScope { site: Site::Metrics, ..scope }, key, "", &member, visit),
            _ => texts(&scope, key, "", &member, visit),
        }
    }
    for (idx, task) in template.tasks.iter().enumerate() {
        of_task(ctx, &VariableScope { site: Site::Task(idx), ..scope }, idx, task, visit);
    }
}

/// Visits the inputs, except for values that every call replaces: Argo does not evaluate them.
fn of_inputs<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    scope: &VariableScope<'_, 'p, 'a>,
    template: &'p Template<'a>,
    inputs: &YamlNode<'a>,
    visit: Visit<'_>,
) {
    for (key, member) in inputs.members().filter(|(key, _)| *key != "parameters") {
        texts(scope, key, "inputs", &member, visit);
    }
    for parameter in &template.inputs.parameters {
        for (key, member) in parameter.node.members() {
            let is_replaced = || {
                let callers = ctx.callers.of(template);
                !callers.is_empty() && callers.iter().all(|caller| caller.passes(parameter.name))
            };
            if key != "value" || !member.text().is_some_and(has_tag) || !is_replaced() {
                texts(scope, key, "parameters", &member, visit);
            }
        }
    }
}

fn of_task<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    scope: &VariableScope<'_, 'p, 'a>,
    idx: usize,
    task: &'p Task<'a>,
    visit: Visit<'_>,
) {
    for (key, member) in task.node.members() {
        match key {
            "inline" => {}
            "hooks" | "onExit" => {
                texts(&VariableScope { site: Site::Hook(idx), ..*scope }, key, "", &member, visit);
            }
            _ => texts(scope, key, "", &member, visit),
        }
    }
    if let Call::Inline(inline) = &task.call {
        of_template(ctx, inline, Some(scope), visit);
    }
}

/// Visits the strings in a node with the key `key`, whose parent has the key `above`.
fn texts<'a>(
    scope: &VariableScope<'_, '_, 'a>,
    key: &str,
    above: &str,
    node: &YamlNode<'a>,
    visit: Visit<'_>,
) {
    below(scope, (key, above), node.tree, &Cursor::at(&node.place), visit);
}

fn below<'a>(
    scope: &VariableScope<'_, '_, 'a>,
    keys: (&str, &str),
    tree: &'a Tree,
    way: &Cursor<'_>,
    visit: Visit<'_>,
) {
    match &tree.node {
        Node::Text(text) => {
            let form = form(keys.0, keys.1);
            if has_tag(text) || (form != Form::Plain && !text.is_empty()) {
                let node = YamlNode { tree, place: way.place() };
                visit(&Text { scope, node: &node, written: text, form });
            }
        }
        Node::List(items) => {
            for (idx, item) in items.iter().enumerate() {
                below(scope, keys, item, &way.index(idx), visit);
            }
        }
        Node::Map(entries) => {
            for entry in entries {
                below(scope, (&entry.key, keys.0), &entry.value, &way.key(&entry.key), visit);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn form(key: &str, above: &str) -> Form {
    match key {
        "fromExpression" => Form::Expression,
        // Transformations can read only `data`.
        "expression" if above != "transformation" => Form::Expression,
        "when" => Form::Condition,
        _ => Form::Plain,
    }
}
