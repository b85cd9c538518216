//! The stores that an import may read from.

use std::collections::BTreeSet;

use kfp_model::{ConcatPart, Expression, Import, TaskKind};
use serde_json::Value;

use crate::check::{Checked, Program};
use crate::lower::options::{Options, PipelineRoot, Store};

/// The name of the output of an import.
pub(in crate::lower) const ARTIFACT: &str = "artifact";
/// The inputs of the step that copies an artifact, as JSON texts.
pub(in crate::lower) const INPUTS: [&str; 4] = ["metadata", "name", "type", "uri"];

/// The possible locations of an imported artifact.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::lower) struct Places<'o> {
    /// Whether it may be below the pipeline root.
    pub(in crate::lower) root: bool,
    /// The stores that may contain it, by name.
    pub(in crate::lower) stores: Vec<(&'o str, &'o Store)>,
    /// Whether it is known at compile time which store contains it.
    pub(in crate::lower) is_certain: bool,
}

impl<'o> Places<'o> {
    /// Returns the locations that the URI may refer to, as far as it is known at compile time.
    pub(in crate::lower) fn of(options: &'o Options, import: &Import) -> Self {
        let (start, is_whole) = known_start(&import.uri);
        let root = options.pipeline_root.as_ref().is_some_and(|root| may_be_below(root, start, is_whole));
        let is_below =
            options.pipeline_root.as_ref().is_some_and(|root| start.starts_with(&format!("{root}/")));
        let fits = |store: &Store| {
            let prefix = format!("{}://", store.scheme);
            start.starts_with(&prefix) || (!is_whole && prefix.starts_with(start))
        };
        let stores = options.stores.iter().filter(|(_, store)| !is_below && fits(store));
        let stores: Vec<_> = stores.map(|(name, store)| (name.as_str(), store)).collect();
        let is_certain = !root && !stores.is_empty() && start.contains("://");
        Self { root, stores, is_certain }
    }

    /// Whether there is no possible location.
    pub(in crate::lower) fn is_empty(&self) -> bool {
        !self.root && self.stores.is_empty()
    }
}

fn may_be_below(root: &PipelineRoot, start: &str, is_whole: bool) -> bool {
    let folder = format!("{root}/");
    start.starts_with(&folder) || (!is_whole && folder.starts_with(start))
}

/// Returns the constant start of the URI, and whether it is the whole URI.
pub(in crate::lower) fn known_start(uri: &Expression) -> (&str, bool) {
    match uri {
        Expression::Constant(Value::String(uri)) => (uri, true),
        Expression::Concat(parts) => match parts.first() {
            Some(ConcatPart::Literal(start)) => (start, parts.len() == 1),
            _ => ("", false),
        },
        _ => ("", false),
    }
}

/// Returns the names of the stores that imports in the pipelines may read from.
pub(in crate::lower) fn used<'o>(
    program: &Program<'_>,
    options: &'o Options,
) -> impl Iterator<Item = &'o str> {
    let nodes = program.pipelines().flat_map(Checked::nodes);
    let names: BTreeSet<&str> = nodes
        .filter_map(|node| match &node.task.kind {
            TaskKind::Import(import) => Some(Places::of(options, import).stores),
            _ => None,
        })
        .flatten()
        .map(|(name, _)| name)
        .collect();
    names.into_iter()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_start_of_a_uri_determines_its_locations() {
        let stores = [("lake", "lake"), ("minio", "s3")];
        let stores = stores.map(|(name, scheme)| (name.to_owned(), Store::new(scheme))).into();
        let root = Some("s3://bucket/team".parse().unwrap());
        let options = Options { stores, pipeline_root: root, ..Options::default() };
        let text =
            |start: &str| json!({"concat": [{"literal": start}, {"value": {"reference": {"input": "x"}}}]});
        for (uri, expect) in [
            (json!({"constant": "s3://bucket/team/a"}), "root"),
            (json!({"constant": "s3://bucket/teams"}), "minio"),
            (json!({"constant": "lake://a/b"}), "lake"),
            (json!({"constant": "gs://a/b"}), ""),
            (json!({"constant": "s3:"}), ""),
            (json!({"reference": {"input": "x"}}), "root lake minio"),
            (text("s3://"), "root minio"),
            (text("s3://bucket/team/"), "root"),
            (text("s3://other/"), "minio"),
            (text("l"), "lake"),
            (text("gs://"), ""),
        ] {
            let import =
                json!({"uri": uri, "type": {"artifact": {"name": "system.Dataset", "version": "0.0.1"}}});
            let import: Import = serde_json::from_value(import).unwrap();
            let places = Places::of(&options, &import);
            let names =
                places.root.then_some("root").into_iter().chain(places.stores.iter().map(|(name, _)| *name));
            assert_eq!(names.collect::<Vec<_>>().join(" "), expect, "{uri}");
        }
    }
}
