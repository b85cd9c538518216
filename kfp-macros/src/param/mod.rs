//! `#[derive(Param)]`.

mod choice;
pub(crate) mod options;
mod structure;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields};

use crate::problems::Problems;

const FORM: &str = "a parameter is a struct with named fields, or an enum whose variants have no data";

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut problems = Problems::default();
    let options = options::of_type(&input.attrs, &mut problems);
    if !input.generics.params.is_empty() {
        problems.at(&input.generics, "a parameter has no generic parameters: its JSON Schema is fixed");
    }
    let code = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                let fields = structure::parse(fields, &mut problems);
                Some(structure::emit(&options.sdk, &input, &fields))
            }
            _ => None,
        },
        Data::Enum(data) if !data.variants.is_empty() => {
            let variants = choice::parse(data, &mut problems);
            Some(choice::emit(&options.sdk, &input, &variants))
        }
        _ => None,
    };
    if code.is_none() {
        problems.at(&input.ident, FORM);
    }
    if problems.is_empty() { code.unwrap_or_default() } else { problems.into_tokens() }
}
