//! Arguments have values, and artifacts come from somewhere.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::{Artifact, Parameter, Values};

/// Sources that an argument takes.
const SOURCES: [&str; 3] = ["configMapKeyRef", "event", "supplied"];

/// Sources that are those of outputs.
const OF_OUTPUTS: [&str; 4] = ["path", "jsonPath", "parameter", "expression"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    // Whoever submits a workflow gives the values that are missing, but nobody submits a cron workflow.
    values(&ctx.manifest.arguments, ctx.manifest.kind != Kind::CronWorkflow, found);
    for (_, task) in ctx.tasks() {
        values(&task.arguments, false, found);
    }
    let hooks = ctx.manifest.hooks.iter().chain(ctx.tasks().flat_map(|(_, task)| &task.hooks));
    for hook in hooks.filter(|hook| hook.spot.has("arguments")) {
        values(&hook.arguments, false, found);
    }
}

fn values(arguments: &Values<'_>, may_lack: bool, found: &mut Vec<Diagnostic>) {
    for parameter in &arguments.parameters {
        found.extend(no_value(parameter, may_lack));
        found.extend(source(parameter));
        found.extend(choice(parameter, may_lack));
    }
    for artifact in &arguments.artifacts {
        found.extend(no_source(artifact));
    }
}

fn no_value(parameter: &Parameter<'_>, may_lack: bool) -> Option<Diagnostic> {
    if may_lack || parameter.spot.has("value") || parameter.spot.has("valueFrom") {
        return None;
    }
    let message = format!("the argument `{}` has no value", parameter.name);
    Some(
        Diagnostic::error(codes::ARGO_ARGUMENT, &parameter.spot.place_of("name"), message)
            .help("give it a `value`, or remove it so that the default holds"),
    )
}

fn source(parameter: &Parameter<'_>) -> Option<Diagnostic> {
    let from = parameter.spot.get("valueFrom")?;
    if let Some(key) = OF_OUTPUTS.into_iter().find(|key| from.text_at(key).is_some()) {
        let message = format!("`{key}` is a source of outputs, not of arguments");
        let diagnostic = Diagnostic::error(codes::ARGO_ARGUMENT, &from.place.key(key), message);
        return Some(match key {
            "expression" => diagnostic.help("write `value: \"{{=…}}\"` with the expression"),
            "parameter" => diagnostic.help("write the tag as `value`"),
            _ => diagnostic.help("give it a `value`"),
        });
    }
    (!SOURCES.into_iter().any(|key| from.has(key))).then(|| {
        Diagnostic::error(codes::ARGO_ARGUMENT, &from.place, "the `valueFrom` of an argument has no source")
            .help(format!("use {}, or give it a `value`", list(["configMapKeyRef", "supplied"])))
    })
}

fn choice(parameter: &Parameter<'_>, may_lack: bool) -> Option<Diagnostic> {
    let choices = parameter.spot.get("enum")?;
    if choices.tree.items().is_empty() {
        return Some(
            Diagnostic::error(codes::ARGO_ARGUMENT, &choices.place, "the `enum` is empty")
                .help("write the values that are allowed, or remove it"),
        );
    }
    let Some(value) = parameter.value() else {
        let message = "one of the `enum` must be given as the value";
        return (!may_lack).then(|| {
            Diagnostic::error(codes::ARGO_ARGUMENT, &choices.place, message).help("give it a `value`")
        });
    };
    let texts: Vec<_> = choices.items().filter_map(|choice| choice.scalar()).collect();
    let text = value.scalar()?;
    (!texts.contains(&text)).then(|| {
        let message = format!("`{text}` is none of the values of the `enum`");
        Diagnostic::error(codes::ARGO_ARGUMENT, &value.place, message)
            .also(&choices.place, "these are")
            .help(format!("use one of {}", list(&texts)))
    })
}

fn no_source(artifact: &Artifact<'_>) -> Option<Diagnostic> {
    let spot = &artifact.spot;
    if let (Some(_), Some(_)) = (spot.text_at("from"), spot.text_at("fromExpression")) {
        return Some(
            Diagnostic::error(
                codes::ARGO_ARTIFACT,
                &spot.place.key("fromExpression"),
                "the artifact comes both `from` and `fromExpression`",
            )
            .also(&spot.place.key("from"), "the other one is here")
            .help("remove one of them"),
        );
    }
    if spot.text_at("from").is_some() || artifact.has_location() {
        return None;
    }
    let message = format!("the artifact `{}` comes from nowhere", artifact.name);
    Some(
        Diagnostic::error(codes::ARGO_ARTIFACT, &spot.place_of("name"), message)
            .help("write `from` with a tag that names an artifact, or a location with at least its key"),
    )
}
