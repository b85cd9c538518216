//! `#[derive(Param)]` for structs.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{DeriveInput, FieldsNamed, Path, Type};

use super::options::{self, TypeOptions};
use crate::docs;
use crate::problems::Problems;
use crate::spans::respanned;
use crate::types;

/// The names of the methods of handles, which hide projections with the same name.
const HANDLE_METHODS: [&str; 11] =
    ["gt", "ge", "lt", "le", "eq", "ne", "or", "clone", "into", "try_into", "to_owned"];

pub(super) struct FieldView<'a> {
    ident: &'a Ident,
    r#type: &'a Type,
    /// The name in JSON.
    name: String,
    projection: Ident,
    /// Whether the type may be a parameter type.
    is_valid: bool,
    description: String,
}

pub(super) fn parse<'a>(
    fields: &'a FieldsNamed,
    of_type: &TypeOptions,
    problems: &mut Problems,
) -> Vec<FieldView<'a>> {
    let mut views: Vec<FieldView<'a>> = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let is_valid = types::accept_field(&field.ty, problems);
        let options = options::of_field(&field.attrs, problems);
        let projection = match &options.projection {
            None => ident.clone(),
            Some(literal) => literal.parse().unwrap_or_else(|_| {
                problems.at(literal, format!("invalid method name `{}`", literal.value()));
                ident.clone()
            }),
        };
        if HANDLE_METHODS.contains(&projection.to_string().as_str()) {
            problems.at(
                ident,
                format!(
                    "the field `{projection}` conflicts with a method of handles: rename the method of the field with \
                     `#[kfp(projection = \"{projection}_value\")]`"
                ),
            );
        }
        let name = of_type.name_of_field(&options, ident);
        if views.iter().any(|other| other.name == name) {
            problems.at(ident, format!("duplicate field name `{name}` in JSON"));
        }
        views.push(FieldView {
            ident,
            r#type: &field.ty,
            name,
            projection,
            is_valid,
            description: docs::of(&field.attrs),
        });
    }
    views
}

impl FieldView<'_> {
    /// Returns the type of the field, or another one if it is invalid.
    fn carried(&self, sdk: &Path) -> Type {
        if self.is_valid { self.r#type.clone() } else { syn::parse_quote!(#sdk::__private::Json) }
    }
}

