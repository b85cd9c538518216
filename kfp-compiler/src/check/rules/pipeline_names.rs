//! The pipelines of a document have different names.

use std::collections::BTreeMap;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Document, Place};

use crate::check::calls::CallGraph;

pub(super) fn check(document: &Document, _calls: &CallGraph<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, Place> = BTreeMap::new();
    for (idx, pipeline) in document.pipelines.iter().enumerate() {
        let place = Place::root().key("pipelines").index(idx).key("name");
        match first.get(pipeline.name.as_str()) {
            None => {
                first.insert(&pipeline.name, place);
            }
            Some(earlier) => {
                let message = format!("duplicate pipeline name `{}`", pipeline.name);
                let diagnostic = Diagnostic::error(codes::DUPLICATE_PIPELINE, &place, message);
                found.push(diagnostic.label("duplicate name").also(earlier, "first defined here"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{base, check_with, load};

    #[test]
    fn names_are_unique() {
        let again = base()["pipelines"][0].clone();
        check_with(
            &[("tasks", json!([load()])), ("/pipelines/1", again)],
            &["KFP0508 /pipelines/1/name: duplicate pipeline name `demo`"],
        );
    }
}
