//! Comparisons of handles in `if` and `while`, which are conditions that are evaluated only when the pipeline runs.
//!
//! Each comparison in such a condition is passed to a function that accepts only `bool`, so that rustc reports a handle
//! with advice, rather than two types that differ.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens as _, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, Path, UnOp};

use crate::spans::respanned;

/// The methods of handles that return conditions.
const COMPARISONS: [&str; 8] = ["gt", "ge", "lt", "le", "eq", "ne", "is_some", "is_none"];

/// Returns the body of a function with checked conditions. What cannot be parsed, for example while the user types, is
/// unchanged.
pub(super) fn checked(body: TokenStream, sdk: &Path) -> TokenStream {
    changed(body.clone(), sdk).unwrap_or(body)
}

/// Returns the tokens with checked conditions, or `None` if there are none.
fn changed(tokens: TokenStream, sdk: &Path) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut is_changed = false;
    for token in &mut tokens {
        if let TokenTree::Group(group) = token
            && let Some(inner) = changed(group.stream(), sdk)
        {
            let span = group.span();
            *group = Group::new(group.delimiter(), inner);
            group.set_span(span);
            is_changed = true;
        }
    }
    let mut idx = 0;
    while idx < tokens.len() {
        let start = idx + 1;
        let is_keyword =
            matches!(&tokens[idx], TokenTree::Ident(ident) if *ident == "if" || *ident == "while");
        if let Some(length) = is_keyword.then(|| condition_length(&tokens[start..])).flatten() {
            let condition: TokenStream = tokens[start..start + length].iter().cloned().collect();
            if let Some(checked) =
                syn::parse2(condition).ok().and_then(|parsed| checked_condition(parsed, sdk))
            {
                drop(tokens.splice(start..start + length, checked));
                is_changed = true;
            }
        }
        idx += 1;
    }
    is_changed.then(|| tokens.into_iter().collect())
}

/// Returns the number of tokens before the block.
fn condition_length(tokens: &[TokenTree]) -> Option<usize> {
    let is_block =
        |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    tokens.iter().position(is_block)
}

/// Returns the condition with its comparisons checked, or `None` if it has none.
fn checked_condition(condition: Expr, sdk: &Path) -> Option<TokenStream> {
    match condition {
        Expr::Paren(mut inner) => {
            inner.expr = Box::new(Expr::Verbatim(checked_condition(*inner.expr, sdk)?));
            Some(inner.into_token_stream())
        }
        Expr::Unary(mut inner) if matches!(inner.op, UnOp::Not(_)) => {
            inner.expr = Box::new(Expr::Verbatim(checked_condition(*inner.expr, sdk)?));
            Some(inner.into_token_stream())
        }
        Expr::Binary(mut inner) if matches!(inner.op, BinOp::And(_) | BinOp::Or(_)) => {
            let checked = [&inner.left, &inner.right].map(|side| checked_condition((**side).clone(), sdk));
            if checked.iter().all(Option::is_none) {
                return None;
            }
            let [left, right] = checked;
            inner.left = left.map_or(inner.left, |tokens| Box::new(Expr::Verbatim(tokens)));
            inner.right = right.map_or(inner.right, |tokens| Box::new(Expr::Verbatim(tokens)));
            Some(inner.into_token_stream())
        }
        Expr::MethodCall(call) if COMPARISONS.iter().any(|name| call.method == name) => {
            let sdk = respanned(sdk, call.span());
            Some(quote_spanned!(call.span()=> #sdk::__private::known_condition(#call)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comparisons_in_conditions_are_changed() {
        let sdk: Path = syn::parse_quote!(sdk);
        let check = |body: &str| checked(body.parse().unwrap(), &sdk).to_string().replace(' ', "");
        for (body, expected) in [
            ("{ if a.gt(1) { f(); } }", "{ifsdk::__private::known_condition(a.gt(1)){f();}}"),
            (
                "{ if !a.is_some() && (b || c.eq(d)) {} }",
                "{if!sdk::__private::known_condition(a.is_some())&&(b||sdk::__private::known_condition(c.eq(d))){}}",
            ),
            (
                "{ p.when(\"x\", y, |p| { while a.lt(1) {} }) }",
                "{p.when(\"x\",y,|p|{whilesdk::__private::known_condition(a.lt(1)){}})}",
            ),
            ("{ if a > 1 { f(a.gt(1)); } }", "{ifa>1{f(a.gt(1));}}"),
            ("{ if let Some(x) = a.lt(b) {} }", "{ifletSome(x)=a.lt(b){}}"),
            ("{ match a { x if x.gt(1) => {} _ => {} } }", "{matcha{xifx.gt(1)=>{}_=>{}}}"),
            ("{ let a = ; if a.gt(1) {} }", "{leta=;ifsdk::__private::known_condition(a.gt(1)){}}"),
        ] {
            assert_eq!(check(body), expected, "{body}");
        }
    }
}
