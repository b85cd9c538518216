//! Names of inputs and outputs are identifiers that can be told apart on the target.

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
        if !is_identifier(name) {
            let message = format!("`{name}` is no name for an {noun} of `{}`", interface.name);
            let diagnostic = Diagnostic::error(codes::BAD_NAME, &place(name), message);
            found.push(diagnostic.label("a letter or `_`, then letters, digits and `_` are allowed"));
        } else if let Some(earlier) = taken.insert(name.to_ascii_lowercase(), name) {
            let message =
                format!("the {noun}s `{earlier}` and `{name}` of `{}` differ in case only", interface.name);
            let diagnostic = Diagnostic::error(codes::COLLIDING_NAMES, &place(name), message);
            found.push(diagnostic.label("the name is taken").also(&place(earlier), "the first one is here"));
        }
    }
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
                "KFP0505 /components/load/outputs/2nd: `2nd` is no name for an output of `load`",
                "KFP0504 /components/load/outputs/rows: the outputs `Rows` and `rows` of `load` differ in case \
                 only",
                "KFP0505 /pipelines/0/inputs/data-path: `data-path` is no name for an input of `demo`",
            ],
        );
    }
}
