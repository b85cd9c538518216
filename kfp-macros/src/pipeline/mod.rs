//! `#[pipeline]`.

mod calls;
mod conditions;
mod emit;
mod options;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use crate::function::Function;
use crate::problems::Problems;

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    let mut function: Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.to_compile_error();
            return quote!(#error #item);
        }
    };
    let options = options::Options::parse(attribute, &mut problems);
    let mut signature_problems = Problems::default();
    let pipeline = parse::Pipeline::parse(&function, options, &mut problems, &mut signature_problems);
    function.body = function.body.map(|body| {
        let body = calls::checked(body, &function.signature, &mut problems);
        conditions::checked(body, &pipeline.options.sdk)
    });
    let item = pipeline.compiles.then(|| function.item());
    let types = signature_problems.is_empty().then(|| emit::emit(&pipeline));
    let (problems, signature_problems) = (problems.into_tokens(), signature_problems.into_tokens());
    quote!(#problems #signature_problems #item #types)
}
