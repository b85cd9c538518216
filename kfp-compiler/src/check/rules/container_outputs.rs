//! Output artifacts of plain containers are not optional, because nothing in them reports a missing one.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place};

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    if !matches!(component.implementation, Implementation::Container(_)) {
        return;
    }
    for (name, output) in &component.outputs {
        if output.r#type.is_option() && output.r#type.artifact().is_some() {
            let message = format!(
                "output artifact `{name}` of plain container `{}` cannot be optional",
                component.name
            );
            let place = place.key("outputs").key(name).key("type");
            let diagnostic = Diagnostic::error(codes::CONTAINER_OUTPUT, &place, message);
            found.push(
                diagnostic
                    .label(format!("this is `{}`", output.r#type))
                    .help("have the container write an empty file, or use a Rust or Python step"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn artifacts_of_containers_are_not_optional() {
        let table = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
        let optional = json!({"rows": {"type": {"option": "integer"}}, "table": {"type": {"option": table}}});
        check_with(
            &[("tasks", json!([load()])), ("/components/load/outputs", optional.clone())],
            &[
                "KFP0316 /components/load/outputs/table/type: output artifact `table` of plain container `load` \
               cannot be optional",
            ],
        );
        check_with(
            &[
                ("tasks", json!([load()])),
                ("/components/load/outputs", optional),
                ("/components/load/implementation", json!({"rust": {}})),
            ],
            &[],
        );
    }
}
