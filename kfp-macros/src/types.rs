//! Inspection of types by their tokens, which is all that macros see.

use quote::ToTokens;
use syn::visit::Visit;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypePath};

use crate::problems::Problems;

/// Common types that are not parameter types.
const UNSUPPORTED: [&str; 14] = [
    "i8", "i16", "i128", "isize", "u8", "u16", "u64", "u128", "usize", "char", "HashMap", "HashSet",
    "PathBuf", "Duration",
];

/// The parameter types, for messages.
pub(crate) const PARAMETERS: &str = "`String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, \
     `serde_json::Value`, `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with \
     `#[derive(Param)]`";

/// Returns `T` if the type is `name<T>` or `path::name<T>`.
pub(crate) fn inside<'a>(r#type: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(TypePath { qself: None, path, .. }) = ungrouped(r#type) else { return None };
    let last = path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == name => Some(inner),
        _ => None,
    }
}

/// Returns the type with every `name<T>` in it replaced by `T`.
pub(crate) fn without(r#type: &Type, name: &str) -> Type {
    if let Some(inner) = inside(r#type, name) {
        return without(inner, name);
    }
    let mut r#type = r#type.clone();
    if let Type::Path(TypePath { path, .. }) = &mut r#type
        && let Some(last) = path.segments.last_mut()
        && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
    {
        for argument in &mut arguments.args {
            if let GenericArgument::Type(inner) = argument {
                *inner = without(inner, name);
            }
        }
    }
    r#type
}

