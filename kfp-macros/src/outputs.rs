//! `#[derive(Outputs)]`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Data, DeriveInput, Field, Fields, Type};

use crate::docs;
use crate::param::options::{self, TypeOptions};
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
    if let Some((literal, rule)) = &options.rename_all
        && rule.has_hyphens()
    {
        problems.at(literal, "the names of outputs cannot contain `-`: use `snake_case` or `camelCase`");
    }
    let views: Vec<FieldView<'_>> =
        fields.into_iter().flatten().filter_map(|field| view(field, &options, &mut problems)).collect();
    if !input.generics.params.is_empty() {
        return problems.into_tokens();
    }
    // Without an implementation, rustc would report every use of the type again.
    let code = emit(&options.sdk, &input, &views);
    let problems = problems.into_tokens();
    quote!(#problems #code)
}

/// A field, which is an output.
struct FieldView<'a> {
    field: &'a Field,
    ident: &'a Ident,
    /// The name of the output.
    name: String,
    /// The type of the value, or another one if the type is not a parameter type.
    value: Type,
    is_valid: bool,
}

/// Parses a field and reports its problems.
fn view<'a>(field: &'a Field, of_type: &TypeOptions, problems: &mut Problems) -> Option<FieldView<'a>> {
    let ident = field.ident.as_ref()?;
    let is_valid = types::accept_field(&field.ty, problems);
    let options = options::of_field(&field.attrs, problems);
    let sdk = &of_type.sdk;
    let value = if is_valid {
        field.ty.clone()
    } else if let Some(kind) = types::inside(&field.ty, "Output") {
        kind.clone()
    } else {
        syn::parse_quote!(#sdk::__private::Json)
    };
    Some(FieldView { field, ident, name: of_type.name_of_field(&options, ident), value, is_valid })
}

/// Whether the handles belong to a task that may fail, so that all of them are options.
#[derive(Clone, Copy)]
enum HandleKind {
    Certain,
    Optional,
}

fn emit(sdk: &syn::Path, input: &DeriveInput, fields: &[FieldView<'_>]) -> TokenStream {
    let name = &input.ident;
    let (handles, optional) = (format_ident!("{name}Out"), format_ident!("{name}OptionalOut"));
    let declared = declare(sdk, input, &handles, HandleKind::Certain, fields);
    let declared_optional = declare(sdk, input, &optional, HandleKind::Optional, fields);
    let idents: Vec<_> = fields.iter().map(|view| view.ident).collect();
    let names: Vec<&String> = fields.iter().map(|view| &view.name).collect();
    let types: Vec<_> = fields.iter().map(|view| &view.value).collect();
    let declared_types = fields.iter().map(|FieldView { field, value, .. }| {
        let (description, sdk) = (docs::of(&field.attrs), respanned(sdk, value.span()));
        let declared = quote_spanned!(value.span()=> <#value as #sdk::__private::Value>::value_type());
        quote!((#declared, #description))
    });
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
    let encoded = fields.iter().filter(|view| view.is_valid).map(|FieldView { ident, name, value, .. }| {
        let sdk = respanned(sdk, value.span());
        quote_spanned!(value.span()=> <#value as #sdk::__private::FieldValue>::encode_field(&self.#ident, #name)?)
    });
    quote! {
        #declared

        #declared_optional

        impl #sdk::__private::Handles for #handles {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            type Optional = #optional;

            fn types() -> ::std::vec::Vec<(#sdk::__private::Type, &'static str)> {
                ::std::vec![#(#declared_types),*]
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
    fields: &[FieldView<'_>],
) -> TokenStream {
    let (name, visibility) = (&input.ident, &input.vis);
    let text = match kind {
        HandleKind::Certain => format!("The handles of the fields of a [`{name}`] that a task returns."),
        HandleKind::Optional => {
            format!("The handles of the fields of a [`{name}`] that a task returns unless it fails.")
        }
    };
    let declared = fields.iter().map(|FieldView { field, ident, name, value: r#type, .. }| {
        let visibility = &field.vis;
        let sdk = respanned(sdk, r#type.span());
        let value = match kind {
            HandleKind::Certain => quote!(#r#type),
            HandleKind::Optional => quote_spanned!(r#type.span()=> #sdk::__private::Optional<#r#type>),
        };
        let description = docs::of(&field.attrs);
        let text = if description.is_empty() { format!("The output `{name}`.") } else { description };
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
