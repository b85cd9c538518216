//! Arguments have values, and artifacts have sources.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::{Artifact, Parameter, Values};

/// The sources of arguments.
const SOURCES: [&str; 3] = ["configMapKeyRef", "event", "supplied"];

/// The sources that only outputs have.
const OF_OUTPUTS: [&str; 4] = ["path", "jsonPath", "parameter", "expression"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    // Missing values can be set on submission, but cron workflows are not submitted.
    let is_optional =
        |parameter: &Parameter<'_>| ctx.manifest.kind != Kind::CronWorkflow || parameter.node.has("default");
    values(&ctx.manifest.arguments, is_optional, found);
    let is_run = !ctx.manifest.is_library();
    let parameters = ctx.manifest.arguments.parameters.iter();
    found.extend(parameters.filter_map(|parameter| only_default(parameter, is_run)));
    for (_, task) in ctx.tasks() {
        values(&task.arguments, |_| false, found);
    }
    let hooks = ctx.manifest.hooks.iter().chain(ctx.tasks().flat_map(|(_, task)| &task.hooks));
    for hook in hooks.filter(|hook| hook.node.has("arguments")) {
        values(&hook.arguments, |_| false, found);
    }
}

fn values(arguments: &Values<'_>, is_optional: impl Fn(&Parameter<'_>) -> bool, found: &mut Vec<Diagnostic>) {
    for parameter in &arguments.parameters {
        let is_optional = is_optional(parameter);
        found.extend(no_value(parameter, is_optional));
        found.extend(source(parameter));
        found.extend(choice(parameter, is_optional));
    }
    for artifact in &arguments.artifacts {
        found.extend(no_source(artifact));
    }
}

fn no_value(parameter: &Parameter<'_>, is_optional: bool) -> Option<Diagnostic> {
    if is_optional || parameter.node.has("value") || parameter.node.has("valueFrom") {
        return None;
    }
    let message = format!("missing value of the argument `{}`", parameter.name);
    Some(
        Diagnostic::error(codes::ARGO_ARGUMENT, &parameter.node.place_of("name"), message)
            .help("add a `value`, or remove the argument to use the default"),
    )
}

/// Reports a workflow argument with a `default` but no value: only inputs have defaults.
fn only_default(parameter: &Parameter<'_>, is_run: bool) -> Option<Diagnostic> {
    let default = parameter.node.get("default")?;
    if parameter.node.has("value") || parameter.node.has("valueFrom") {
        return None;
    }
    let place = &default.place;
    let diagnostic = if is_run {
        let message = format!("missing value of the argument `{}`", parameter.name);
        Diagnostic::error(codes::ARGO_ARGUMENT, place, message)
    } else {
        let message = format!("the default of the argument `{}` is ignored", parameter.name);
        Diagnostic::warning(codes::ARGO_ARGUMENT, place, message)
    };
    Some(diagnostic.label("only inputs have a `default`").help("rename `default` to `value`"))
}

fn source(parameter: &Parameter<'_>) -> Option<Diagnostic> {
    let from = parameter.node.get("valueFrom")?;
    if let Some(key) = OF_OUTPUTS.into_iter().find(|key| from.text_at(key).is_some()) {
        let message = format!("`{key}` is not allowed in an argument");
        let diagnostic = Diagnostic::error(codes::ARGO_ARGUMENT, &from.place.key(key), message);
        return Some(match key {
            "expression" => diagnostic.help("use `value: \"{{=…}}\"` with the expression"),
            "parameter" => diagnostic.help("use the tag as the `value`"),
            _ => diagnostic.help("use a `value`"),
        });
    }
    (!SOURCES.into_iter().any(|key| from.has(key))).then(|| {
        Diagnostic::error(codes::ARGO_ARGUMENT, &from.place, "missing source in `valueFrom`")
            .help("add `configMapKeyRef` or `supplied`, or use a `value`")
    })
}

fn choice(parameter: &Parameter<'_>, is_optional: bool) -> Option<Diagnostic> {
    let choices = parameter.node.get("enum")?;
    if choices.tree.items().is_empty() {
        return Some(
            Diagnostic::error(codes::ARGO_ARGUMENT, &choices.place, "the `enum` is empty")
                .help("add the allowed values, or remove the `enum`"),
        );
    }
    let Some(value) = parameter.value() else {
        let message = "missing `value` of a parameter with an `enum`";
        return (!is_optional).then(|| {
            Diagnostic::error(codes::ARGO_ARGUMENT, &choices.place, message)
                .help("set `value` to one of the allowed values")
        });
    };
    let texts: Vec<_> = choices.items().filter_map(|choice| choice.scalar()).collect();
    let text = value.scalar()?;
    (!texts.contains(&text)).then(|| {
        let message = format!("invalid value `{text}`: not in the `enum`");
        Diagnostic::error(codes::ARGO_ARGUMENT, &value.place, message)
            .also(&choices.place, "the allowed values")
            .help(format!("use one of {}", list(&texts)))
    })
}

fn no_source(artifact: &Artifact<'_>) -> Option<Diagnostic> {
    let node = &artifact.node;
    if let (Some(_), Some(_)) = (node.text_at("from"), node.text_at("fromExpression")) {
        return Some(
            Diagnostic::error(
                codes::ARGO_ARTIFACT,
                &node.place.key("fromExpression"),
                "`from` and `fromExpression` are mutually exclusive",
            )
            .also(&node.place.key("from"), "`from` is set here")
            .help("remove one of them"),
        );
    }
    if node.text_at("from").is_some() || artifact.has_location() {
        return None;
    }
    let message = format!("missing source of the artifact `{}`", artifact.name);
    Some(
        Diagnostic::error(codes::ARGO_ARTIFACT, &node.place_of("name"), message)
            .help("add `from` with a tag that names an artifact, or a storage location with a key"),
    )
}
