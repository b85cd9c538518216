//! Inputs and outputs of a template say what its kind can read and write.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Artifact, Parameter, Spot, Template, TemplateKind};

/// Every source of an output parameter.
const SOURCES: [&str; 6] = ["path", "jqFilter", "jsonPath", "parameter", "expression", "supplied"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        let Some(kind) = template.kind() else { continue };
        for artifact in &template.inputs.artifacts {
            found.extend(path(kind, artifact));
            found.extend(input_from(artifact));
            location(&artifact.spot, found);
        }
        for artifact in &template.outputs.artifacts {
            found.extend(path(kind, artifact));
        }
        for parameter in &template.outputs.parameters {
            found.extend(source(template, kind, parameter));
        }
    }
}

fn path(kind: TemplateKind, artifact: &Artifact<'_>) -> Option<Diagnostic> {
    let name = artifact.name;
    match (kind.is_leaf(), artifact.spot.text_at("path")) {
        (true, None) => {
            let message = format!("the artifact `{name}` has no path");
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.spot.place_of("name"), message)
                    .help("say with `path` where it lies in the container"),
            )
        }
        (false, Some(_)) => {
            let message = format!("the artifact `{name}` has a path, but `{}` has no container", kind.key());
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.spot.place.key("path"), message)
                    .help("remove the `path`"),
            )
        }
        (true, Some(path)) if escapes(path) => {
            let message = format!("the path of the artifact `{name}` leads out of its folder");
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.spot.place.key("path"), message)
                    .help("write the path without `..`"),
            )
        }
        _ => None,
    }
}

/// Whether the path leaves what stands before its first `..`.
fn escapes(path: &str) -> bool {
    let Some(start) = path.split_once("/../").map(|(start, _)| start).or_else(|| path.strip_suffix("/.."))
    else {
        return false;
    };
    !start.is_empty()
        && !clean(path).strip_prefix(start).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// The path without `.`, `..` and what they undo.
fn clean(path: &str) -> String {
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !step.is_empty() && *step != ".") {
        if step == ".." && steps.last().is_some_and(|last| *last != "..") {
            steps.pop();
        } else if step != ".." || !path.starts_with('/') {
            steps.push(step);
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", steps.join("/"))
}

fn input_from(artifact: &Artifact<'_>) -> Option<Diagnostic> {
    artifact.spot.text_at("from").map(|_| {
        let message = format!("the input artifact `{}` says where it comes from", artifact.name);
        Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.spot.place.key("from"), message)
            .help("write `from` in the arguments of whoever calls the template")
    })
}

/// What a location lacks that Argo asks for.
fn location(artifact: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    let mut need = |location: &Spot<'_>, kind: &str, field: &str| {
        if !location.has(field) || location.get(field).is_some_and(|value| value.tree.text() == Some("")) {
            let message = format!("the `{kind}` of the artifact has no `{field}`");
            found.push(
                Diagnostic::error(codes::ARGO_ARTIFACT, &location.place, message)
                    .help(format!("write `{field}`")),
            );
        }
    };
    if let Some(git) = artifact.get("git") {
        need(&git, "git", "repo");
    }
    if let Some(hdfs) = artifact.get("hdfs") {
        need(&hdfs, "hdfs", "addresses");
        need(&hdfs, "hdfs", "path");
        let (keytab, cache) = (hdfs.has("krbKeytabSecret"), hdfs.has("krbCCacheSecret"));
        if !keytab && !cache {
            need(&hdfs, "hdfs", "hdfsUser");
        }
        if keytab {
            need(&hdfs, "hdfs", "krbUsername");
            need(&hdfs, "hdfs", "krbRealm");
        }
        if keytab || cache {
            need(&hdfs, "hdfs", "krbServicePrincipalName");
            need(&hdfs, "hdfs", "krbConfigConfigMap");
        }
    }
}

fn source(template: &Template<'_>, kind: TemplateKind, parameter: &Parameter<'_>) -> Option<Diagnostic> {
    let spot = &parameter.spot;
    let name = parameter.name;
    let Some(from) = spot.get("valueFrom") else {
        return (!spot.has("value")).then(|| {
            let message = format!("the output `{name}` comes from nowhere");
            Diagnostic::error(codes::ARGO_OUTPUT, &spot.place_of("name"), message).help(right(kind))
        });
    };
    if spot.has("value") {
        return Some(
            Diagnostic::error(
                codes::ARGO_OUTPUT,
                &from.place,
                format!("the output `{name}` has both a `value` and a `valueFrom`"),
            )
            .also(&spot.place.key("value"), "the value is here")
            .help("remove one of them"),
        );
    }
    let written: Vec<&str> = SOURCES.into_iter().filter(|source| is_written(&from, source)).collect();
    match written.as_slice() {
        [] => {
            let message = format!("the output `{name}` has no source");
            Some(Diagnostic::error(codes::ARGO_OUTPUT, &from.place, message).help(right(kind)))
        }
        [source] => unfit(template, kind, name, &from, source),
        [first, second, ..] => Some(
            Diagnostic::error(
                codes::ARGO_OUTPUT,
                &from.place.key(second),
                format!("the output `{name}` has two sources"),
            )
            .also(&from.place.key(first), "the other one is here")
            .help("remove one of them"),
        ),
    }
}

fn is_written(from: &Spot<'_>, source: &str) -> bool {
    if source == "supplied" { from.has(source) } else { from.text_at(source).is_some() }
}

/// Sources that go with the kind of the template.
fn fitting(kind: TemplateKind) -> &'static [&'static str] {
    match kind {
        TemplateKind::Container | TemplateKind::ContainerSet | TemplateKind::Script => &["path"],
        TemplateKind::Resource => &["jqFilter", "jsonPath"],
        TemplateKind::Dag | TemplateKind::Steps => &["parameter", "expression"],
        TemplateKind::Suspend => &["supplied"],
        TemplateKind::Data | TemplateKind::Http | TemplateKind::Plugin => &[],
    }
}

fn right(kind: TemplateKind) -> String {
    match fitting(kind) {
        [] => "give it a `value`, or a `valueFrom`".to_owned(),
        sources => format!("write {} under `valueFrom`", either(sources)),
    }
}

fn unfit(
    template: &Template<'_>,
    kind: TemplateKind,
    name: &str,
    from: &Spot<'_>,
    source: &str,
) -> Option<Diagnostic> {
    let fitting = fitting(kind);
    if fitting.is_empty() || fitting.contains(&source) {
        return None;
    }
    let message = format!("the output `{name}` of a `{}` cannot come from `{source}`", kind.key());
    let place = from.place.key(source);
    let diagnostic = if kind == TemplateKind::Suspend {
        // Argo takes it, and there is nothing that it could be read from.
        Diagnostic::warning(codes::ARGO_OUTPUT, &place, message)
    } else {
        Diagnostic::error(codes::ARGO_OUTPUT, &place, message)
    };
    let diagnostic = diagnostic.also(&template.spot.place.key(kind.key()), "the kind of the template");
    Some(diagnostic.help(right(kind)))
}

/// Alternatives as a sentence names them.
fn either(sources: &[&str]) -> String {
    match sources {
        [first, second] => format!("`{first}` or `{second}`"),
        all => list(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_where_they_start() {
        for (path, leaves) in [
            ("/tmp/a", false),
            ("/tmp/a/../b", true),
            ("/tmp/a/../a/b", false),
            ("/tmp/a/..", true),
            ("/tmp/..hidden", false),
            ("/..", false),
        ] {
            assert_eq!(escapes(path), leaves, "{path}");
        }
    }
}
