//! `text!`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr};

/// The text in the braces of `text!(..)`, taken apart.
struct Text {
    pieces: Vec<Piece>,
}

enum Piece {
    Literal(String),
    Value(Expr),
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let text: Text = match syn::parse2(input) {
        Ok(text) => text,
        // In the place of a text, so that rustc does not report its absence as well.
        Err(error) => {
            let error = error.to_compile_error();
            return quote!({ #error ::kfp_sdk::__private::text([]) });
        }
    };
    let pieces = text.pieces.iter().map(|piece| match piece {
        Piece::Literal(text) => quote!(::kfp_sdk::__private::ConcatPart::literal(#text)),
        Piece::Value(value) => quote!(::kfp_sdk::__private::ConcatPart::value(#value)),
    });
    quote!(::kfp_sdk::__private::text([#(#pieces),*]))
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), "`text!` takes a text: `text!(\"lr-{lr}\")`"));
        }
        let literal: LitStr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "`text!` takes a text literal: `text!(\"lr-{lr}\")`")
        })?;
        input.parse::<Option<syn::Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error("`text!` takes values in the text itself: `text!(\"lr-{lr}\")`"));
        }
        let pieces = pieces(&literal.value()).map_err(|message| syn::Error::new(literal.span(), message))?;
        let pieces = pieces.into_iter().map(|piece| parsed(piece, &literal)).collect::<syn::Result<_>>()?;
        Ok(Self { pieces })
    }
}

/// Spans inside of a literal do not exist, so errors are marked on the whole of it.
fn parsed(piece: Source, literal: &LitStr) -> syn::Result<Piece> {
    match piece {
        Source::Literal(text) => Ok(Piece::Literal(text)),
        Source::Value(text) => match LitStr::new(&text, literal.span()).parse::<Expr>() {
            Ok(Expr::Path(path)) => Ok(Piece::Value(Expr::Path(path))),
            Ok(value @ (Expr::Field(_) | Expr::MethodCall(_) | Expr::Index(_))) => Ok(Piece::Value(value)),
            _ => Err(syn::Error::new(
                literal.span(),
                format!("`{{{text}}}` is neither a name nor a field: bind the value to a name first"),
            )),
        },
    }
}

#[derive(Debug, PartialEq)]
enum Source {
    Literal(String),
    Value(String),
}

/// Splits at braces; `{{` and `}}` stand for one brace.
fn pieces(text: &str) -> Result<Vec<Source>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err("a `}` has no `{` before it: write `}}` for a brace".to_owned());
        }
        let Some((inside, after)) = rest.split_once('}') else {
            return Err("a `{` has no `}` after it: write `{{` for a brace".to_owned());
        };
        if inside.trim().is_empty() {
            return Err("`{}` names no value: write its name between the braces".to_owned());
        }
        if inside.replace("::", "").contains(':') {
            return Err(format!(
                "`{{{inside}}}` has a format, but the value is not there yet when the text is made"
            ));
        }
        if !literal.is_empty() {
            pieces.push(Source::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(Source::Value(inside.trim().to_owned()));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Source::Literal(literal));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split() {
        let literal = |text: &str| Source::Literal(text.to_owned());
        let value = |text: &str| Source::Value(text.to_owned());
        for (text, expect) in [
            ("", vec![]),
            ("plain", vec![literal("plain")]),
            (
                "lr-{lr}-bs-{ train.bs }",
                vec![literal("lr-"), value("lr"), literal("-bs-"), value("train.bs")],
            ),
            ("{{{x}}}é", vec![literal("{"), value("x"), literal("}é")]),
        ] {
            assert_eq!(pieces(text), Ok(expect), "{text}");
        }
        for text in ["{", "}", "{}", "{x:?}", "{x"] {
            assert!(pieces(text).is_err(), "{text}");
        }
    }
}
