//! Inputs and outputs of a template fit its kind.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Artifact, Parameter, Template, TemplateKind, YamlNode};

/// All sources of an output parameter.
const SOURCES: [&str; 6] = ["path", "jqFilter", "jsonPath", "parameter", "expression", "supplied"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        let Some(kind) = template.kind() else { continue };
        for artifact in &template.inputs.artifacts {
            found.extend(path(kind, artifact));
            found.extend(input_from(artifact));
            location(&artifact.node, found);
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
    match (kind.is_leaf(), artifact.node.text_at("path")) {
        (true, None) => {
            let message = format!("missing `path` of the artifact `{name}`");
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.node.place_of("name"), message)
                    .help("set `path` to its location in the container"),
            )
        }
        (false, Some(_)) => {
            let message =
                format!("the artifact `{name}` has a path, but a `{}` template has no container", kind.key());
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.node.place.key("path"), message)
                    .help("remove the `path`"),
            )
        }
        (true, Some(path)) if escapes(path) => {
            let message = format!("the path of the artifact `{name}` leads outside its folder");
            Some(
                Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.node.place.key("path"), message)
                    .help("remove `..` from the path"),
            )
        }
        _ => None,
    }
}

/// Returns whether the path leaves the directory before its first `..`.
fn escapes(path: &str) -> bool {
    let Some(start) = path.split_once("/../").map(|(start, _)| start).or_else(|| path.strip_suffix("/.."))
    else {
        return false;
    };
    !start.is_empty()
        && !clean(path).strip_prefix(start).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

/// Normalizes the path: resolves `.` and `..`.
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
    artifact.node.text_at("from").map(|_| {
        let message = format!("`from` is not allowed in the input artifact `{}`", artifact.name);
        Diagnostic::error(codes::ARGO_ARTIFACT, &artifact.node.place.key("from"), message)
            .help("move `from` to the arguments of the calling task")
    })
}

/// Reports required fields that are missing in the location of an artifact.
fn location(artifact: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let mut need = |location: &YamlNode<'_>, kind: &str, field: &str| {
        if !location.has(field) || location.get(field).is_some_and(|value| value.tree.text() == Some("")) {
            let message = format!("missing `{field}` in `{kind}`");
            found.push(
                Diagnostic::error(codes::ARGO_ARTIFACT, &location.place, message)
                    .help(format!("add `{field}`")),
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
    let node = &parameter.node;
    let name = parameter.name;
    let Some(from) = node.get("valueFrom") else {
        return (!node.has("value")).then(|| {
            let message = format!("missing `valueFrom` of the output `{name}`");
            Diagnostic::error(codes::ARGO_OUTPUT, &node.place_of("name"), message).help(expected(kind))
        });
    };
    if node.has("value") {
        return Some(
            Diagnostic::error(
                codes::ARGO_OUTPUT,
                &from.place,
                format!("the output `{name}` has both `value` and `valueFrom`"),
            )
            .also(&node.place.key("value"), "`value` is set here")
            .help("remove one of them"),
        );
    }
    let written: Vec<&str> = SOURCES.into_iter().filter(|source| is_written(&from, source)).collect();
    match written.as_slice() {
        [] => {
            let message = format!("missing source of the output `{name}`");
            Some(Diagnostic::error(codes::ARGO_OUTPUT, &from.place, message).help(expected(kind)))
        }
        [source] => unsupported(template, kind, name, &from, source),
        [first, second, ..] => Some(
            Diagnostic::error(
                codes::ARGO_OUTPUT,
                &from.place.key(second),
                format!("the output `{name}` has more than one source"),
            )
            .also(&from.place.key(first), "the first source is here")
            .help("remove one of them"),
        ),
    }
}

fn is_written(from: &YamlNode<'_>, source: &str) -> bool {
    if source == "supplied" { from.has(source) } else { from.text_at(source).is_some() }
}

/// Returns the sources that the kind of template supports.
fn supported(kind: TemplateKind) -> &'static [&'static str] {
    match kind {
        TemplateKind::Container | TemplateKind::ContainerSet | TemplateKind::Script => &["path"],
        TemplateKind::Resource => &["jqFilter", "jsonPath"],
        TemplateKind::Dag | TemplateKind::Steps => &["parameter", "expression"],
        TemplateKind::Suspend => &["supplied"],
        TemplateKind::Data | TemplateKind::Http | TemplateKind::Plugin => &[],
    }
}

fn expected(kind: TemplateKind) -> String {
    match supported(kind) {
        [] => "add a `value` or a `valueFrom`".to_owned(),
        sources => format!("use {} in `valueFrom`", either(sources)),
    }
}

fn unsupported(
    template: &Template<'_>,
    kind: TemplateKind,
    name: &str,
    from: &YamlNode<'_>,
    source: &str,
) -> Option<Diagnostic> {
    let supported = supported(kind);
    if supported.is_empty() || supported.contains(&source) {
        return None;
    }
    let message =
        format!("`{source}` is not supported for the output `{name}` of a `{}` template", kind.key());
    let place = from.place.key(source);
    let diagnostic = if kind == TemplateKind::Suspend {
        // Argo accepts it, but never sets the value.
        Diagnostic::warning(codes::ARGO_OUTPUT, &place, message)
    } else {
        Diagnostic::error(codes::ARGO_OUTPUT, &place, message)
    };
    let diagnostic = diagnostic.also(&template.node.place.key(kind.key()), "the template type is set here");
    Some(diagnostic.help(expected(kind)))
}

/// Joins alternatives with "or".
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
    fn paths_that_leave_their_directory_are_found() {
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