pub(super) fn emit(sdk: &Path, input: &DeriveInput, fields: &[FieldView<'_>]) -> TokenStream {
    let projections = emit_projections(sdk, input, fields);
    let value = emit_value(sdk, input, fields);
    let constants = emit_constants(sdk, &input.ident);
    quote!(#projections #value #constants)
}

/// Emits what uses of an invalid struct or enum require. It has no values.
pub(super) fn emit_invalid(sdk: &Path, input: &DeriveInput, fields: &[FieldView<'_>]) -> TokenStream {
    let (name, fields_type) = (&input.ident, format_ident!("{}Fields", input.ident));
    let projections = emit_projections(sdk, input, fields);
    let constants = emit_constants(sdk, name);
    quote! {
        #projections

        impl #sdk::__private::Value for #name {
            type Fields = #fields_type;
            type Optional = ::core::option::Option<Self>;
            type Present = Self;

            fn value_type() -> #sdk::__private::Type {
                #sdk::__private::Type::Any
            }
        }

        impl #sdk::__private::Param for #name {
            fn decode(json: &#sdk::__private::Json) -> ::core::result::Result<Self, #sdk::__private::Mismatch> {
                ::core::result::Result::Err(#sdk::__private::Mismatch::expected("nothing", json))
            }

            fn encode(&self) -> ::core::result::Result<#sdk::__private::Json, #sdk::__private::Mismatch> {
                ::core::result::Result::Ok(#sdk::__private::Json::Null)
            }
        }

        #constants
    }
}

/// Emits the methods of the handle, and the function that returns a handle from fields.
fn emit_projections(sdk: &Path, input: &DeriveInput, fields: &[FieldView<'_>]) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let fields_type = format_ident!("{name}Fields");
    let text = format!("The fields of a handle of [`{name}`].");
    let methods = fields.iter().map(|field| {
        let FieldView { name, projection, description, .. } = field;
        let text = if description.is_empty() { format!("The field `{name}`.") } else { description.clone() };
        let r#type = field.carried(sdk);
        // A type that is not a parameter type is reported once, where its values are decoded and encoded.
        let bound =
            (!types::is_built_in(&r#type)).then(|| quote!(where for<'__a> #r#type: #sdk::__private::Value));
        quote! {
            #[doc = #text]
            #[track_caller]
            #visibility fn #projection(&self) -> #sdk::__private::Out<#r#type> #bound {
                #sdk::__private::field(self.0, #name)
            }
        }
    });
    let of = format!("Returns the handle of a [`{name}`] from handles and constants.");
    let arguments = fields.iter().map(|field| {
        let (ident, r#type) = (field.ident, field.carried(sdk));
        quote!(#ident: impl #sdk::__private::IntoInput<#r#type>)
    });
    let members = fields.iter().map(|field| {
        let (ident, name, r#type) = (field.ident, &field.name, field.carried(sdk));
        quote!((#name, #sdk::__private::IntoInput::<#r#type>::into_input(#ident)))
    });
    quote! {
        #[doc = #text]
        #[derive(Clone, Copy)]
        #visibility struct #fields_type(#sdk::__private::Raw);

        impl ::core::convert::From<#sdk::__private::Raw> for #fields_type {
            fn from(raw: #sdk::__private::Raw) -> Self {
                Self(raw)
            }
        }

        #[allow(dead_code, unreachable_pub, clippy::must_use_candidate)]
        impl #fields_type {
            #(#methods)*
        }

        impl #name {
            #[doc = #of]
            #[track_caller]
            #[allow(dead_code, unreachable_pub, clippy::too_many_arguments)]
            #visibility fn of(#(#arguments),*) -> #sdk::__private::Out<Self> {
                #sdk::__private::structure(::std::vec![#(#members),*])
            }
        }
    }
}

/// Emits the document type, and the conversions from and to JSON.
fn emit_value(sdk: &Path, input: &DeriveInput, fields: &[FieldView<'_>]) -> TokenStream {
    let name = &input.ident;
    let text = name.unraw().to_string();
    let fields_type = format_ident!("{name}Fields");
    let names: Vec<&String> = fields.iter().map(|field| &field.name).collect();
    let declared = fields.iter().map(|FieldView { r#type, name, description, .. }| {
        let sdk = respanned(sdk, r#type.span());
        let declared = quote_spanned!(r#type.span()=> <#r#type as #sdk::__private::FieldValue>::field_type());
        quote!((#name, #declared, #description))
    });
    let decoded = fields.iter().map(|FieldView { ident, r#type, name, .. }| {
        let sdk = respanned(sdk, r#type.span());
        quote_spanned!(r#type.span()=> #ident: <#r#type as #sdk::__private::FieldValue>::decode_field(json, #name)?)
    });
    let encoded = fields.iter().map(|FieldView { ident, r#type, name, .. }| {
        let sdk = respanned(sdk, r#type.span());
        quote_spanned!(r#type.span()=> <#r#type as #sdk::__private::FieldValue>::encode_field(&self.#ident, #name)?)
    });
    quote! {
        impl #sdk::__private::Value for #name {
            type Fields = #fields_type;
            type Optional = ::core::option::Option<Self>;
            type Present = Self;

            fn value_type() -> #sdk::__private::Type {
                #sdk::__private::struct_type(#text, ::std::vec![#(#declared),*])
            }
        }

        impl #sdk::__private::Param for #name {
            fn decode(json: &#sdk::__private::Json) -> ::core::result::Result<Self, #sdk::__private::Mismatch> {
                #sdk::__private::expect_fields(json, #text, &[#(#names),*])?;
                ::core::result::Result::Ok(Self { #(#decoded),* })
            }

            fn encode(&self) -> ::core::result::Result<#sdk::__private::Json, #sdk::__private::Mismatch> {
                ::core::result::Result::Ok(#sdk::__private::object(::std::vec![#(#encoded),*]))
            }
        }
    }
}

/// Emits the traits that structs and enums have in common: which types the type fits, that its values can be constants,
/// and that steps can return them.
pub(super) fn emit_constants(sdk: &Path, name: &Ident) -> TokenStream {
    let own = quote!(#name);
    let option = quote!(::core::option::Option<#name>);
    let any = quote!(#sdk::__private::Json);
    let any_option = quote!(::core::option::Option<#any>);
    let fits = [&own, &option, &any, &any_option]
        .map(|r#type| quote!(impl #sdk::__private::Fits<#r#type> for #name {}));
    let constants = [&own, &option].map(|r#type| {
        quote! {
            #[diagnostic::do_not_recommend]
            impl #sdk::__private::IntoInput<#r#type> for #name {
                fn into_input(self) -> #sdk::__private::Expr {
                    #sdk::__private::Expr::constant(#sdk::__private::Param::encode(&self))
                }
            }
        }
    });
    quote! {
        impl #sdk::__private::ReturnValue for #name {}
        #(#fits)*
        #(#constants)*
    }
}
