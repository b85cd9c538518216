//! Names of types that the prelude of the SDK or of Rust contains. A generated type with such a name would hide it.

use proc_macro2::Ident;
use syn::LitStr;

use crate::names;
use crate::problems::Problems;

/// The types, traits and variants in `kfp_sdk::prelude`.
const SDK: [&str; 31] = [
    "Artifact",
    "ClassificationMetrics",
    "Cond",
    "Dataset",
    "Error",
    "Failure",
    "FailureClass",
    "FinalStatus",
    "Grow",
    "Html",
    "In",
    "Input",
    "Markdown",
    "Metrics",
    "Model",
    "OnDemand",
    "Oom",
    "Out",
    "Output",
    "Outputs",
    "Param",
    "Pipeline",
    "Policy",
    "Result",
    "Retry",
    "Secret",
    "SpotReclaimed",
    "State",
    "Task",
    "Tier",
    "Timeout",
];

/// The types, traits and variants in the prelude of Rust.
const RUST: [&str; 36] = [
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Returns the type that a macro generates for a function: the name in `type = "…"`, or that of the function in camel
/// case. A reserved or invalid name is reported, and another one is returned, so that the hidden type causes no errors.
///
/// `macro` is `component` or `pipeline`.
pub(crate) fn type_ident(
    literal: Option<&LitStr>,
    function: &Ident,
    name: &str,
    r#macro: &str,
    problems: &mut Problems,
) -> Ident {
    let span = literal.map_or(function.span(), LitStr::span);
    let text = literal.map_or_else(|| names::camel(name), LitStr::value);
    if literal.is_some_and(|literal| literal.parse::<Ident>().is_err()) {
        problems.push(syn::Error::new(span, format!("invalid type name `{text}`")));
        return Ident::new(&names::camel(name), span);
    }
    let Some(owner) = owner(&text) else { return Ident::new(&text, span) };
    let other = substitute(&text, r#macro);
    let message = format!(
        "the generated type `{text}` would hide `{text}` of {owner}: rename the generated types with \
         `#[{macro}(type = \"{other}\")]`"
    );
    problems.push(syn::Error::new(span, message));
    Ident::new(&other, span)
}

/// Returns what the reserved name belongs to.
fn owner(name: &str) -> Option<&'static str> {
    if SDK.contains(&name) {
        Some("the SDK")
    } else if RUST.contains(&name) {
        Some("Rust")
    } else {
        None
    }
}

fn substitute(name: &str, r#macro: &str) -> String {
    match (r#macro, name) {
        ("pipeline", "Pipeline") => "WholePipeline".to_owned(),
        ("pipeline", _) => format!("{name}Pipeline"),
        _ => format!("{name}Step"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_whole_prelude_of_the_sdk_is_reserved() {
        // The packaged crate does not contain the other crates of the workspace.
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../kfp-sdk/src/prelude.rs");
        let Ok(prelude) = std::fs::read_to_string(path) else { return };
        let code: String = prelude
            .lines()
            .filter(|line| !line.starts_with("//") && !line.contains(" as _"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let words = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':');
        let exported: BTreeSet<&str> = words
            .filter_map(|word| word.rsplit("::").next())
            .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
            .collect();
        let missing: Vec<&&str> = exported.iter().filter(|name| !SDK.contains(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let extra: Vec<&str> = SDK.into_iter().filter(|name| !exported.contains(name)).collect();
        assert!(extra.is_empty(), "{extra:?}");
    }

    #[test]
    fn reserved_names_have_substitutes() {
        let ident = |name: &str, r#macro: &str| {
            let (function, mut problems) =
                (Ident::new(name, proc_macro2::Span::call_site()), Problems::default());
            let ident = type_ident(None, &function, name, r#macro, &mut problems);
            (ident.to_string(), problems.is_empty())
        };
        assert_eq!(ident("train_model", "component"), ("TrainModel".to_owned(), true));
        assert_eq!(ident("model", "component"), ("ModelStep".to_owned(), false));
        assert_eq!(ident("vec", "pipeline"), ("VecPipeline".to_owned(), false));
        assert_eq!(ident("pipeline", "pipeline"), ("WholePipeline".to_owned(), false));
    }
}
