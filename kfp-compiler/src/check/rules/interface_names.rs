//! Names of inputs and outputs are identifiers that stay distinct in the workflow.

use std::collections::BTreeMap;

use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::check::ctx::Interface;

pub(super) fn check(interface: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    let inputs: Vec<&str> = interface.inputs.keys().map(String::as_str).collect();
    names("input", &inputs, |name| interface.input_place(name), interface, found);
    let outputs: Vec<&str> = interface.outputs.keys().map(String::as_str).collect();
    names("output", &outputs, |name| interface.output_place(name), interface, found);
}

fn names(
    noun: &str,
    names: &[&str],
    place: impl Fn(&str) -> Place,
    interface: &Interface<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for name in names {
        if let Some(invalid) = identifier(noun, name, interface.name, &place(name)) {
            found.push(invalid);
        } else if let Some(earlier) = taken.insert(name.to_ascii_lowercase(), name) {
            let message =
                format!("{noun}s `{earlier}` and `{name}` of `{}` differ only in case", interface.name);
            let diagnostic = Diagnostic::error(codes::COLLIDING_NAMES, &place(name), message);
            found.push(diagnostic.label("conflicting name").also(&place(earlier), "first defined here"));
        }
    }
}

/// Reports a name that is not an identifier. `owner` is the name of what defines it.
pub(super) fn identifier(noun: &str, name: &str, owner: &str, place: &Place) -> Option<Diagnostic> {
    (!is_identifier(name)).then(|| {
        let message = format!("invalid {noun} name `{name}` of `{owner}`");
        Diagnostic::error(codes::BAD_NAME, place, message)
            .label("expected letters, digits and `_`, not starting with a digit")
    })
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn names_are_identifiers() {
        check_with(
            &[
                ("tasks", json!([load()])),
                ("/components/load/outputs/Rows", json!({"type": "string"})),
                ("/components/load/outputs/2nd", json!({"type": "string"})),
                ("/pipelines/0/inputs/data-path", json!({"type": "string"})),
            ],
            &[
                "KFP0505 /components/load/outputs/2nd: invalid output name `2nd` of `load`",
                "KFP0504 /components/load/outputs/rows: outputs `Rows` and `rows` of `load` differ only in \
                 case",
                "KFP0505 /pipelines/0/inputs/data-path: invalid input name `data-path` of `demo`",
            ],
        );
    }
}