/// Whether the type contains the identifier `name`.
pub(crate) fn mentions(r#type: &Type, name: &str) -> bool {
    idents(r#type).iter().any(|ident| ident == name)
}

/// Returns all identifiers in the type.
pub(crate) fn idents(r#type: &Type) -> Vec<String> {
    struct Idents(Vec<String>);
    impl<'ast> Visit<'ast> for Idents {
        fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
            self.0.push(ident.to_string());
        }
    }
    let mut idents = Idents(Vec::new());
    idents.visit_type(r#type);
    idents.0
}

/// Returns the last identifier of the type, if it is a path.
pub(crate) fn last_ident(r#type: &Type) -> Option<String> {
    match ungrouped(r#type) {
        Type::Path(TypePath { path, .. }) => path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Whether the type is a built-in parameter type, so that it cannot be a struct of several outputs.
pub(crate) fn is_plain(r#type: &Type) -> bool {
    let plain = ["String", "bool", "i32", "i64", "u32", "f32", "f64", "Vec", "BTreeMap", "Option"];
    last_ident(r#type).is_some_and(|ident| plain.contains(&ident.as_str()))
}

/// Whether the type consists of built-in parameter types only.
pub(crate) fn is_built_in(r#type: &Type) -> bool {
    let names = ["String", "bool", "i32", "i64", "u32", "f32", "f64", "Vec", "BTreeMap", "Option", "Json"];
    let paths = ["std", "core", "alloc", "collections", "string", "vec", "option", "kfp_sdk", "__private"];
    idents(r#type).iter().all(|ident| names.contains(&ident.as_str()) || paths.contains(&ident.as_str()))
}

/// Returns the return type without `Result`, and whether it was a `Result`.
pub(crate) fn returned(output: &ReturnType) -> (Type, bool) {
    match output {
        ReturnType::Default => (syn::parse_quote!(()), false),
        ReturnType::Type(_, r#type) => match inside(r#type, "Result") {
            Some(inner) => (inner.clone(), true),
            None => ((**r#type).clone(), false),
        },
    }
}

/// Returns the type in the usual formatting.
pub(crate) fn spelled(r#type: &Type) -> String {
    let text = r#type.to_token_stream().to_string();
    [(" :: ", "::"), (" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ",")]
        .into_iter()
        .fold(text, |text, (apart, together)| text.replace(apart, together))
}

/// Whether the type is `()`.
pub(crate) fn is_unit(r#type: &Type) -> bool {
    matches!(ungrouped(r#type), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Returns an error message if the tokens show that a pipeline cannot carry values of the type.
pub(crate) fn unsupported(r#type: &Type) -> Option<String> {
    let error = |what: &str| Some(format!("{what}; parameter types are {PARAMETERS}"));
    match ungrouped(r#type) {
        Type::Reference(reference) => match last_ident(&reference.elem).as_deref() {
            Some("str") => Some("a step must own its parameters: use `String`".to_owned()),
            _ => error("a step must own its parameters: use a type without `&`"),
        },
        Type::ImplTrait(_) => error("`impl Trait` cannot be a parameter type: name the type"),
        Type::Path(_) => {
            let found = idents(r#type).into_iter().find(|ident| UNSUPPORTED.contains(&ident.as_str()))?;
            let hint = match found.as_str() {
                "HashMap" => "a pipeline cannot carry a `HashMap`: use `BTreeMap<String, T>`".to_owned(),
                "i8" | "i16" | "u8" | "u16" => {
                    format!("a pipeline cannot carry values of type `{found}`: use `i32`")
                }
                "PathBuf" => {
                    "a pipeline cannot carry values of type `PathBuf`: use `String` or an artifact".to_owned()
                }
                _ => format!("a pipeline cannot carry values of type `{found}`"),
            };
            error(&hint)
        }
        Type::Tuple(tuple) if !tuple.elems.is_empty() => error("a pipeline cannot carry tuples"),
        Type::Array(_) => error("a pipeline cannot carry arrays: use `Vec<T>`"),
        Type::Tuple(_) => error("a pipeline cannot carry `()`"),
        Type::FnPtr(_)
        | Type::Ptr(_)
        | Type::Slice(_)
        | Type::TraitObject(_)
        | Type::Never(_)
        | Type::Infer(_) => error("a pipeline cannot carry values of this type"),
        _ => None,
    }
}

/// Reports a field of a struct if the tokens show that its type is not a parameter type. Returns whether it may be one.
pub(crate) fn accept_field(r#type: &Type, problems: &mut Problems) -> bool {
    let message = if ["Input", "Output"].iter().any(|artifact| inside(r#type, artifact).is_some()) {
        Some("an artifact cannot be a field: make it a parameter, such as `model: Output<Model>`".to_owned())
    } else {
        unsupported(r#type)
    };
    if let Some(message) = &message {
        problems.at(r#type, message);
    }
    message.is_none()
}

/// Returns the type without the invisible groups that `macro_rules` adds.
fn ungrouped(r#type: &Type) -> &Type {
    match r#type {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;

    #[track_caller]
    fn parse(text: &str) -> Type {
        parse_str(text).unwrap()
    }

    #[test]
    fn wrappers_are_removed() {
        let strip =
            |text: &str| without(&parse(text), "Input").to_token_stream().to_string().replace(' ', "");
        assert_eq!(strip("Input<Dataset>"), "Dataset");
        assert_eq!(strip("Vec<kfp_sdk::Input<Model>>"), "Vec<Model>");
        assert_eq!(strip("Option<f64>"), "Option<f64>");
    }

    #[test]
    fn types_have_the_usual_formatting() {
        for text in ["f64", "BTreeMap<String, Vec<f64>>", "Option<kfp_sdk::Input<Model>>"] {
            assert_eq!(spelled(&parse(text)), text);
        }
    }

    #[test]
    fn unsupported_types_have_suggestions() {
        for (text, expect) in [
            ("&str", "a step must own its parameters: use `String`"),
            ("Vec<u64>", "a pipeline cannot carry values of type `u64`; parameter types are"),
            ("HashMap<String, f64>", "a pipeline cannot carry a `HashMap`: use `BTreeMap<String, T>`"),
            ("impl Into<String>", "`impl Trait` cannot be a parameter type: name the type"),
            ("[f64; 3]", "use `Vec<T>`"),
        ] {
            let message = unsupported(&parse(text)).unwrap_or_default();
            assert!(message.contains(expect), "{text}: {message}");
        }
        assert!(unsupported(&parse("Vec<Trial>")).is_none());
    }
}
