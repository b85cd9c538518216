//! Lists of `key = value` arguments in attributes.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, LitStr, Path, Token};

use crate::names;
use crate::problems::Problems;

/// The arguments of an attribute that have not been read yet.
pub(crate) struct Attributes(Vec<Pair>);

struct Pair {
    key: Ident,
    value: Expr,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        if !input.peek(Token![=]) {
            return Err(syn::Error::new_spanned(
                &key,
                format!("missing value of `{key}`: write `{key} = …`"),
            ));
        }
        input.parse::<Token![=]>()?;
        let value = input.parse()?;
        Ok(Self { key, value })
    }
}

impl Attributes {
    /// Parses the arguments of the attribute `owner`. Unknown and duplicate arguments are reported and dropped.
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
                problems.at(&pair.key, format!("duplicate argument `{key}`"));
            } else {
                kept.push(pair);
            }
        }
        Self(kept)
    }

    /// Returns the key of an argument, if it is set.
    pub(crate) fn key(&self, name: &str) -> Option<&Ident> {
        self.0.iter().find(|pair| pair.key == name).map(|pair| &pair.key)
    }

    /// Takes the value of an argument.
    pub(crate) fn expression(&mut self, name: &str) -> Option<Expr> {
        let idx = self.0.iter().position(|pair| pair.key == name)?;
        Some(self.0.remove(idx).value)
    }

    /// Takes the value of an argument that must be a string literal.
    pub(crate) fn literal(&mut self, name: &str, problems: &mut Problems) -> Option<LitStr> {
        let value = self.expression(name)?;
        if let Some(text) = string_literal(&value) {
            return Some(text.clone());
        }
        problems.at(&value, format!("expected a string: `{name} = \"…\"`"));
        None
    }

    /// Takes the value of an argument that must be a string. If it is a literal, `check` returns an error message if
    /// it is invalid.
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
                _ => Some(format!("expected a string: `{name} = \"…\"`")),
            };
            if let Some(message) = message {
                problems.at(&value, message);
                return None;
            }
        }
        Some(value)
    }

    /// Takes the value of an argument that must be a list.
    pub(crate) fn list(&mut self, name: &str, form: &str, problems: &mut Problems) -> Option<Vec<Expr>> {
        match self.expression(name)? {
            Expr::Array(array) => Some(array.elems.into_iter().collect()),
            other => {
                problems.at(&other, format!("expected a list: `{name} = [{form}]`"));
                None
            }
        }
    }

    /// Takes the value of an argument that must be a list of string literals. `example` is an item of it.
    pub(crate) fn literals(&mut self, name: &str, example: &str, problems: &mut Problems) -> Vec<LitStr> {
        let items = self.list(name, example, problems).unwrap_or_default();
        let mut literals = Vec::new();
        for item in &items {
            match string_literal(item) {
                Some(literal) => literals.push(literal.clone()),
                None => problems.at(item, format!("expected a string: `{name} = [{example}]`")),
            }
        }
        literals
    }

    /// Takes the path of the SDK.
    pub(crate) fn sdk(&mut self, problems: &mut Problems) -> Path {
        match self.expression("crate") {
            Some(Expr::Path(path)) => path.path,
            Some(other) => {
                problems.at(&other, "expected the path of the SDK: `crate = kfp_sdk`");
                default_sdk()
            }
            None => default_sdk(),
        }
    }
}

/// Returns the default path of the SDK.
pub(crate) fn default_sdk() -> Path {
    syn::parse_quote!(::kfp_sdk)
}

/// Returns the string literal, if the expression is one.
pub(crate) fn string_literal(value: &Expr) -> Option<&LitStr> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    }
}

/// Arguments of the KFP SDK, each with the argument that has the same meaning, if there is one, and what to write.
const KFP: [(&str, &str, &str); 11] = [
    ("base_image", "image", "use `image = \"…\"`"),
    ("target_image", "image", "use `image = \"…\"`"),
    ("packages_to_install", "packages", "use `packages = [\"…\"]`"),
    ("pip_index_urls", "pip_index", "use `pip_index = \"…\"`"),
    ("memory_limit", "memory", "use `memory = \"…\"`"),
    ("cpu_limit", "cpu", "use `cpu = \"…\"`"),
    ("retries", "retry", "use `retry = 3`"),
    ("enable_caching", "cache", "use `cache = true`, `false` or a duration such as `\"24h\"`"),
    ("display_name", "name", "use `name = \"…\"`"),
    ("description", "name", "write a doc comment above the function"),
    ("pipeline_root", "parallelism", "set `pipeline-root` in kfpc.toml"),
];

fn unknown(owner: &str, key: &str, known: &[&str]) -> String {
    let kfp = KFP.iter().find(|(spelling, argument, _)| *spelling == key && known.contains(argument));
    if let Some((_, _, help)) = kfp {
        return format!("unknown argument `{key}` of `{owner}`: {help}");
    }
    match names::nearest(key, known) {
        Some(similar) => {
            format!("unknown argument `{key}` of `{owner}`; a similar name exists: `{similar}`")
        }
        None => format!("unknown argument `{key}` of `{owner}`, expected one of {}", names::list(known)),
    }
}
