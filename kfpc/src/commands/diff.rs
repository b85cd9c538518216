//! `kfpc diff`: compares two versions of a pipeline or manifest, and lists which steps run again.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::anyhow;
use kfp_compiler::diff::{Change, ChangeKind, Difference, Subject, diff, diff_manifests, markdown, text};
use kfp_diag::source::{Manifests, manifests};
use kfp_model::{Call, Callee, Pipeline, TaskKind};
use serde_json::Value;

use crate::Outcome;
use crate::advice::advised;
use crate::arguments::{DiffArguments, DifferenceFormat, PackageArguments};
use crate::document::Document;
use crate::printer::Printer;
use crate::reporter::Reporter;
use crate::revision::{self, Checkout};
use crate::source::{self, Text};

/// One of the two versions.
enum Side {
    Document(Box<Document>),
    Manifests(Manifests),
}

pub(crate) fn diff_sources(arguments: &DiffArguments, printer: &Printer) -> anyhow::Result<Outcome> {
    require_two_files(arguments)?;
    let reporter = Reporter::for_terminal(printer);
    let before = side(arguments, Some(&arguments.before), &reporter)?;
    let after = side(arguments, arguments.after.as_deref(), &reporter)?;
    let (difference, is_described_alike) = match (before, after) {
        (Side::Document(before), Side::Document(after)) => {
            let difference = documents(&before, &after, arguments.pipeline.as_deref(), &reporter)?;
            (difference, descriptions(before.model()) == descriptions(after.model()))
        }
        (Side::Manifests(before), Side::Manifests(after)) => (diff_manifests(&before, &after), true),
        _ => {
            return Err(advised(
                "cannot compare a pipeline with an Argo manifest",
                "compile the pipeline first, and compare the two manifests",
            ));
        }
    };
    match arguments.format {
        DifferenceFormat::Text => printer.text(&text(&difference)),
        DifferenceFormat::Markdown => printer.text(&markdown(&difference)),
        DifferenceFormat::Json => printer.json(&difference)?,
    }
    if difference.is_empty() {
        printer.info(if is_described_alike { "No differences" } else { "Only descriptions have changed" });
        return Ok(Outcome::Success);
    }
    Ok(Outcome::Failed)
}

/// Reads one version. With a cargo package, it is a revision; `None` is the working tree.
fn side(arguments: &DiffArguments, name: Option<&str>, reporter: &Reporter<'_>) -> anyhow::Result<Side> {
    let name = match name {
        Some(name) if !compares_revisions(arguments) => name,
        revision => {
            let checkout = revision.map(Checkout::of).transpose()?;
            let folder = checkout.as_ref().map(Checkout::working_folder);
            return read(source::package(folder, &arguments.package, None, reporter)?, reporter);
        }
    };
    let is_here = name == "-" || Path::new(name).exists();
    match if is_here { None } else { revision::file(name)? } {
        Some(bytes) => read(Text::without_file(name, bytes), reporter),
        None => match name.split_once(':').filter(|(revision, _)| !is_here && !revision.is_empty()) {
            Some((revision, _)) => Err(advised(
                format!(
                    "cannot read `{name}`: the file does not exist, and the revision `{revision}` is unknown"
                ),
                "pass the path of a file, or `REVISION:PATH` in a Git repository",
            )),
            None => read(source::file(Path::new(name), None, reporter)?, reporter),
        },
    }
}

/// Returns all descriptions in a document, in any order.
fn descriptions(document: &kfp_model::Document) -> Vec<String> {
    let mut found = Vec::new();
    let mut values = vec![serde_json::to_value(document).unwrap_or_default()];
    while let Some(value) = values.pop() {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    match member {
                        Value::String(text) if key == "description" => found.push(text),
                        member => values.push(member),
                    }
                }
            }
            Value::Array(items) => values.extend(items),
            _ => {}
        }
    }
    found.sort();
    found
}

/// Refuses a single file, which is not a revision of a package, and two versions from standard input.
fn require_two_files(arguments: &DiffArguments) -> anyhow::Result<()> {
    let name = &arguments.before;
    if name == "-" && arguments.after.as_deref() == Some("-") {
        return Err(advised(
            "cannot read both versions from standard input",
            "pass the path of a file, or `REVISION:PATH`, for one of them",
        ));
    }
    if arguments.after.is_none() && arguments.package.package.is_none() && Path::new(name).exists() {
        return Err(advised(
            format!("missing AFTER: `{name}` is a file"),
            "pass the later version, such as another file or `REVISION:PATH`",
        ));
    }
    Ok(())
}

