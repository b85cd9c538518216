//! Functions with or without a body, and their parameters.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, FnArg, Pat, PatIdent, Signature, Token, Type, Visibility};

use crate::docs;
use crate::names;
use crate::problems::Problems;

/// A function in the source. The body is kept as tokens, so that it may be incomplete while the user types.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: Option<TokenStream>,
}

/// A parameter of a function, and the information in its attributes.
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    pub(crate) r#type: Type,
    pub(crate) description: String,
    pub(crate) default: Option<Expr>,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        if !input.peek(Token![fn])
            && (input.peek(Token![struct]) || input.peek(Token![impl]) || input.peek(Token![mod]))
        {
            return Err(input.error("expected a function"));
        }
        let signature = input.parse()?;
        let rest: TokenStream = input.parse()?;
        let body = (rest.to_string() != ";").then_some(rest);
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl Function {
    /// Returns the name without `r#`.
    pub(crate) fn name(&self) -> String {
        self.signature.ident.unraw().to_string()
    }

    /// Returns the function without the attributes of the macros and invalid ones, or `None` if it has no body.
    pub(crate) fn item(&self) -> Option<TokenStream> {
        let body = self.body.as_ref()?;
        let attributes = self.attributes.iter().filter(|attribute| !attribute.path().is_ident("output"));
        let visibility = &self.visibility;
        let mut signature = self.signature.clone();
        for input in &mut signature.inputs {
            let attributes = match input {
                FnArg::Receiver(receiver) => &mut receiver.attrs,
                FnArg::Typed(typed) => &mut typed.attrs,
            };
            attributes.retain(|attribute| attribute.path().is_ident("cfg_attr"));
        }
        // Steps own their arguments, and may need many of them.
        let lints = quote!(#[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]);
        Some(quote!(#(#attributes)* #lints #visibility #signature #body))
    }

    /// Returns the name in `#[output(name)]`.
    pub(crate) fn output_name(&self, problems: &mut Problems) -> Option<Ident> {
        let mut names = self.attributes.iter().filter(|attribute| attribute.path().is_ident("output"));
        let first = names.next()?;
        if let Some(second) = names.next() {
            problems.at(second, "duplicate `#[output(..)]`: return a struct to return several values");
        }
        match first.parse_args_with(Ident::parse_any) {
            Ok(name) => Some(name),
            Err(_) => {
                problems.at(first, "expected a name: `#[output(greeting)]`");
                None
            }
        }
    }

    /// Reports qualifiers that components and pipelines cannot have. `noun` is `component` or `pipeline`.
    pub(crate) fn reject_qualifiers(&self, noun: &str, problems: &mut Problems) {
        let signature = &self.signature;
        if let Some(asyncness) = &signature.asyncness {
            problems.at(asyncness, format!("a {noun} cannot be `async`: block on the future in its body"));
        }
        if !signature.generics.params.is_empty() {
            problems.at(
                &signature.generics,
                format!("a {noun} cannot have generic parameters: define one for each type"),
            );
        } else if let Some(clause) = &signature.generics.where_clause {
            problems.at(clause, format!("a {noun} cannot have a `where` clause"));
        }
        if let Some(variadic) = &signature.variadic {
            problems.at(variadic, format!("a {noun} cannot be variadic"));
        }
        if let Some(abi) = &signature.abi {
            problems.at(abi, format!("a {noun} cannot have an ABI: it is called from Rust"));
        }
    }

    /// Returns the valid parameters, and reports the others.
    pub(crate) fn parameters(&self, noun: &str, problems: &mut Problems) -> Vec<Parameter> {
        let parameters = self.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => match &*typed.pat {
                Pat::Ident(PatIdent { by_ref: None, subpat: None, ident, .. }) => Some(Parameter {
                    ident: ident.clone(),
                    r#type: (*typed.ty).clone(),
                    description: docs::of(&typed.attrs),
                    default: default(&typed.attrs, problems),
                }),
                pattern => {
                    problems.at(pattern, "expected a parameter with a name, such as `rows: i64`");
                    None
                }
            },
            receiver @ FnArg::Receiver(_) => {
                problems.at(receiver, format!("a {noun} must be a free function: remove `self`"));
                None
            }
        });
        parameters.collect()
    }
}

impl Parameter {
    /// Returns the name without `r#`, which is the name of the input.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

fn default(attributes: &[Attribute], problems: &mut Problems) -> Option<Expr> {
    let mut found = None;
    for attribute in attributes {
        if attribute.path().is_ident("default") {
            match attribute.parse_args::<Expr>() {
                Ok(_) if found.is_some() => problems.at(attribute, "duplicate `#[default(..)]`"),
                Ok(value) => found = Some(value),
                Err(_) => problems.at(attribute, "expected one value: `#[default(0.1)]`"),
            }
        } else if !attribute.path().is_ident("doc") && !attribute.path().is_ident("cfg_attr") {
            let name = attribute.path().to_token_stream().to_string();
            let message = match names::nearest(&name, &["default"]) {
                Some(similar) => {
                    format!("unknown attribute `{name}`; a similar name exists: `{similar}`")
                }
                None => format!(
                    "unexpected attribute `{name}`: only `#[default(..)]` and doc comments are allowed"
                ),
            };
            problems.at(attribute, message);
        }
    }
    found
}
