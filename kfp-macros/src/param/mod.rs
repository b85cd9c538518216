//! `#[derive(Param)]`.

mod enums;
pub(crate) mod options;
mod structs;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

use crate::problems::Problems;

const FORM: &str = "expected a struct with named fields, or an enum whose variants have no data";

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut problems = Problems::default();
    let options = options::of_type(&input.attrs, &mut problems);
    if !input.generics.params.is_empty() {
        problems.at(
            &input.generics,
            "a parameter type cannot have generic parameters: its JSON Schema must be fixed",
        );
        return problems.into_tokens();
    }
    let mut fields = Vec::new();
    let code = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(named) => {
                fields = structs::parse(named, &options, &mut problems);
                Some(structs::emit(&options.sdk, &input, &fields))
            }
            _ => None,
        },
        Data::Enum(data) if !data.variants.is_empty() => {
            let variants = enums::parse(data, &options, &mut problems);
            Some(enums::emit(&options.sdk, &input, &variants))
        }
        _ => None,
    };
    if code.is_none() {
        problems.at(&input.ident, FORM);
    }
    if problems.is_empty() {
        return code.unwrap_or_default();
    }
    // Without an implementation, rustc would report every use of the type again.
    let invalid = structs::emit_invalid(&options.sdk, &input, &fields);
    let problems = problems.into_tokens();
    quote!(#problems #invalid)
}
