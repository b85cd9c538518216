//! Lists of `key = value` in attributes.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Path, Token};

use crate::names;
use crate::problems::Problems;

/// The arguments of an attribute that have not been used yet.
pub(crate) struct Attributes(Vec<Pair>);

struct Pair {
    key: Ident,
    value: Expr,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        if !input.peek(Token![=]) {
            return Err(syn::Error::new_spanned(&key, format!("`{key}` needs a value: `{key} = …`")));
        }
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        Ok(Self { key, value })
    }
}

impl Attributes {
    /// Reads the arguments of `owner`. Unknown and repeated ones are problems and dropped.
    pub(crate) fn parse(owner: &str, tokens: TokenStream, known: &[&str], problems: &mut Problems) -> Self {
        let pairs = match Punctuated::<Pair, Token![,]>::parse_terminated.parse2(tokens) {
            Ok(pairs) => pairs,
            Err(error) => {
                problems.push(error);
                return Self(Vec::new());
            }
        };
        let mut kept: Vec<Pair> = Vec::new();
        for pair in pairs {
            let key = pair.key.to_string();
            if !known.contains(&key.as_str()) {
                problems.at(&pair.key, unknown(owner, &key, known));
            } else if kept.iter().any(|other| other.key == pair.key) {
                problems.at(&pair.key, format!("`{key}` is given twice"));
            } else {
                kept.push(pair);
            }
        }
        Self(kept)
    }

    /// Whether the argument is given.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.0.iter().find(|pair| pair.key == name).map(|pair| &pair.key)
    }

    /// The value of an argument.
    pub(crate) fn expression(&mut self, name: &str) -> Option<Expr> {
        let idx = self.0.iter().position(|pair| pair.key == name)?;
        Some(self.0.remove(idx).value)
    }

    /// The value of an argument that has to be a text literal.
    pub(crate) fn literal(&mut self, name: &str, problems: &mut Problems) -> Option<LitStr> {
        let value = self.expression(name)?;
        if let Some(text) = text_literal(&value) {
            return Some(text.clone());
        }
        problems.at(&value, format!("`{name}` is a text: `{name} = \"…\"`"));
        None
    }

    /// The value of an argument that is a text, which `check` refuses by its message where it is a literal.
    pub(crate) fn checked(
        &mut self,
        name: &str,
        check: impl Fn(&str) -> Option<String>,
        problems: &mut Problems,
    ) -> Option<Expr> {
        let value = self.expression(name)?;
        if let Expr::Lit(literal) = &value {
            let message = match &literal.lit {
                Lit::Str(text) => check(&text.value()),
                _ => Some(format!("`{name}` is a text: `{name} = \"…\"`")),
            };
            if let Some(message) = message {
                problems.at(&value, message);
                return None;
            }
        }
        Some(value)
    }

    /// The value of an argument that has to be a list.
    pub(crate) fn list(&mut self, name: &str, form: &str, problems: &mut Problems) -> Option<Vec<Expr>> {
        match self.expression(name)? {
            Expr::Array(array) => Some(array.elems.into_iter().collect()),
            other => {
                problems.at(&other, format!("`{name}` is a list: `{name} = [{form}]`"));
                None
            }
        }
    }

    /// The path of the SDK.
    pub(crate) fn sdk(&mut self, problems: &mut Problems) -> Path {
        match self.expression("crate") {
            Some(Expr::Path(path)) => path.path,
            Some(other) => {
                problems.at(&other, "`crate` is the path of the SDK: `crate = kfp_sdk`");
                default_sdk()
            }
            None => default_sdk(),
        }
    }
}

/// The path of the SDK where nothing else is said.
pub(crate) fn default_sdk() -> Path {
    syn::parse_quote!(::kfp_sdk)
}

/// The text literal that the expression is.
pub(crate) fn text_literal(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

fn unknown(owner: &str, key: &str, known: &[&str]) -> String {
    match names::nearest(key, known) {
        Some(right) => format!("`{owner}` has no argument `{key}`; `{right}` has a similar name"),
        None => format!("`{owner}` has no argument `{key}`; its arguments are {}", names::list(known)),
    }
}
