//! Calls of the builder with the wrong arguments, such as `p.parallel_for(list, |p, item| ..)`.
//!
//! rustc would report their number or their types, and often several of them. Each call is reported once here, with
//! advice, and replaced by the one that was meant.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{BinOp, Expr, FnArg, Pat, PatType, Signature, Token};

use crate::problems::Problems;

/// Returns the body of a pipeline with corrected calls, and reports them. What cannot be parsed, for example while the
/// user types, is unchanged.
pub(super) fn checked(body: TokenStream, signature: &Signature, problems: &mut Problems) -> TokenStream {
    let Some(FnArg::Typed(PatType { pat, .. })) = signature.inputs.first() else { return body };
    let Pat::Ident(builder) = &**pat else { return body };
    changed(body.clone(), &builder.ident, problems).unwrap_or(body)
}

/// Returns the tokens with corrected calls, or `None` if all calls are correct.
fn changed(tokens: TokenStream, builder: &Ident, problems: &mut Problems) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut is_changed = false;
    for token in &mut tokens {
        if let TokenTree::Group(group) = token
            && let Some(inner) = changed(group.stream(), builder, problems)
        {
            let span = group.span();
            *group = Group::new(group.delimiter(), inner);
            group.set_span(span);
            is_changed = true;
        }
    }
    let mut idx = 0;
    while idx + 2 < tokens.len() {
        let found = Call::at(&tokens, idx, builder).and_then(|call| call.corrected(problems));
        if let Some(corrected) = found {
            drop(tokens.splice(idx + 1..idx + 3, corrected));
            is_changed = true;
        }
        idx += 1;
    }
    is_changed.then(|| tokens.into_iter().collect())
}

/// A call of a method of the builder, or of `elif` on a branch.
struct Call {
    method: Ident,
    arguments: Vec<Expr>,
}

impl Call {
    /// Returns the call whose dot is at the index.
    fn at(tokens: &[TokenTree], idx: usize, builder: &Ident) -> Option<Self> {
        let is_dot = |token: &TokenTree| matches!(token, TokenTree::Punct(dot) if dot.as_char() == '.');
        let [dot, TokenTree::Ident(method), TokenTree::Group(group), ..] = tokens.get(idx..)? else {
            return None;
        };
        let is_known = match tokens.get(idx.checked_sub(1)?)? {
            TokenTree::Ident(receiver) => {
                let is_field = idx >= 2 && is_dot(&tokens[idx - 2]);
                receiver == builder && !is_field && method != "elif"
            }
            TokenTree::Group(arguments) => {
                arguments.delimiter() == Delimiter::Parenthesis && method == "elif"
            }
            _ => false,
        };
        if !is_dot(dot) || !is_known || group.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(group.stream()).ok()?;
        Some(Self { method: method.clone(), arguments: arguments.into_iter().collect() })
    }

    /// Reports the call and returns the one that was meant, from the name of the method on, or `None` if it is correct.
    fn corrected(self, problems: &mut Problems) -> Option<TokenStream> {
        let Self { method, arguments } = self;
        let name = method.to_string();
        match (name.as_str(), arguments.as_slice()) {
            ("parallel_for" | "for_each", [list, body @ Expr::Closure(_)]) => {
                let advice = "use `p.parallel_for(list).each(|p, item| ..)`";
                if name == "for_each" {
                    problems.at(&method, format!("unknown method `for_each` of the builder: {advice}"));
                } else {
                    problems.at(body, format!("`parallel_for` takes only a list: {advice}"));
                }
                let method = Ident::new("parallel_for", method.span());
                Some(quote!(#method(#list).each(#body)))
            }
            ("when" | "elif", [condition, body @ Expr::Closure(_)]) => {
                problems.at(
                    condition,
                    format!("missing name of the branch: use `.{name}(\"name\", condition, |p| ..)`"),
                );
                let condition = combined(condition, &mut Problems::default());
                Some(quote!(#method("branch", #condition, #body)))
            }
            ("when" | "elif", [arm, condition, body]) => {
                let mut operators = Problems::default();
                let condition = combined(condition, &mut operators);
                let is_wrong = !operators.is_empty();
                problems.extend(operators);
                is_wrong.then(|| quote!(#method(#arm, #condition, #body)))
            }
            _ => None,
        }
    }
}

/// Returns the condition with `&` and `|` instead of `&&` and `||`. Reports the first of them.
fn combined(condition: &Expr, problems: &mut Problems) -> Expr {
    match condition.clone() {
        Expr::Paren(mut inner) => {
            inner.expr = Box::new(combined(&inner.expr, problems));
            Expr::Paren(inner)
        }
        Expr::Unary(mut inner) => {
            inner.expr = Box::new(combined(&inner.expr, problems));
            Expr::Unary(inner)
        }
        Expr::Binary(mut inner) => {
            let (written, meant, op) = match inner.op {
                BinOp::And(and) => ("&&", "&", BinOp::BitAnd(Token![&](and.spans[0]))),
                BinOp::Or(or) => ("||", "|", BinOp::BitOr(Token![|](or.spans[0]))),
                _ => return Expr::Binary(inner),
            };
            if problems.is_empty() {
                problems.at(
                    inner.op.to_token_stream(),
                    format!(
                        "use `{meant}` instead of `{written}`: conditions are evaluated only when the pipeline runs"
                    ),
                );
            }
            inner.left = Box::new(combined(&inner.left, problems));
            inner.right = Box::new(combined(&inner.right, problems));
            inner.op = op;
            Expr::Binary(inner)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_corrected_and_reported() {
        let unchanged = None;
        for (body, expected) in [
            ("{ p.parallel_for(list, |p, item| {}); }", Some("{ p.parallel_for(list).each(|p, item| {}); }")),
            ("{ p.for_each(list, |p, item| {}); }", Some("{ p.parallel_for(list).each(|p, item| {}); }")),
            (
                "{ p.when(c, |p| p.when(d, |p| {})); }",
                Some("{ p.when(\"branch\", c, |p| p.when(\"branch\", d, |p| {})); }"),
            ),
            (
                "{ p.when(\"a\", b.gt(1) && !(c || d) && e, |p| {}).elif(x, |p| {}); }",
                Some("{ p.when(\"a\", b.gt(1) & !(c | d) & e, |p| {}).elif(\"branch\", x, |p| {}); }"),
            ),
            ("{ p.parallel_for(list).each(|p, item| {}); }", unchanged),
            ("{ p.when(\"a\", b & c, |p| { if x && y {} }); }", unchanged),
            ("{ q.when(c, |p| {}); q.p.parallel_for(a, |b| {}); p.when(c, body); }", unchanged),
            ("{ p.when(;); p.parallel_for(a, |b); }", unchanged),
        ] {
            let mut problems = Problems::default();
            let signature = syn::parse_quote!(fn train(p: &Pipeline));
            let parsed = |code: &str| code.parse::<TokenStream>().unwrap();
            let text = |tokens: TokenStream| tokens.to_string().replace(' ', "");
            let found = checked(parsed(body), &signature, &mut problems);
            assert_eq!(text(found), text(parsed(expected.unwrap_or(body))), "{body}");
            assert_eq!(problems.is_empty(), expected.is_none(), "{body}");
        }
    }
}
