//! Declared types have values, and contain secrets and artifacts only where they can be tracked.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{EnumType, Place, Type};

use crate::check::ctx::Interface;

/// The context of a part of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    TopLevel,
    List,
    Fields,
}

pub(super) fn check(interface: &Interface<'_>, found: &mut Vec<Diagnostic>) {
    for (name, input) in interface.inputs {
        let place = interface.input_place(name).key("type");
        let subject = format!("input `{name}` of `{}`", interface.name);
        found.extend(
            problem(&input.r#type, Context::TopLevel).map(|problem| report(&subject, &problem, &place)),
        );
    }
    for (name, output) in interface.outputs {
        let place = interface.output_place(name).key("type");
        let subject = format!("output `{name}` of `{}`", interface.name);
        let secret = *output.r#type.present() == Type::Secret;
        let problem = if secret {
            Some("is a secret, which can only be passed to steps".to_owned())
        } else {
            problem(&output.r#type, Context::TopLevel)
        };
        found.extend(problem.map(|problem| report(&subject, &problem, &place)));
    }
}

fn report(subject: &str, problem: &str, place: &Place) -> Diagnostic {
    Diagnostic::error(codes::BAD_TYPE, place, format!("{subject} {problem}"))
}

/// Returns what is wrong with the type, as the end of a sentence.
fn problem(r#type: &Type, context: Context) -> Option<String> {
    match r#type {
        Type::String | Type::Integer | Type::Float | Type::Boolean | Type::Any => None,
        Type::Secret if context == Context::TopLevel => None,
        Type::Secret => Some("contains a secret in another type".to_owned()),
        Type::Artifact(_) if context != Context::Fields => None,
        Type::Artifact(_) => Some("contains an artifact in a struct or map".to_owned()),
        Type::Option(inner) if inner.is_option() => Some("is an option inside an option".to_owned()),
        Type::Option(inner) => problem(inner, context),
        Type::List(inner) if context == Context::Fields => problem(inner, Context::Fields),
        Type::List(inner) => problem(inner, Context::List),
        Type::Map(inner) => problem(inner, Context::Fields),
        Type::Struct(structure) => {
            structure.fields.values().find_map(|field| problem(&field.r#type, Context::Fields))
        }
        Type::Enum(choice) => enum_problem(choice),
    }
}

fn enum_problem(choice: &EnumType) -> Option<String> {
    let EnumType { name, variants } = choice;
    if variants.is_empty() {
        return Some(format!("has the enum type `{name}`, which has no variants"));
    }
    let duplicate = variants.iter().enumerate().find(|(idx, variant)| variants[..*idx].contains(variant));
    duplicate.map(|(_, variant)| format!("has the enum type `{name}` with a duplicate variant `{variant}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn invalid_types_are_rejected() {
        for (r#type, problem) in [
            (json!({"enum": {"name": "E", "variants": []}}), "has the enum type `E`, which has no variants"),
            (
                json!({"enum": {"name": "E", "variants": ["a", "a"]}}),
                "has the enum type `E` with a duplicate variant `a`",
            ),
            (json!({"list": "secret"}), "contains a secret in another type"),
            (
                json!({"map": {"artifact": {"name": "system.Model", "version": "0.0.1"}}}),
                "contains an artifact in a struct or map",
            ),
            (json!({"option": {"option": "string"}}), "is an option inside an option"),
        ] {
            check_with(
                &[("tasks", json!([load()])), ("/pipelines/0/inputs/limit/type", r#type)],
                &[&format!("KFP0315 /pipelines/0/inputs/limit/type: input `limit` of `demo` {problem}")],
            );
        }
    }
}
