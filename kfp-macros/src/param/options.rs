//! `#[kfp(..)]` on types, fields and variants of derives.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::{Attribute, LitStr, Path};

use crate::attributes::{Attributes, default_sdk};
use crate::problems::Problems;
use crate::rename::RenameRule;

/// The options of a type.
pub(crate) struct TypeOptions {
    pub(crate) sdk: Path,
    /// The case of the names of fields or variants in JSON.
    pub(crate) rename_all: Option<(LitStr, RenameRule)>,
}

/// The options of a field or variant.
#[derive(Default)]
pub(crate) struct MemberOptions {
    /// The name in JSON.
    pub(crate) rename: Option<LitStr>,
    /// The name of the method that returns the handle of the field.
    pub(super) projection: Option<LitStr>,
}

impl TypeOptions {
    /// Returns the name of a field in JSON.
    pub(crate) fn name_of_field(&self, options: &MemberOptions, ident: &Ident) -> String {
        self.name(options, ident, RenameRule::of_field)
    }

    /// Returns the name of a variant in JSON.
    pub(super) fn name_of_variant(&self, options: &MemberOptions, ident: &Ident) -> String {
        self.name(options, ident, RenameRule::of_variant)
    }

    fn name(
        &self,
        options: &MemberOptions,
        ident: &Ident,
        convert: fn(RenameRule, &str) -> String,
    ) -> String {
        let plain = ident.unraw().to_string();
        match (&options.rename, &self.rename_all) {
            (Some(name), _) => name.value(),
            (None, Some((_, rule))) => convert(*rule, &plain),
            (None, None) => plain,
        }
    }
}

pub(crate) fn of_type(attributes: &[Attribute], problems: &mut Problems) -> TypeOptions {
    let Some(mut options) = parse(attributes, &["rename_all", "crate"], problems) else {
        return TypeOptions { sdk: default_sdk(), rename_all: None };
    };
    let rename_all = options.literal("rename_all", problems);
    let rename_all = rename_all.and_then(|literal| {
        let rule = RenameRule::parse(&literal, problems)?;
        Some((literal, rule))
    });
    TypeOptions { sdk: options.sdk(problems), rename_all }
}

pub(crate) fn of_field(attributes: &[Attribute], problems: &mut Problems) -> MemberOptions {
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
