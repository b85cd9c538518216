//! Declared types have values, and hold secrets and artifacts only where these can be followed.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{EnumType, Place, Type};

use crate::check::ctx::Interface;

/// What a part of a type stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    List,
    Fields,
}

pub(super) fn check(interface: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    for (name, input) in interface.inputs {
        let place = interface.input_place(name).key("type");
        let subject = format!("input `{name}` of `{}`", interface.name);
        found.extend(
            problem(&input.r#type, Around::Nothing).map(|problem| report(&subject, &problem, &place)),
        );
    }
    for (name, output) in interface.outputs {
        let place = interface.output_place(name).key("type");
        let subject = format!("output `{name}` of `{}`", interface.name);
        let secret = *output.r#type.present() == Type::Secret;
        let problem = if secret {
            Some("is a secret, which is only ever given to steps".to_owned())
        } else {
            problem(&output.r#type, Around::Nothing)
        };
        found.extend(problem.map(|problem| report(&subject, &problem, &place)));
    }
}

fn report(subject: &str, problem: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(codes::BAD_TYPE, place, format!("{subject} {problem}"))
}

/// What is wrong with the type, if anything is, as the end of a sentence.
fn problem(r#type: &Type, around: Around) -> Option<String> {
    match r#type {
        Type::String | Type::Integer | Type::Float | Type::Boolean | Type::Any => None,
        Type::Secret if around == Around::Nothing => None,
        Type::Secret => Some("holds a secret, which stands alone".to_owned()),
        Type::Artifact(_) if around != Around::Fields => None,
        Type::Artifact(_) => Some("holds an artifact in a struct or map".to_owned()),
        Type::Option(inner) if inner.is_option() => Some("is an option of an option".to_owned()),
        Type::Option(inner) => problem(inner, around),
        Type::List(inner) if around == Around::Fields => problem(inner, Around::Fields),
        Type::List(inner) => problem(inner, Around::List),
        Type::Map(inner) => problem(inner, Around::Fields),
        Type::Struct(structure) => {
            structure.fields.values().find_map(|field| problem(&field.r#type, Around::Fields))
        }
        Type::Enum(choice) => enum_problem(choice),
    }
}

fn enum_problem(choice: &EnumType) -> Option<String> {
    let EnumType { name, variants } = choice;
    if variants.is_empty() {
        return Some(format!("is of the enum `{name}`, which allows no text"));
    }
    let twice = variants.iter().enumerate().find(|(idx, variant)| variants[..*idx].contains(variant));
    twice.map(|(_, variant)| format!("is of the enum `{name}`, which has `{variant}` twice"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn types_without_values_are_refused() {
        for (r#type, problem) in [
            (json!({"enum": {"name": "E", "variants": []}}), "is of the enum `E`, which allows no text"),
            (
                json!({"enum": {"name": "E", "variants": ["a", "a"]}}),
                "is of the enum `E`, which has `a` twice",
            ),
            (json!({"list": "secret"}), "holds a secret, which stands alone"),
            (
                json!({"map": {"artifact": {"name": "system.Model", "version": "0.0.1"}}}),
                "holds an artifact in a struct or map",
            ),
            (json!({"option": {"option": "string"}}), "is an option of an option"),
        ] {
            check_with(
                &[("tasks", json!([load()])), ("/pipelines/0/inputs/limit/type", r#type)],
                &[&format!("KFP0315 /pipelines/0/inputs/limit/type: input `limit` of `demo` {problem}")],
            );
        }
    }
}
