//! `#[derive(Outputs)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Field, Fields};

use crate::docs;
use crate::param::options;
use crate::problems::Problems;
use crate::spans::respanned;
use crate::types;

const FORM: &str = "expected a struct with named fields, such as `struct Fit { accuracy: f64, loss: f64 }`";

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut problems = Problems::default();
    let options = options::of_type(&input.attrs, &mut problems);
    let fields = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(&fields.named),
            other => {
                problems
                    .at(if other.is_empty() { input.ident.to_token_stream() } else { quote!(#other) }, FORM);
                None
            }
        },
        _ => {
            problems.at(&input.ident, FORM);
            None
        }
    };
    if !input.generics.params.is_empty() {
        problems.at(&input.generics, "outputs cannot have generic parameters: their types must be fixed");
    }
    for field in fields.into_iter().flatten() {
        types::reject_field(&field.ty, &mut problems);
    }
    match fields {
        Some(fields) if problems.is_empty() => emit(&options.sdk, &input, &fields.iter().collect::<Vec<_>>()),
        _ => problems.into_tokens(),
    }
}

/// Whether the handles belong to a task that may fail, so that all of them are options.
#[derive(Clone, Copy)]
enum HandleKind {
    Certain,
    Optional,
}

fn emit(sdk: &syn::Path, input: &DeriveInput, fields: &[&Field]) -> TokenStream {
    let name = &input.ident;
    let (handles, optional) = (format_ident!("{name}Out"), format_ident!("{name}OptionalOut"));
    let declared = declare(sdk, input, &handles, HandleKind::Certain, fields);
    let declared_optional = declare(sdk, input, &optional, HandleKind::Optional, fields);
    let idents: Vec<_> = fields.iter().filter_map(|field| field.ident.as_ref()).collect();
    let names: Vec<String> = idents.iter().map(|ident| ident.unraw().to_string()).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let descriptions: Vec<String> = fields.iter().map(|field| docs::of(&field.attrs)).collect();
    let taken: Vec<_> = idents
        .iter()
        .zip(&names)
        .zip(&types)
        .map(|((ident, name), r#type)| quote_spanned!(r#type.span()=> #ident: task.output(#name)))
        .collect();
    let raws = idents.iter().zip(&types).map(|(ident, r#type)| {
        let sdk = respanned(sdk, r#type.span());
        quote_spanned!(r#type.span()=> #sdk::__private::raw(self.#ident))
    });
    let encoded = idents.iter().zip(&names).zip(&types).map(|((ident, name), r#type)| {
        quote_spanned!(r#type.span()=> #sdk::__private::encode_field::<#r#type>(#name, &self.#ident)?)
    });
    quote! {
        #declared

        #declared_optional

        impl #sdk::__private::Handles for #handles {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            type Optional = #optional;

            fn types() -> ::std::vec::Vec<(#sdk::__private::Type, &'static str)> {
                ::std::vec![#((<#types as #sdk::__private::Value>::value_type(), #descriptions)),*]
            }

            fn of_task(task: #sdk::__private::TaskRef) -> Self {
                Self { #(#taken),* }
            }

            fn optional(task: #sdk::__private::TaskRef) -> #optional {
                #optional { #(#taken),* }
            }

            fn raws(&self) -> ::std::vec::Vec<#sdk::__private::Raw> {
                ::std::vec![#(#raws),*]
            }
        }

        impl #sdk::__private::Outputs for #name {
            type Handles = #handles;

            fn encode(
                &self,
            ) -> ::core::result::Result<
                ::std::vec::Vec<(&'static str, #sdk::__private::Json)>,
                #sdk::__private::Mismatch,
            > {
                ::core::result::Result::Ok(::std::vec![#(#encoded),*])
            }
        }
    }
}

/// Returns a struct with a handle for each field. It is `Copy`, whatever the types of the values.
fn declare(
    sdk: &syn::Path,
    input: &DeriveInput,
    handles: &Ident,
    kind: HandleKind,
    fields: &[&Field],
) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let text = match kind {
        HandleKind::Certain => format!("The handles of the fields of a [`{name}`] that a task returns."),
        HandleKind::Optional => {
            format!("The handles of the fields of a [`{name}`] that a task returns unless it fails.")
        }
    };
    let declared = fields.iter().map(|field| {
        let (ident, visibility, r#type) = (&field.ident, &field.vis, &field.ty);
        let sdk = respanned(sdk, r#type.span());
        let value = match kind {
            HandleKind::Certain => quote!(#r#type),
            HandleKind::Optional => quote_spanned!(r#type.span()=> #sdk::__private::Optional<#r#type>),
        };
        let description = docs::of(&field.attrs);
        let named = ident.as_ref().map(IdentExt::unraw);
        let text =
            if description.is_empty() { format!("The output `{}`.", quote!(#named)) } else { description };
        let handle = quote_spanned!(r#type.span()=> #sdk::__private::Out<#value>);
        quote!(#[doc = #text] #visibility #ident: #handle,)
    });
    quote! {
        #[doc = #text]
        #[allow(dead_code)]
        #visibility struct #handles {
            #(#declared)*
        }

        #[allow(clippy::expl_impl_clone_on_copy)]
        impl ::core::clone::Clone for #handles {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl ::core::marker::Copy for #handles {}
    }
}
