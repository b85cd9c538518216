//! A template has exactly one kind, and only fields of that kind.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Node;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Template, TemplateKind, YamlNode};

/// Fields that apply only to templates with pods.
const OF_PODS: [&str; 6] =
    ["initContainers", "sidecars", "podSpecPatch", "volumes", "archiveLocation", "hostAliases"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        let kinds: Vec<TemplateKind> = template.kinds().collect();
        match kinds.as_slice() {
            [] => found.push(none(template)),
            [kind] => fields(template, *kind, found),
            [first, second, ..] => found.push(several(template, *first, *second)),
        }
    }
}

fn none(template: &Template<'_>) -> Diagnostic {
    let message = format!("missing type of {}", template.describe());
    let kinds = TemplateKind::ALL.map(|(key, _)| format!("`{key}`")).join(", ");
    Diagnostic::error(codes::ARGO_TEMPLATE_KIND, &template.name_place(), message)
        .help(format!("add one of {kinds}"))
}

fn several(template: &Template<'_>, first: TemplateKind, second: TemplateKind) -> Diagnostic {
    let message = format!("{} is both a `{}` and a `{}`", template.describe(), first.key(), second.key());
    Diagnostic::error(codes::ARGO_TEMPLATE_KIND, &template.node.place.key(second.key()), message)
        .also(&template.node.place.key(first.key()), "the first type is here")
        .help("split it into two templates")
}

fn fields(template: &Template<'_>, kind: TemplateKind, found: &mut Vec<Diagnostic>) {
    let node = &template.node;
    let mut refuse = |key: &str, help: &str| {
        if is_set(node, key) {
            let message = format!("`{key}` is not allowed in a `{}` template", kind.key());
            found.push(
                Diagnostic::error(codes::ARGO_KIND_FIELD, &node.place.key(key), message)
                    .also(&node.place.key(kind.key()), "the template type is set here")
                    .help(help),
            );
        }
    };
    if kind.is_graph() {
        refuse(
            "activeDeadlineSeconds",
            "set it on the templates that this one runs, or on the whole workflow",
        );
    } else {
        refuse("parallelism", "set it on the `dag` or `steps` template that runs this one");
    }
    if !kind.is_leaf() {
        refuse("timeout", "set it on the templates that this one runs");
        refuse("pendingTimeout", "set it on the templates that this one runs");
    }
    if matches!(kind, TemplateKind::Http | TemplateKind::Plugin) {
        refuse("podResources", "remove it: the template runs in a shared pod");
    }
    if !kind.is_pod() && node.list("resourceClaims").next().is_some() {
        refuse("resourceClaims", "set it on the templates that this one runs: it has no pod itself");
    }
    if kind.is_graph() {
        found.extend(OF_PODS.into_iter().filter_map(|key| ignored(node, key, kind)));
    }
    found.extend(timeout(template));
    found.extend(deadline(template));
}

/// Returns whether the field is set. Argo treats an empty string as not set.
fn is_set(node: &YamlNode<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|value| value.tree.text() != Some(""))
}

fn ignored(node: &YamlNode<'_>, key: &str, kind: TemplateKind) -> Option<Diagnostic> {
    let message = format!("`{key}` is ignored because a `{}` template has no pod", kind.key());
    is_set(node, key).then(|| {
        Diagnostic::warning(codes::ARGO_KIND_FIELD, &node.place.key(key), message)
            .help("set it on the templates that have pods")
    })
}

fn timeout(template: &Template<'_>) -> Option<Diagnostic> {
    let text = template.node.text_at("timeout")?;
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| {
        let message = format!("missing unit in the timeout `{text}`");
        Diagnostic::error(codes::ARGO_KIND_FIELD, &template.node.place.key("timeout"), message)
            .help(format!("use `{text}s`"))
    })
}

fn deadline(template: &Template<'_>) -> Option<Diagnostic> {
    let node = template.node.get("activeDeadlineSeconds")?;
    let is_fine = match &node.tree.node {
        Node::Number(number) => number.as_i64().is_some_and(|seconds| seconds >= 0),
        Node::Text(text) => has_tag(text) || text.parse::<u32>().is_ok(),
        Node::Null | Node::Bool(_) | Node::List(_) | Node::Map(_) => return None,
    };
    (!is_fine).then(|| {
        let message = format!("invalid number of seconds `{}`", node.scalar().unwrap_or_default());
        Diagnostic::error(codes::ARGO_KIND_FIELD, &node.place, message)
            .help("use a non-negative integer or a tag")
    })
}
