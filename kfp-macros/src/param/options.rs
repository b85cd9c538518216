//! `#[kfp(..)]` on types, fields and variants of derives.

use proc_macro2::TokenStream;
use syn::{Attribute, LitStr, Path};

use crate::attributes::{Attributes, default_sdk};
use crate::problems::Problems;

/// The options of a type.
pub(crate) struct TypeOptions {
    pub(crate) sdk: Path,
}

/// The options of a field or variant.
#[derive(Default)]
pub(super) struct MemberOptions {
    /// The name in JSON.
    pub(super) rename: Option<LitStr>,
    /// The name of the method that returns the handle of the field.
    pub(super) projection: Option<LitStr>,
}

pub(crate) fn of_type(attributes: &[Attribute], problems: &mut Problems) -> TypeOptions {
    match parse(attributes, &["crate"], problems) {
        Some(mut options) => TypeOptions { sdk: options.sdk(problems) },
        None => TypeOptions { sdk: default_sdk() },
    }
}

pub(super) fn of_field(attributes: &[Attribute], problems: &mut Problems) -> MemberOptions {
    let Some(mut options) = parse(attributes, &["rename", "projection"], problems) else {
        return MemberOptions::default();
    };
    MemberOptions {
        rename: options.literal("rename", problems),
        projection: options.literal("projection", problems),
    }
}

pub(super) fn of_variant(attributes: &[Attribute], problems: &mut Problems) -> MemberOptions {
    let Some(mut options) = parse(attributes, &["rename"], problems) else { return MemberOptions::default() };
    MemberOptions { rename: options.literal("rename", problems), projection: None }
}

/// Returns the arguments of all `#[kfp(..)]` attributes.
fn parse(attributes: &[Attribute], known: &[&str], problems: &mut Problems) -> Option<Attributes> {
    let mut tokens = TokenStream::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("kfp")) {
        match attribute.meta.require_list() {
            Ok(list) => {
                let inner = &list.tokens;
                tokens.extend(quote::quote!(#inner,));
            }
            Err(error) => problems.push(error),
        }
    }
    (!tokens.is_empty()).then(|| Attributes::parse("kfp", tokens, known, problems))
}
