//! `#[derive(Param)]` for enums.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{DataEnum, DeriveInput, Path};

use super::options::{self, TypeOptions};
use super::structs;
use crate::problems::Problems;

pub(super) struct VariantView<'a> {
    ident: &'a Ident,
    /// The name in JSON.
    name: String,
}

pub(super) fn parse<'a>(
    data: &'a DataEnum,
    of_type: &TypeOptions,
    problems: &mut Problems,
) -> Vec<VariantView<'a>> {
    let mut views: Vec<VariantView<'a>> = Vec::new();
    for variant in &data.variants {
        if !variant.fields.is_empty() {
            problems.at(&variant.fields, "a variant of a parameter type cannot have data");
        }
        let options = options::of_variant(&variant.attrs, problems);
        let ident = &variant.ident;
        let name = of_type.name_of_variant(&options, ident);
        if views.iter().any(|other| other.name == name) {
            problems.at(ident, format!("duplicate variant name `{name}` in JSON"));
        }
        views.push(VariantView { ident, name });
    }
    views
}

pub(super) fn emit(sdk: &Path, input: &DeriveInput, variants: &[VariantView<'_>]) -> TokenStream {
    let name = &input.ident;
    let text = name.unraw().to_string();
    let names: Vec<&String> = variants.iter().map(|variant| &variant.name).collect();
    let idents: Vec<&Ident> = variants.iter().map(|variant| variant.ident).collect();
    // The last variant gets the pattern `_`, so that the match is exhaustive.
    let (last, others) = idents.split_last().map_or((None, &[][..]), |(last, others)| (Some(*last), others));
    let numbers = 0..others.len();
    let last = last.iter();
    let constants = structs::emit_constants(sdk, name);
    quote! {
        impl #sdk::__private::Value for #name {
            type Fields = #sdk::__private::NoFields;
            type Optional = ::core::option::Option<Self>;
            type Present = Self;

            fn value_type() -> #sdk::__private::Type {
                #sdk::__private::enum_type(#text, &[#(#names),*])
            }
        }

        impl #sdk::__private::Param for #name {
            fn decode(json: &#sdk::__private::Json) -> ::core::result::Result<Self, #sdk::__private::Mismatch> {
                ::core::result::Result::Ok(match #sdk::__private::decode_variant(json, &[#(#names),*])? {
                    #(#numbers => Self::#others,)*
                    #(_ => Self::#last,)*
                })
            }

            fn encode(&self) -> ::core::result::Result<#sdk::__private::Json, #sdk::__private::Mismatch> {
                ::core::result::Result::Ok(#sdk::__private::Json::from(match self {
                    #(Self::#idents => #names,)*
                }))
            }
        }

        impl #sdk::__private::Scalar for #name {
            type Kind = #sdk::__private::StringKind;
        }

        #[diagnostic::do_not_recommend]
        impl #sdk::__private::CompareWith<#name> for #name {
            fn into_operand(self) -> #sdk::__private::Expr {
                #sdk::__private::Expr::constant(#sdk::__private::Param::encode(&self))
            }
        }

        impl #sdk::__private::Fits<::std::string::String> for #name {}
        impl #sdk::__private::Fits<::core::option::Option<::std::string::String>> for #name {}

        #constants
    }
}
