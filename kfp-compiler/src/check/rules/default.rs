//! Defaults have the types of their inputs.

use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Type, ValueMismatch};

use super::phrases::{article, nearest_variant, part, shown};
use crate::check::ctx::Interface;

pub(super) fn check(interface: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    for (name, input) in interface.inputs {
        let Some(default) = &input.default else { continue };
        let place = interface.input_place(name).key("default");
        if input.r#type.artifact().is_some() && !default.is_null() {
            let message =
                format!("input `{name}` of `{}` is an artifact and cannot have a default", interface.name);
            found.push(
                Diagnostic::error(codes::DEFAULT_TYPE, &place, message).label("not allowed for an artifact"),
            );
        } else if let Some(mismatch) = input.r#type.mismatch(default) {
            let input = format!("`{name}` of `{}`", interface.name);
            found.push(wrong(&input, name, &mismatch, &place));
        }
    }
}

fn wrong(input: &str, name: &str, mismatch: &ValueMismatch<'_>, place: &Place) -> Diagnostic {
    let ValueMismatch { path, expected, found } = mismatch;
    let (place, part) = (path.place(place), part(name, path));
    if let (Type::Enum(choice), Some(text)) = (expected.present(), found.as_str()) {
        let message = format!(
            "invalid default of {input}: expected one of {}{part}, found `{text}`",
            list(&choice.variants)
        );
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VARIANT, &place, message)
            .label(format!("not a variant of `{}`", choice.name));
        return nearest_variant(diagnostic, text, &choice.variants);
    }
    let message = format!(
        "invalid default of {input}: expected {} `{expected}`{part}, found {}",
        article(expected),
        shown(found)
    );
    Diagnostic::error(codes::DEFAULT_TYPE, &place, message).label(format!("expected `{expected}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn defaults_have_the_type_of_their_input() {
        check_with(
            &[
                ("tasks", json!([load()])),
                ("/pipelines/0/inputs/count/default", json!(1.5)),
                ("/pipelines/0/inputs/mode/default", json!("fats")),
                ("/components/load/inputs/path/default", json!(5)),
                ("/pipelines/0/inputs/rates/default", json!([0.1, "high"])),
            ],
            &[
                "KFP0303 /components/load/inputs/path/default: invalid default of `path` of `load`: expected a `String`, found \
                 `5`",
                "KFP0303 /pipelines/0/inputs/count/default: invalid default of `count` of `demo`: expected an `i64`, found \
                 `1.5`",
                "KFP0304 /pipelines/0/inputs/mode/default: invalid default of `mode` of `demo`: expected one of \
                 `fast` and `exact`, found `fats`",
                "KFP0303 /pipelines/0/inputs/rates/default/1: invalid default of `rates` of `demo`: expected an \
                 `f64` in `rates[1]`, found `\"high\"`",
            ],
        );
    }
}
