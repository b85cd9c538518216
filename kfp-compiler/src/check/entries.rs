//! The entry pipelines of a document.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Callee, Document, Pipeline};

use super::calls::for_each_callee;

/// Returns the pipelines that no other pipeline calls, in the order of the document. Of pipelines that call only each
/// other in a cycle, it returns the first.
///
/// All other pipelines are compiled as parts of these. Some can be compiled for Argo only as part of a caller.
pub fn entries(document: &Document) -> Vec<&Pipeline> {
    let callees: BTreeMap<&str, BTreeSet<&str>> =
        document.pipelines.iter().map(|pipeline| (pipeline.name.as_str(), callees(pipeline))).collect();
    let by_others = |(caller, called): (&&str, &BTreeSet<&str>)| {
        called.iter().copied().filter(|name| name != caller).map(str::to_owned).collect::<Vec<_>>()
    };
    let called: BTreeSet<String> = callees.iter().flat_map(by_others).collect();
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    let mut entries: BTreeSet<usize> = BTreeSet::new();
    for is_called in [false, true] {
        for (idx, pipeline) in document.pipelines.iter().enumerate() {
            let name = pipeline.name.as_str();
            if called.contains(name) != is_called || covered.contains(name) {
                continue;
            }
            entries.insert(idx);
            let mut open = vec![name];
            while let Some(name) = open.pop() {
                if covered.insert(name) {
                    open.extend(callees.get(name).into_iter().flatten());
                }
            }
        }
    }
    entries.into_iter().map(|idx| &document.pipelines[idx]).collect()
}

fn callees(pipeline: &Pipeline) -> BTreeSet<&str> {
    let mut callees = BTreeSet::new();
    for_each_callee(&pipeline.root, &mut |callee| {
        if let Callee::Pipeline(name) = callee {
            callees.insert(name.as_str());
        }
    });
    callees
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn called_pipelines_are_not_entries() {
        for (calls, expected) in [
            (vec![("a", vec!["b"]), ("b", vec![]), ("c", vec!["b"])], vec!["a", "c"]),
            (vec![("b", vec![]), ("a", vec!["a", "b"])], vec!["a"]),
            (vec![("a", vec!["b"]), ("b", vec!["a"])], vec!["a"]),
            (vec![("a", vec!["b"]), ("b", vec!["a"]), ("c", vec!["b"]), ("d", vec![])], vec!["c", "d"]),
        ] {
            let pipeline = |(name, callees): &(&str, Vec<&str>)| {
                let call = |callee: &&str| json!({"id": *callee, "name": *callee, "kind": {"call": {"callee": {"pipeline": *callee}}}});
                json!({"name": *name, "root": {"tasks": callees.iter().map(call).collect::<Vec<_>>()}})
            };
            let pipelines: Vec<Value> = calls.iter().map(pipeline).collect();
            let document = json!({"schema_version": 1, "components": {}, "pipelines": pipelines});
            let document: Document = serde_json::from_value(document).unwrap();
            let names: Vec<&str> = entries(&document).into_iter().map(|entry| entry.name.as_str()).collect();
            assert_eq!(names, expected, "{calls:?}");
        }
    }
}
