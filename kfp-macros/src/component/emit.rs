//! Emits the code of a component. It cannot fail.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse_quote;
use syn::spanned::Spanned as _;

use super::modules::Module;
use super::options::StepOptions;
use super::parse::{Component, Role, Slot};
use crate::call::{Argument, Callable, NamedOutput};
use crate::spans::respanned;
use crate::types;

pub(super) fn emit(component: &Component) -> TokenStream {
    let callable = callable(component).emit();
    let definition = definition(component);
    let signature = signature(component);
    let distinct = distinct(component);
    quote!(#callable #definition #signature #distinct)
}

fn callable(component: &Component) -> Callable<'_> {
    let sdk = &component.options.sdk;
    let arguments = component.inputs().map(|(parameter, value)| Argument {
        ident: &parameter.ident,
        name: parameter.name(),
        value: value.clone(),
        written: types::spelled(&parameter.r#type),
        description: &parameter.description,
        required: parameter.default.is_none() && types::inside(value, "Option").is_none(),
    });
    let artifacts = component.artifacts().map(|(parameter, kind, optional)| NamedOutput {
        ident: &parameter.ident,
        name: parameter.name(),
        value: if optional { parse_quote!(::core::option::Option<#kind>) } else { kind.clone() },
        description: &parameter.description,
    });
    let named = component.output_name.iter().map(|ident| NamedOutput {
        ident,
        name: ident.unraw().to_string(),
        value: component.returned.clone(),
        description: "",
    });
    let returned = &component.returned;
    let anonymous = component.output_name.is_none() && !types::is_unit(returned);
    Callable {
        sdk,
        visibility: &component.visibility,
        function: component.function.unraw().to_string(),
        r#type: &component.r#type,
        description: &component.description,
        noun: "component",
        arguments: arguments.collect(),
        outputs: artifacts.chain(named).collect(),
        returned: anonymous.then(|| handles(component)),
        constructor: format_ident!("component"),
    }
}

/// Returns the type of the handles of the returned value.
fn handles(component: &Component) -> TokenStream {
    let returned = &component.returned;
    let sdk = respanned(&component.options.sdk, returned.span());
    quote_spanned!(returned.span()=> <#returned as #sdk::__private::Outputs>::Handles)
}

/// Emits the constant that defines the component, and its registry entry.
fn definition(component: &Component) -> TokenStream {
    let (sdk, r#type, name) = (&component.options.sdk, &component.r#type, &component.name);
    let location = quote_spanned!(component.function.span()=> ::core::panic::Location::caller());
    let (describe, run) = (describe(component), run(component));
    quote! {
        impl #r#type {
            #[doc(hidden)]
            #[allow(unreachable_pub)]
            pub const DEFINITION: &'static #sdk::__private::ComponentDefinition =
                &#sdk::__private::ComponentDefinition {
                    name: #name,
                    location: #location,
                    describe: || #describe,
                    run: #run,
                };
        }

        #sdk::__private::inventory::submit! {
            #sdk::__private::RegisteredComponent(#r#type::DEFINITION)
        }
    }
}

fn describe(component: &Component) -> TokenStream {
    let Component { name, description, options, .. } = component;
    let sdk = &options.sdk;
    let inputs = component.inputs().map(|(parameter, value)| {
        let (name, description) = (parameter.name(), &parameter.description);
        match &parameter.default {
            Some(default) => quote!(.input_or::<#value>(#name, #description, #default)),
            None => quote!(.input::<#value>(#name, #description)),
        }
    });
    let artifacts = component.artifacts().map(|(parameter, kind, optional)| {
        let (name, description) = (parameter.name(), &parameter.description);
        let method = if optional { quote!(optional_artifact) } else { quote!(artifact) };
        quote!(.#method::<#kind>(#name, #description))
    });
    let returned = &component.returned;
    let returned = match &component.output_name {
        Some(name) => {
            let name = name.unraw().to_string();
            quote!(.returns_as::<#returned>(#name))
        }
        None => quote!(.returns::<#returned>()),
    };
    let calls = &options.policy;
    let policy = (!calls.is_empty()).then(|| quote!(.policy(#sdk::__private::Policy::new() #(#calls)*)));
    let implementation = implementation(component);
    quote! {
        #sdk::__private::ComponentBuilder::new(#name, #description)
            #(#inputs)*
            #(#artifacts)*
            #returned
            #policy
            #implementation
    }
}

fn implementation(component: &Component) -> TokenStream {
    let option = |value: &Option<syn::Expr>| match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    };
    let image = option(&component.options.image);
    match &component.options.step {
        StepOptions::Body => quote!(.rust(#image)),
        StepOptions::Python { file, function, packages, pip_index, .. } => {
            let name =
                function.as_ref().map_or_else(|| component.function.unraw().to_string(), syn::LitStr::value);
            let (source, modules) = (included(component, file), modules(component, file));
            let (pip_index, located) = (option(pip_index), located(file, packages));
            quote!(#located.python(#image, [#file, #source, #name], #modules, &[#(#packages),*], #pip_index))
        }
        StepOptions::Notebook { file, packages, pip_index, .. } => {
            let (source, modules) = (included(component, file), modules(component, file));
            let (pip_index, located) = (option(pip_index), located(file, packages));
            quote!(#located.notebook(#image, [#file, #source], #modules, &[#(#packages),*], #pip_index))
        }
        StepOptions::Command { command, args } => {
            let image = component.options.image.as_ref().map_or_else(|| quote!(""), |image| quote!(#image));
            quote!(.container(#image, &[#(#command),*], &[#(#args),*]))
        }
    }
}

/// Emits code that includes the file. A file that cannot be read has already been reported.
fn included(component: &Component, file: &syn::LitStr) -> TokenStream {
    if !component.source_exists {
        return quote!("");
    }
    include(file, &file.value())
}

/// Emits calls that set the locations of the file and of the packages.
fn located(file: &syn::LitStr, packages: &[syn::Expr]) -> TokenStream {
    let at = |part: &str, span: Span| {
        let location = quote_spanned!(span=> ::core::panic::Location::caller());
        quote!(.located(#part, #location))
    };
    let packages = packages.first().map(|first| at("packages", first.span()));
    let file = at("file", file.span());
    quote!(#file #packages)
}

/// Emits the list of modules: their paths for imports and their sources.
fn modules(component: &Component, source: &syn::LitStr) -> TokenStream {
    let modules = component.modules.iter().map(|Module { path, file }| {
        let included = include(source, file);
        quote!((#path, #included))
    });
    quote!(&[#(#modules),*])
}

/// Emits code that includes a file, relative to the root of the crate.
fn include(literal: &syn::LitStr, file: &str) -> TokenStream {
    quote_spanned!(literal.span()=> ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #file)))
}

/// Emits the closure that reads the inputs, calls the user's function and sets the outputs.
fn run(component: &Component) -> TokenStream {
    if !matches!(component.options.step, StepOptions::Body) {
        return quote!(::core::option::Option::None);
    }
    let function = &component.function;
    let arguments = component.slots.iter().map(value_of);
    let question_mark = component.fallible.then(|| quote!(?));
    let returned = &component.returned;
    let take = match &component.output_name {
        _ if types::is_unit(returned) => {
            return quote! {
                ::core::option::Option::Some(|__step| {
                    #function(#(#arguments),*) #question_mark;
                    ::core::result::Result::Ok(())
                })
            };
        }
        Some(name) => {
            let name = name.unraw().to_string();
            quote!(__step.returned_as::<#returned>(#name, &returned))
        }
        None => quote!(__step.returned::<#returned>(&returned)),
    };
    quote! {
        ::core::option::Option::Some(|__step| {
            let returned = #function(#(#arguments),*) #question_mark;
            #take
        })
    }
}

/// Emits the struct of the inputs of a mock, and the function that turns a mock into a stand-in.
fn signature(component: &Component) -> TokenStream {
    let Component { options, visibility, name, r#type, returned, .. } = component;
    let sdk = &options.sdk;
    let inputs = format_ident!("{}Inputs", r#type);
    let text = format!("The inputs of a mock of [`{type}`], and the artifacts that it may write.");
    let fields = component.slots.iter().map(|slot| {
        let (ident, r#type) = (&slot.parameter.ident, &slot.parameter.r#type);
        let description = if slot.parameter.description.is_empty() {
            format!("The parameter `{}`.", slot.parameter.name())
        } else {
            slot.parameter.description.clone()
        };
        quote!(#[doc = #description] #visibility #ident: #r#type,)
    });
    let values = component.slots.iter().map(|slot| {
        let (ident, value) = (&slot.parameter.ident, value_of(slot));
        quote!(#ident: #value)
    });
    let take = match &component.output_name {
        _ if types::is_unit(returned) => quote!(::core::result::Result::Ok(())),
        Some(name) => {
            let name = name.unraw().to_string();
            quote!(__step.returned_as::<#returned>(#name, &returned))
        }
        None => quote!(__step.returned::<#returned>(&returned)),
    };
    let returned_value = if types::is_unit(returned) { TokenStream::new() } else { quote!(let returned =) };
    quote! {
        #[doc = #text]
        #[allow(dead_code, unreachable_pub, missing_debug_implementations)]
        #visibility struct #inputs {
            #(#fields)*
        }

        impl #sdk::__private::Signature for #r#type {
            const NAME: &'static str = #name;
            type Inputs = #inputs;
            type Returned = #returned;
            type Error = #sdk::__private::Error;

            fn stand_in(
                mut function: impl ::core::ops::FnMut(
                    #inputs,
                ) -> ::core::result::Result<#returned, #sdk::__private::Error> + 'static,
            ) -> #sdk::__private::StandIn {
                #sdk::__private::stand_in(Self::DEFINITION, move |__step| {
                    #returned_value function(#inputs { #(#values),* })?;
                    #take
                })
            }
        }
    }
}

/// Emits the expression that reads a parameter.
fn value_of(slot: &Slot) -> TokenStream {
    let name = slot.parameter.name();
    match &slot.role {
        Role::Input(_) => {
            let r#type = &slot.parameter.r#type;
            quote_spanned!(r#type.span()=> __step.input::<#r#type>(#name)?)
        }
        Role::Output { kind, optional: false } => {
            quote_spanned!(kind.span()=> __step.output::<#kind>(#name)?)
        }
        Role::Output { kind, optional: true } => {
            quote_spanned!(kind.span()=> ::core::option::Option::Some(__step.output::<#kind>(#name)?))
        }
    }
}

/// Emits checks that artifacts and returned values have different names. The macro does not see the returned names.
fn distinct(component: &Component) -> TokenStream {
    if types::is_unit(&component.returned) || component.output_name.is_some() {
        return TokenStream::new();
    }
    let handles = handles(component);
    let checks = component.artifacts().map(|(parameter, ..)| {
        let name = parameter.name();
        let message = format!(
            "duplicate output `{name}`: `{}` has an artifact and a returned value with this name",
            component.function
        );
        let sdk = respanned(&component.options.sdk, parameter.ident.span());
        quote_spanned! {parameter.ident.span()=>
            const _: () = #sdk::__private::distinct(
                #name,
                <#handles as #sdk::__private::Handles>::NAMES,
                #message,
            );
        }
    });
    quote!(#(#checks)*)
}
