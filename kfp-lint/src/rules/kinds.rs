//! A template is of one kind, and has the fields of that kind.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Node;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Spot, Template, TemplateKind};

/// Fields of a pod, which say nothing where there is none.
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
    let message = format!("{} does not say what it runs", template.named());
    let kinds = TemplateKind::ALL.map(|(key, _)| format!("`{key}`")).join(", ");
    Diagnostic::error(codes::ARGO_TEMPLATE_KIND, &template.names(), message)
        .help(format!("write one of {kinds}"))
}

fn several(template: &Template<'_>, first: TemplateKind, second: TemplateKind) -> Diagnostic {
    let message = format!("{} is both a `{}` and a `{}`", template.named(), first.key(), second.key());
    Diagnostic::error(codes::ARGO_TEMPLATE_KIND, &template.spot.place.key(second.key()), message)
        .also(&template.spot.place.key(first.key()), "the other one is here")
        .help("make two templates of it")
}

fn fields(template: &Template<'_>, kind: TemplateKind, found: &mut Vec<Diagnostic>) {
    let spot = &template.spot;
    let mut refuse = |key: &str, help: &str| {
        if is_set(spot, key) {
            let message = format!("`{key}` does not go with `{}`", kind.key());
            found.push(
                Diagnostic::error(codes::ARGO_KIND_FIELD, &spot.place.key(key), message)
                    .also(&spot.place.key(kind.key()), "the kind of the template")
                    .help(help),
            );
        }
    };
    if kind.is_graph() {
        refuse("activeDeadlineSeconds", "set it on the templates that it runs, or on the whole workflow");
    } else {
        refuse("parallelism", "set it on the `dag` or the `steps` that run this template");
    }
    if !kind.is_leaf() {
        refuse("timeout", "set it on the templates that it runs");
        refuse("pendingTimeout", "set it on the templates that it runs");
    }
    if matches!(kind, TemplateKind::Http | TemplateKind::Plugin) {
        refuse("podResources", "it runs in a pod that it shares with others: leave it out");
    }
    if !kind.is_pod() && spot.list("resourceClaims").next().is_some() {
        refuse("resourceClaims", "it has no pod: set them on the templates that it runs");
    }
    if kind.is_graph() {
        found.extend(OF_PODS.into_iter().filter_map(|key| ignored(spot, key, kind)));
    }
    found.extend(timeout(template));
    found.extend(deadline(template));
}

/// Whether the field says something to Argo, for which an empty text is nothing.
fn is_set(spot: &Spot<'_>, key: &str) -> bool {
    spot.get(key).is_some_and(|value| value.tree.text() != Some(""))
}

fn ignored(spot: &Spot<'_>, key: &str, kind: TemplateKind) -> Option<Diagnostic> {
    let message = format!("`{key}` is ignored, as `{}` has no pod", kind.key());
    is_set(spot, key).then(|| {
        Diagnostic::warning(codes::ARGO_KIND_FIELD, &spot.place.key(key), message)
            .help("set it on the templates that have pods")
    })
}

fn timeout(template: &Template<'_>) -> Option<Diagnostic> {
    let text = template.spot.text_at("timeout")?;
    text.bytes().all(|digit| digit.is_ascii_digit()).then(|| {
        let message = format!("the timeout `{text}` has no unit");
        Diagnostic::error(codes::ARGO_KIND_FIELD, &template.spot.place.key("timeout"), message)
            .help(format!("write `{text}s`"))
    })
}

fn deadline(template: &Template<'_>) -> Option<Diagnostic> {
    let spot = template.spot.get("activeDeadlineSeconds")?;
    let is_fine = match &spot.tree.node {
        Node::Number(number) => number.as_i64().is_some_and(|seconds| seconds >= 0),
        Node::Text(text) => has_tag(text) || text.parse::<u32>().is_ok(),
        Node::Null | Node::Bool(_) | Node::List(_) | Node::Map(_) => return None,
    };
    (!is_fine).then(|| {
        let message = format!("`{}` is no number of seconds", spot.scalar().unwrap_or_default());
        Diagnostic::error(codes::ARGO_KIND_FIELD, &spot.place, message)
            .help("write a whole number that is not negative, or a tag")
    })
}
