//! Emits the code that components and pipelines have in common: the type that starts a call, the call with its
//! arguments, and the outputs of the task.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type, Visibility};

use crate::names;
use crate::spans::respanned;
use crate::types;

/// A component or pipeline, as needed for the code of its calls.
pub(crate) struct Callable<'a> {
    pub(crate) sdk: &'a Path,
    pub(crate) visibility: &'a Visibility,
    /// The name of the function.
    pub(crate) function: String,
    /// The name of the type.
    pub(crate) r#type: &'a Ident,
    pub(crate) description: &'a str,
    pub(crate) noun: &'static str,
    pub(crate) arguments: Vec<Argument<'a>>,
    pub(crate) outputs: Vec<NamedOutput<'a>>,
    /// The type of the handles of the returned value, unless it is a named output.
    pub(crate) returned: Option<TokenStream>,
    /// The function that returns the data of a call: `component` or `pipeline`.
    pub(crate) constructor: Ident,
}

/// An argument of a call.
pub(crate) struct Argument<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    /// The type of the value.
    pub(crate) value: Type,
    /// The type in the source, for messages.
    pub(crate) written: String,
    pub(crate) description: &'a str,
    pub(crate) required: bool,
}

/// An output that is named by a parameter or by `#[output(name)]`.
pub(crate) struct NamedOutput<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) value: Type,
    pub(crate) description: &'a str,
}

/// The names for the typestate of a required argument.
struct State {
    /// The type parameter of the call.
    parameter: Ident,
    /// The marker type for an argument that is not set.
    missing: Ident,
    /// The trait of the marker type for an argument that is set.
    provided: Ident,
}

