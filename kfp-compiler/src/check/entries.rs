//! The pipelines of a document that are compiled by themselves.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Callee, Document, Pipeline};

use super::calls::for_each_callee;

/// Returns the pipelines that no other one calls, in the order of the document. Of pipelines that call each other in a
/// cycle and that nothing else calls, it is the first.
///
/// The others are parts of these, and what Argo cannot do with them alone, it may do where they are called.
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
    fn pipelines_that_others_call_are_parts_of_those() {
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
