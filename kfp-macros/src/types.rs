//! What the tokens of a type tell: macros see no more of it.

use quote::ToTokens;
use syn::visit::Visit;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypePath};

use crate::problems::Problems;

/// The types that look like parameters and are none.
const UNSUPPORTED: [&str; 14] = [
    "i8", "i16", "i128", "isize", "u8", "u16", "u64", "u128", "usize", "char", "HashMap", "HashSet",
    "PathBuf", "Duration",
];

/// What can be a parameter, for messages.
pub(crate) const PARAMETERS: &str = "`String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, \
     `serde_json::Value`, `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with \
     `#[derive(Param)]`";

/// `T` of `name<T>`, whatever path leads to `name`.
pub(crate) fn inside<'a>(r#type: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(TypePath { qself: None, path, .. }) = ungrouped(r#type) else { return None };
    let last = path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == name => Some(inner),
        _ => None,
    }
}

/// The type with every `name<T>` in it replaced by `T`.
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

/// Whether `name<..>` stands anywhere in the type.
pub(crate) fn mentions(r#type: &Type, name: &str) -> bool {
    idents(r#type).iter().any(|ident| ident == name)
}

/// All the identifiers of the type.
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

/// The last identifier of the path that the type is.
pub(crate) fn last_ident(r#type: &Type) -> Option<String> {
    match ungrouped(r#type) {
        Type::Path(TypePath { path, .. }) => path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Whether the tokens tell that this is one value, and no struct of several ones.
pub(crate) fn is_plain(r#type: &Type) -> bool {
    let plain = ["String", "bool", "i32", "i64", "u32", "f32", "f64", "Vec", "BTreeMap", "Option"];
    last_ident(r#type).is_some_and(|ident| plain.contains(&ident.as_str()))
}

/// What is returned, without `Result`, and whether it stood in one.
pub(crate) fn returned(output: &ReturnType) -> (Type, bool) {
    match output {
        ReturnType::Default => (syn::parse_quote!(()), false),
        ReturnType::Type(_, r#type) => match inside(r#type, "Result") {
            Some(inner) => (inner.clone(), true),
            None => ((**r#type).clone(), false),
        },
    }
}

/// The type as people write it.
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

/// Why a value of the type cannot be given to a step or a pipeline, where the tokens tell.
pub(crate) fn refused(r#type: &Type) -> Option<String> {
    let refused = |what: &str| Some(format!("{what}; parameters are {PARAMETERS}"));
    match ungrouped(r#type) {
        Type::Reference(reference) => match last_ident(&reference.elem).as_deref() {
            Some("str") => Some("a step owns what it is given: use `String`".to_owned()),
            _ => refused("a step owns what it is given, so its parameters are no references"),
        },
        Type::ImplTrait(_) => refused("the type of a parameter is named, so `impl Trait` cannot be one"),
        Type::Path(_) => {
            let found = idents(r#type).into_iter().find(|ident| UNSUPPORTED.contains(&ident.as_str()))?;
            let hint = match found.as_str() {
                "HashMap" => "`HashMap` has no order: use `BTreeMap<String, T>`".to_owned(),
                "i8" | "i16" | "u8" | "u16" => {
                    format!("`{found}` is no type that a pipeline can carry: use `i32`")
                }
                "PathBuf" => {
                    "`PathBuf` is no type that a pipeline can carry: use `String`, or an artifact".to_owned()
                }
                _ => format!("`{found}` is no type that a pipeline can carry"),
            };
            refused(&hint)
        }
        Type::Tuple(tuple) if !tuple.elems.is_empty() => {
            refused("a tuple is no type that a pipeline can carry")
        }
        Type::Array(_) => refused("an array is no type that a pipeline can carry: use `Vec<T>`"),
        Type::Tuple(_) => refused("`()` is no type that a pipeline can carry"),
        Type::FnPtr(_)
        | Type::Ptr(_)
        | Type::Slice(_)
        | Type::TraitObject(_)
        | Type::Never(_)
        | Type::Infer(_) => refused("this is no type that a pipeline can carry"),
        _ => None,
    }
}

/// Reports a field of a struct that no value can be read from or written to, where the tokens tell.
pub(crate) fn reject_field(r#type: &Type, problems: &mut Problems) {
    if ["Input", "Output"].iter().any(|artifact| inside(r#type, artifact).is_some()) {
        problems
            .at(r#type, "an artifact is no value but a parameter of the function: `model: Output<Model>`");
    } else if let Some(message) = refused(r#type) {
        problems.at(r#type, message);
    }
}

/// The type without the invisible group that `macro_rules` may have put around it.
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
    fn wrappers_are_taken_off() {
        let strip =
            |text: &str| without(&parse(text), "Input").to_token_stream().to_string().replace(' ', "");
        assert_eq!(strip("Input<Dataset>"), "Dataset");
        assert_eq!(strip("Vec<kfp_sdk::Input<Model>>"), "Vec<Model>");
        assert_eq!(strip("Option<f64>"), "Option<f64>");
    }

    #[test]
    fn types_are_spelled_as_people_do() {
        for text in ["f64", "BTreeMap<String, Vec<f64>>", "Option<kfp_sdk::Input<Model>>"] {
            assert_eq!(spelled(&parse(text)), text);
        }
    }

    #[test]
    fn refused_types_say_what_to_use() {
        for (text, expect) in [
            ("&str", "a step owns what it is given: use `String`"),
            ("Vec<u64>", "`u64` is no type that a pipeline can carry; parameters are"),
            ("HashMap<String, f64>", "`HashMap` has no order: use `BTreeMap<String, T>`"),
            ("impl Into<String>", "the type of a parameter is named"),
            ("[f64; 3]", "use `Vec<T>`"),
        ] {
            let message = refused(&parse(text)).unwrap_or_default();
            assert!(message.contains(expect), "{text}: {message}");
        }
        assert!(refused(&parse("Vec<Trial>")).is_none());
    }
}
