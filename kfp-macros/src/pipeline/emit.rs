//! Emits the code of a pipeline. It cannot fail.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;

use super::parse::Pipeline;
use crate::call::{Argument, Callable, NamedOutput};
use crate::spans::respanned;
use crate::types;

pub(super) fn emit(pipeline: &Pipeline) -> TokenStream {
    let callable = callable(pipeline);
    let (call, rehearsal) = (callable.emit(), callable.emit_rehearsal());
    let definition = definition(pipeline);
    quote!(#call #definition #rehearsal)
}

fn callable(pipeline: &Pipeline) -> Callable<'_> {
    let sdk = &pipeline.options.sdk;
    let arguments = pipeline.inputs.iter().map(|(parameter, value)| Argument {
        ident: &parameter.ident,
        name: parameter.name(),
        value: value.clone(),
        written: types::spelled(value),
        description: &parameter.description,
        required: parameter.default.is_none() && types::inside(value, "Option").is_none(),
    });
    let output = pipeline.output.iter().map(|(ident, value)| NamedOutput {
        ident,
        name: ident.unraw().to_string(),
        value: value.clone(),
        description: "",
    });
    let returned = &pipeline.returned;
    let anonymous = pipeline.output.is_none() && !types::is_unit(returned);
    Callable {
        sdk,
        visibility: &pipeline.visibility,
        function: pipeline.function.unraw().to_string(),
        r#type: &pipeline.r#type,
        description: &pipeline.description,
        noun: "pipeline",
        arguments: arguments.collect(),
        outputs: output.collect(),
        returned: anonymous.then(|| {
            let sdk = respanned(sdk, returned.span());
            quote_spanned!(returned.span()=> <#returned as #sdk::__private::Returns>::Handles)
        }),
        constructor: format_ident!("pipeline"),
    }
}

/// Emits the constant that defines the pipeline, its registry entry, and the function that returns its document.
fn definition(pipeline: &Pipeline) -> TokenStream {
    let Pipeline { options, function, visibility, name, r#type, .. } = pipeline;
    let sdk = &options.sdk;
    let location = quote_spanned!(function.span()=> ::core::panic::Location::caller());
    let (describe, build) = (describe(pipeline), build(pipeline));
    quote! {
        impl #r#type {
            #[doc(hidden)]
            #[allow(unreachable_pub)]
            pub const DEFINITION: &'static #sdk::__private::PipelineDefinition =
                &#sdk::__private::PipelineDefinition {
                    name: #name,
                    location: #location,
                    describe: || #describe,
                    build: |__p| #build,
                };

            /// Returns the document with the pipeline and those that it calls.
            #[allow(clippy::must_use_candidate, dead_code, unreachable_pub)]
            #visibility fn definition() -> #sdk::__private::Document {
                #sdk::__private::definition(Self::DEFINITION)
            }
        }

        #sdk::__private::inventory::submit! {
            #sdk::__private::RegisteredPipeline(#r#type::DEFINITION)
        }
    }
}

fn describe(pipeline: &Pipeline) -> TokenStream {
    let Pipeline { options, description, returned, .. } = pipeline;
    let (sdk, settings) = (&options.sdk, &options.settings);
    let inputs = pipeline.inputs.iter().map(|(parameter, value)| {
        let (name, description) = (parameter.name(), &parameter.description);
        match &parameter.default {
            Some(default) => quote!(.input_or::<#value>(#name, #description, #default)),
            None => quote!(.input::<#value>(#name, #description)),
        }
    });
    let returned = match &pipeline.output {
        Some((name, value)) => {
            let name = name.unraw().to_string();
            quote!(.returns_as::<#value>(#name))
        }
        None => quote!(.returns::<#returned>()),
    };
    quote! {
        #sdk::__private::PipelineBuilder::new(#description)
            #(#settings)*
            #(#inputs)*
            #returned
            .finish()
    }
}

/// Emits the call of the user's function, with the handles of the parameters.
fn build(pipeline: &Pipeline) -> TokenStream {
    let (sdk, function) = (&pipeline.options.sdk, &pipeline.function);
    let inputs = pipeline.inputs.iter().map(|(parameter, value)| {
        let name = parameter.name();
        let sdk = respanned(sdk, value.span());
        quote_spanned!(value.span()=> #sdk::__private::input::<#value>(#name))
    });
    let call = quote!(#function(__p, #(#inputs),*));
    match &pipeline.output {
        Some((name, _)) => {
            let name = name.unraw().to_string();
            quote!(#sdk::__private::yield_named(#name, #call))
        }
        None => quote!(#sdk::__private::yields_of(#call)),
    }
}
