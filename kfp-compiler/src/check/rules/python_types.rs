//! Annotations of Python parameters match the declared types (a warning, because Python does not enforce annotations).

use kfp_diag::{Diagnostic, codes};
use kfp_model::{Component, Implementation, Place, Type};

use super::phrases::article;
use super::python::declared;

/// The names of plain types. Other annotations are not checked.
const PLAIN: [&str; 8] = ["str", "int", "float", "bool", "list", "List", "dict", "Dict"];

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Python(step) = &component.implementation else { return };
    for parameter in declared(step).unwrap_or_default() {
        let Some(input) = component.inputs.get(parameter.name) else { continue };
        let Some(name) = parameter.annotation.and_then(plain_type) else { continue };
        if takes(name, input.r#type.present()) {
            continue;
        }
        let message = format!(
            "parameter `{}` of `{}` in `{}` is annotated `{name}`, but receives {} `{}`",
            parameter.name,
            step.function,
            step.file,
            article(&input.r#type),
            input.r#type
        );
        let place = place.key("inputs").key(parameter.name);
        let diagnostic = Diagnostic::warning(codes::PYTHON_PARAMETERS, &place, message);
        found.push(diagnostic.label(format!("declared `{}` here", input.r#type)));
    }
}

/// Returns the plain type that the annotation names, ignoring `Optional` and `None`.
fn plain_type(annotation: &str) -> Option<&str> {
    let annotation = annotation.trim_matches(['"', '\'']);
    let inner = annotation.strip_prefix("Optional[").and_then(|rest| rest.strip_suffix(']'));
    let either = inner.unwrap_or(annotation).split('|').map(str::trim).filter(|part| *part != "None");
    let mut names = either.map(|part| part.split('[').next().unwrap_or_default().trim());
    let name = names.next()?;
    (names.next().is_none() && PLAIN.contains(&name)).then_some(name)
}

/// Whether a parameter of that Python type accepts values of the declared type.
fn takes(name: &str, declared: &Type) -> bool {
    match declared {
        // An artifact is passed as its path.
        Type::String | Type::Enum(_) | Type::Secret | Type::Artifact(_) => name == "str",
        Type::Integer => matches!(name, "int" | "float"),
        Type::Float => name == "float",
        Type::Boolean => name == "bool",
        Type::List(_) => matches!(name, "list" | "List"),
        Type::Map(_) | Type::Struct(_) => matches!(name, "dict" | "Dict"),
        Type::Any | Type::Option(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_types_are_known() {
        for (annotation, expect) in [
            ("int", Some("int")),
            ("Optional[float]", Some("float")),
            ("str | None", Some("str")),
            ("List[int]", Some("List")),
            ("'bool'", Some("bool")),
            ("int | str", None),
            ("np.ndarray", None),
            ("Input[Dataset]", None),
        ] {
            assert_eq!(plain_type(annotation), expect, "{annotation}");
        }
        assert!(takes("float", &Type::Integer) && !takes("int", &Type::Float));
    }
}