impl Callable<'_> {
    fn call(&self) -> Ident {
        format_ident!("{}Call", self.r#type)
    }

    fn outputs_type(&self) -> Ident {
        Ident::new(&format!("{}Outputs", self.r#type), self.outputs_span())
    }

    /// The type of the outputs of a task that may fail.
    fn optional_outputs_type(&self) -> Ident {
        Ident::new(&format!("{}OptionalOutputs", self.r#type), self.outputs_span())
    }

    /// Returns the span where rustc reports that the return type is not supported.
    fn outputs_span(&self) -> Span {
        self.returned.as_ref().map_or(self.r#type.span(), Spanned::span)
    }

    /// Returns the span of generated types. rustc shows the line with the name of the function, and its arguments, in
    /// messages about them, but does not apply lints for the user's code.
    fn name_span(&self) -> Span {
        Span::call_site().located_at(self.r#type.span())
    }

    fn module(&self) -> Ident {
        format_ident!("{}_args", self.function)
    }

    fn required(&self) -> impl Iterator<Item = &Argument<'_>> {
        self.arguments.iter().filter(|argument| argument.required)
    }

    /// Returns the states of the required arguments, in their order.
    ///
    /// A type parameter of the call must not hide the type of an argument, or an emitted type.
    fn states(&self) -> Vec<State> {
        let mut taken: Vec<String> =
            self.arguments.iter().flat_map(|argument| types::idents(&argument.value)).collect();
        let own = [self.call(), self.outputs_type(), self.optional_outputs_type()];
        taken.extend(own.iter().map(ToString::to_string).chain(["Self".to_owned()]));
        let states = self.required().map(|argument| {
            let mut name = names::camel(&argument.name);
            while name.is_empty() || taken.contains(&name) {
                name.push_str("Argument");
            }
            taken.push(name.clone());
            State {
                parameter: format_ident!("{name}"),
                missing: format_ident!("No{name}"),
                provided: format_ident!("{name}Provided"),
            }
        });
        states.collect()
    }

    /// Emits all types for use in pipelines, and their implementations.
    pub(crate) fn emit(&self) -> TokenStream {
        let states = self.states();
        let (arguments, call) = (self.emit_arguments(&states), self.emit_call(&states));
        let (setters, finish, outputs) =
            (self.emit_setters(&states), self.emit_finish(&states), self.emit_outputs());
        let optional = self.emit_optional_outputs();
        quote!(#arguments #call #setters #finish #outputs #optional)
    }

    /// Emits a marker type and a trait with the error message for each required argument.
    fn emit_arguments(&self, states: &[State]) -> TokenStream {
        if states.is_empty() {
            return TokenStream::new();
        }
        let Self { sdk, visibility, .. } = self;
        let module = self.module();
        // The items are one module deeper, so visibility is relative to the parent module.
        let inner: Visibility = match visibility {
            Visibility::Inherited => syn::parse_quote!(pub(super)),
            Visibility::Restricted(place) if place.path.is_ident("super") => {
                syn::parse_quote!(pub(in super::super))
            }
            other => (*other).clone(),
        };
        let items = self.required().zip(states).map(|(argument, State { missing, provided, .. })| {
            let message = format!("missing argument `{}` of `{}`", argument.name, self.r#type);
            let label = format!("add `.{}(..)` with a value of type `{}`", argument.name, argument.written);
            quote! {
                #inner struct #missing;
                #[diagnostic::on_unimplemented(message = #message, label = #label)]
                #inner trait #provided {}
                #[diagnostic::do_not_recommend]
                impl #provided for #sdk::__private::Provided {}
            }
        });
        quote! {
            #[doc(hidden)]
            #[allow(missing_docs, missing_debug_implementations, unreachable_pub, dead_code)]
            #visibility mod #module {
                #(#items)*
            }
        }
    }

    /// Emits the unit struct, and the call that it starts.
    fn emit_call(&self, states: &[State]) -> TokenStream {
        let Self { sdk, visibility, r#type, description, noun, constructor, .. } = self;
        let (call, module) = (self.call(), self.module());
        let parameters: Vec<&Ident> = states.iter().map(|state| &state.parameter).collect();
        let missing = states.iter().map(|state| &state.missing);
        let new = format!(
            "Starts a call of the {noun}. Set its arguments with methods, and add it as a task with `p.add(..)`."
        );
        let place = self.name_span();
        let declared = quote_spanned! {place=>
            #visibility struct #call<#(#parameters),*> {
                call: ::std::boxed::Box<#sdk::__private::CallData>,
                state: ::core::marker::PhantomData<(#(#parameters,)*)>,
            }
        };
        let call_docs = format!("A call of [`{type}`] that has not been added to a pipeline yet.");
        let text = if description.is_empty() {
            format!("The {noun} `{}`.", self.function)
        } else {
            (*description).to_owned()
        };
        quote! {
            #[doc = #text]
            #visibility struct #r#type;

            impl #r#type {
                #[doc = #new]
                #[allow(clippy::new_ret_no_self, clippy::must_use_candidate, dead_code, unreachable_pub)]
                #visibility fn new() -> #call<#(#module::#missing),*> {
                    #call {
                        call: #sdk::__private::CallData::#constructor(Self::DEFINITION),
                        state: ::core::marker::PhantomData,
                    }
                }
            }

            #[doc = #call_docs]
            #[must_use = "a call does nothing until it is added with `p.add(..)`"]
            #declared

            impl<#(#parameters),*> #sdk::__private::TaskMethods for #call<#(#parameters),*>
            where
                for<'__a> Self: #sdk::__private::Added,
            {
            }

            impl<#(#parameters),*> #sdk::__private::KfpMethods for #call<#(#parameters),*> {}

            impl<#(#parameters),*> ::core::ops::Deref for #call<#(#parameters),*> {
                type Target = #sdk::__private::NotAdded;

                fn deref(&self) -> &#sdk::__private::NotAdded {
                    &#sdk::__private::NotAdded::CALL
                }
            }
        }
    }

    /// Emits a method for each argument. Required arguments change the type of the call, so they can be set only once.
    fn emit_setters(&self, states: &[State]) -> TokenStream {
        let call = self.call();
        let parameters: Vec<&Ident> = states.iter().map(|state| &state.parameter).collect();
        let required = self.required().enumerate().map(|(idx, argument)| {
            let (sdk, module, missing) = (self.sdk, self.module(), &states[idx].missing);
            let others =
                parameters.iter().enumerate().filter(|(other, _)| *other != idx).map(|(_, name)| name);
            let with = |own: TokenStream| {
                let all = parameters.iter().enumerate();
                let all = all.map(|(other, name)| if other == idx { own.clone() } else { quote!(#name) });
                quote!(#call<#(#all),*>)
            };
            let (before, after) = (with(quote!(#module::#missing)), with(quote!(#sdk::__private::Provided)));
            let setter = self.emit_setter(argument, &after);
            quote!(impl<#(#others),*> #before { #setter })
        });
        let optional: Vec<TokenStream> = self
            .arguments
            .iter()
            .filter(|argument| !argument.required)
            .map(|argument| self.emit_setter(argument, &quote!(Self)))
            .collect();
        let optional = (!optional.is_empty())
            .then(|| quote!(impl<#(#parameters),*> #call<#(#parameters),*> { #(#optional)* }));
        quote!(#(#required)* #optional)
    }

    fn emit_setter(&self, argument: &Argument<'_>, result: &TokenStream) -> TokenStream {
        let Self { sdk, visibility, .. } = self;
        let call = self.call();
        let Argument { ident, name, value, .. } = argument;
        let description = if argument.description.is_empty() {
            format!("Sets the argument `{name}`.")
        } else {
            argument.description.to_owned()
        };
        quote! {
            #[doc = #description]
            #[track_caller]
            #[allow(dead_code, unreachable_pub, clippy::wrong_self_convention, clippy::should_implement_trait)]
            #visibility fn #ident(self, value: impl #sdk::__private::IntoInput<#value>) -> #result {
                #call {
                    call: self.call.argument(#name, #sdk::__private::IntoInput::<#value>::into_input(value)),
                    state: ::core::marker::PhantomData,
                }
            }
        }
    }

    fn emit_finish(&self, states: &[State]) -> TokenStream {
        let place = self.outputs_span();
        let sdk = respanned(self.sdk, place);
        let (call, outputs, module) = (self.call(), self.outputs_type(), self.module());
        let parameters: Vec<&Ident> = states.iter().map(|state| &state.parameter).collect();
        let provided = states.iter().map(|state| &state.provided);
        let fields =
            self.outputs.iter().map(|NamedOutput { ident, name, .. }| quote!(#ident: task.output(#name),));
        let returned =
            self.returned.as_ref().map(|_| quote!(__returned: #sdk::__private::Handles::of_task(task),));
        let task = if self.outputs.is_empty() && self.returned.is_none() { quote!(_) } else { quote!(task) };
        quote_spanned! {place=>
            impl<#(#parameters: #module::#provided),*> #sdk::__private::Call for #call<#(#parameters),*> {
                type Outputs = #outputs;

                fn finish(
                    self,
                ) -> (::std::boxed::Box<#sdk::__private::CallData>, fn(#sdk::__private::TaskRef) -> #outputs) {
                    (self.call, |#task| #outputs { #(#fields)* #returned })
                }
            }
        }
    }

    /// Emits the implementation that lets tests run a call of a pipeline.
    pub(crate) fn emit_rehearsal(&self) -> TokenStream {
        let Self { sdk, r#type, .. } = self;
        let (call, module, states) = (self.call(), self.module(), self.states());
        let parameters = states.iter().map(|state| &state.parameter).collect::<Vec<_>>();
        let provided = states.iter().map(|state| &state.provided);
        quote! {
            impl<#(#parameters: #module::#provided),*> #sdk::__private::Runnable for #call<#(#parameters),*> {
                fn rehearsal(
                    self,
                ) -> ::core::result::Result<#sdk::__private::Rehearsal, ::std::string::String> {
                    #sdk::__private::rehearsal(#r#type::DEFINITION, self.call)
                }
            }
        }
    }

    fn emit_outputs(&self) -> TokenStream {
        let Self { sdk, visibility, r#type, returned, .. } = self;
        let outputs = self.outputs_type();
        let fields = self.outputs.iter().map(|output| {
            let NamedOutput { ident, name, value, description } = output;
            let text = if description.is_empty() {
                format!("The output `{name}`.")
            } else {
                (*description).to_owned()
            };
            quote!(#[doc = #text] #visibility #ident: #sdk::__private::Out<#value>,)
        });
        let returned_field = returned.iter().map(|handles| quote!(__returned: #handles,));
        let place = self.outputs_span();
        let traits = emit_output_traits(&outputs, returned.as_ref(), place);
        let declared = quote_spanned! {self.name_span()=>
            #visibility struct #outputs {
                #(#fields)*
                #(#returned_field)*
            }
        };
        let text = format!("The outputs of a task that calls [`{type}`].");
        quote! {
            #[doc = #text]
            #[allow(dead_code, unreachable_pub)]
            #declared

            #traits
        }
    }

    /// Emits the outputs as options, and the conversion to them. If the task has only the outputs of the returned
    /// value, their type exists already.
    fn emit_optional_outputs(&self) -> TokenStream {
        let place = self.outputs_span();
        let sdk = respanned(self.sdk, place);
        let outputs = self.outputs_type();
        let returned = self
            .returned
            .as_ref()
            .map(|handles| quote_spanned!(place=> <#handles as #sdk::__private::Handles>));
        let (declared, optional, made) = match &returned {
            None if self.outputs.is_empty() => {
                let fields = quote!(#sdk::__private::NoFields);
                (TokenStream::new(), fields, quote!(#sdk::__private::Handles::of_task(task)))
            }
            Some(handles) if self.outputs.is_empty() => {
                (TokenStream::new(), quote!(#handles::Optional), quote!(#handles::optional(task)))
            }
            _ => {
                let optional = self.optional_outputs_type();
                let fields = self.outputs.iter();
                let fields =
                    fields.map(|NamedOutput { ident, name, .. }| quote!(#ident: task.output(#name),));
                let handles = returned.iter().map(|handles| quote!(__returned: #handles::optional(task),));
                let made = quote!(#optional { #(#fields)* #(#handles)* });
                (self.declare_optional_outputs(returned.as_ref()), quote!(#optional), made)
            }
        };
        quote_spanned! {place=>
            #declared

            impl #sdk::__private::TaskOutputs for #outputs {
                type Optional = #optional;

                fn optional(task: #sdk::__private::TaskRef) -> Self::Optional {
                    #made
                }
            }
        }
    }

    /// Emits the struct of the outputs as options.
    fn declare_optional_outputs(&self, returned: Option<&TokenStream>) -> TokenStream {
        let Self { visibility, r#type, .. } = self;
        let place = self.outputs_span();
        let optional = self.optional_outputs_type();
        let fields = self.outputs.iter().map(|NamedOutput { ident, value, .. }| {
            let sdk = respanned(self.sdk, value.span());
            let handle =
                quote_spanned!(value.span()=> #sdk::__private::Out<#sdk::__private::Optional<#value>>);
            quote!(#[allow(missing_docs)] #visibility #ident: #handle,)
        });
        let returned = returned.map(|handles| quote_spanned!(place=> #handles::Optional));
        let returned_field = returned.iter().map(|handles| quote!(__returned: #handles,));
        let traits = emit_output_traits(&optional, returned.as_ref(), place);
        let text = format!("The outputs of a task that calls [`{type}`] and may fail.");
        quote! {
            #[doc = #text]
            #[allow(dead_code, unreachable_pub)]
            #visibility struct #optional {
                #(#fields)*
                #(#returned_field)*
            }

            #traits
        }
    }
}

/// Emits `Clone` and `Copy` for outputs, and `Deref` to the handles of the returned value.
///
/// They are not derived, because rustc would then report unsupported types at the whole attribute.
fn emit_output_traits(outputs: &Ident, returned: Option<&TokenStream>, place: Span) -> TokenStream {
    let deref = returned.map(|handles| {
        quote_spanned! {place=>
            impl ::core::ops::Deref for #outputs {
                type Target = #handles;

                fn deref(&self) -> &Self::Target {
                    &self.__returned
                }
            }
        }
    });
    quote_spanned! {place=>
        #[allow(clippy::expl_impl_clone_on_copy)]
        impl ::core::clone::Clone for #outputs {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl ::core::marker::Copy for #outputs {}

        #deref
    }
}