/// Returns whether both sides are revisions of a package.
fn compares_revisions(arguments: &DiffArguments) -> bool {
    let PackageArguments { package, bin, example, release } = &arguments.package;
    arguments.after.is_none() || package.is_some() || bin.is_some() || example.is_some() || *release
}

fn read(text: Text, reporter: &Reporter<'_>) -> anyhow::Result<Side> {
    if text.binary.is_none()
        && let Ok(manifests) = manifests(&text.name, &text.bytes)
        && kfp_lint::is_argo(&manifests)
    {
        return Ok(Side::Manifests(manifests));
    }
    let name = text.name.clone();
    match Document::read(text) {
        Ok(document) if document.is_unbuilt() => {
            reporter.report(document.surroundings(), document.problems());
            Err(anyhow!("cannot compare `{name}`"))
        }
        Ok(document) => Ok(Side::Document(Box::new(document))),
        Err(rejected) => {
            reporter.report_all(&[reporter.rejected(&rejected)]);
            Err(anyhow!("cannot compare `{name}`"))
        }
    }
}

fn documents(
    before: &Document,
    after: &Document,
    chosen: Option<&str>,
    reporter: &Reporter<'_>,
) -> anyhow::Result<Difference> {
    let mut whole = Difference::default();
    for (old, new) in pairs(roots(before, chosen), roots(after, chosen)) {
        match (old, new) {
            (Some(old), Some(new)) => {
                let old = before
                    .check(Some(old), reporter)?
                    .ok_or_else(|| anyhow!("the earlier version of `{old}` has errors"))?;
                let new = after
                    .check(Some(new), reporter)?
                    .ok_or_else(|| anyhow!("the later version of `{new}` has errors"))?;
                let Difference { changes, effects } = diff(&old, &new);
                whole.changes.extend(changes);
                whole.effects.extend(effects);
            }
            (Some(old), None) => whole.changes.push(all_of(old, ChangeKind::Removed)),
            (None, Some(new)) => whole.changes.push(all_of(new, ChangeKind::Added)),
            (None, None) => {}
        }
    }
    // A pipeline that several others call is compared once for each caller.
    let mut seen = Vec::new();
    whole.changes.retain(|change| {
        !seen.contains(change) && {
            seen.push(change.clone());
            true
        }
    });
    Ok(whole)
}

fn all_of(name: &str, kind: ChangeKind) -> Change {
    Change { within: name.to_owned(), subject: Subject::Whole, kind, facts: Vec::new() }
}

/// Returns the pipelines to compare: the named one, or all that no other pipeline calls, as callees are compared with
/// their callers.
fn roots<'d>(document: &'d Document, chosen: Option<&str>) -> Vec<&'d str> {
    let pipelines = &document.model().pipelines;
    let called: BTreeSet<&str> = pipelines.iter().flat_map(called).collect();
    let names = pipelines.iter().map(|pipeline| pipeline.name.as_str());
    match chosen {
        Some(chosen) => names.filter(|name| *name == chosen).collect(),
        None => names.filter(|name| !called.contains(name)).collect(),
    }
}

/// Returns the other pipelines that a pipeline calls.
fn called(pipeline: &Pipeline) -> Vec<&str> {
    let mut found = Vec::new();
    let mut regions = vec![&pipeline.root];
    while let Some(region) = regions.pop() {
        for task in &region.tasks {
            regions.extend(task.regions());
            if let TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) = &task.kind
                && *name != pipeline.name
            {
                found.push(name.as_str());
            }
        }
    }
    found
}

/// Returns the pairs to compare: pipelines with the same name, or the only ones of each side.
fn pairs<'d>(before: Vec<&'d str>, after: Vec<&'d str>) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    if let ([old], [new]) = (before.as_slice(), after.as_slice()) {
        return vec![(Some(*old), Some(*new))];
    }
    let kept = after.iter().map(|new| (before.iter().find(|old| *old == new).copied(), Some(*new)));
    let gone = before.iter().filter(|old| !after.contains(old)).map(|old| (Some(*old), None));
    kept.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipelines_with_the_same_name_are_compared() {
        assert_eq!(pairs(vec!["a"], vec!["b"]), [(Some("a"), Some("b"))]);
        assert_eq!(
            pairs(vec!["a", "b"], vec!["b", "c"]),
            [(Some("b"), Some("b")), (None, Some("c")), (Some("a"), None)]
        );
    }
}
