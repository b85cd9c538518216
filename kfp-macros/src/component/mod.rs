//! `#[component]`.

mod emit;
mod modules;
mod options;
mod parse;
mod placeholders;

use proc_macro2::TokenStream;
use quote::quote;

use crate::problems::Problems;

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    let function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#error #item);
        }
    };
    let options = options::Options::parse(attribute, &mut problems);
    let mut signature_problems = Problems::default();
    let component = parse::Component::parse(&function, options, &mut problems, &mut signature_problems);
    let item = function.item();
    // The types of an invalid signature would be invalid too, and their errors would hide the first one.
    let types = signature_problems.is_empty().then(|| emit::emit(&component));
    let (problems, signature_problems) = (problems.into_tokens(), signature_problems.into_tokens());
    quote!(#problems #signature_problems #item #types)
}
