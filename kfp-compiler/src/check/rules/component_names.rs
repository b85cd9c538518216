//! Called components have different names, unless they are identical.

use std::collections::BTreeMap;

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Document, Place};

use super::task_names::too_long;
use crate::check::calls::CallGraph;

pub(super) fn check(document: &Document, calls: &CallGraph<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, (&Component, Place)> = BTreeMap::new();
    for (id, component) in document.components.iter().filter(|(id, _)| calls.components.contains(id)) {
        let place = Place::root().key("components").key(&id.0).key("name");
        if !component.name.contains(|c: char| c.is_ascii_alphanumeric()) {
            let message = format!("invalid component name `{}`", component.name);
            let diagnostic = Diagnostic::error(codes::BAD_NAME, &place, message);
            found.push(diagnostic.label("expected at least one ASCII letter or digit"));
        }
        if let Some(start) = ["{{", "$("].into_iter().find(|start| component.name.contains(start)) {
            let message = format!("invalid component name `{}`", component.name);
            let diagnostic = Diagnostic::error(codes::BAD_NAME, &place, message);
            found
                .push(diagnostic.label(format!("contains `{start}`, which Argo or Kubernetes would expand")));
        }
        found.extend(too_long(&component.name, "component", &place));
        match first.get(component.name.as_str()) {
            None => {
                first.insert(&component.name, (component, place));
            }
            Some((other, _)) if *other == component => {}
            Some((_, earlier)) => {
                let message = format!("duplicate component name `{}`", component.name);
                let diagnostic = Diagnostic::error(codes::COMPONENT_CONFLICT, &place, message);
                found.push(
                    diagnostic
                        .label("a different component with the same name")
                        .also(earlier, "first defined here"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{base, call, check_with, input, load};

    #[test]
    fn names_that_would_be_expanded_are_rejected() {
        for start in ["{{", "$("] {
            let mut component = base()["components"]["load"].clone();
            component["name"] = json!(format!("load {start}x"));
            let expected = format!("KFP0505 /components/load/name: invalid component name `load {start}x`");
            check_with(&[("tasks", json!([load()])), ("/components/load", component)], &[&expected]);
        }
    }

    #[test]
    fn a_name_belongs_to_one_component() {
        let mut other = base()["components"]["load"].clone();
        let tasks = json!([load(), call("b", "load2", json!({"path": input("path")}))]);
        check_with(&[("tasks", tasks.clone()), ("/components/load2", other.clone())], &[]);
        other["description"] = json!("another one");
        check_with(
            &[("tasks", tasks), ("/components/load2", other)],
            &["KFP0506 /components/load2/name: duplicate component name `load`"],
        );
    }
}
