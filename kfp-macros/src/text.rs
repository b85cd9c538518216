//! `text!`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, LitStr};

/// The parsed argument of `text!(..)`.
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
        // Expand to a string as well, so that rustc does not report a missing value.
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
            return Err(syn::Error::new(
                Span::call_site(),
                "missing string literal: use `text!(\"lr-{lr}\")`",
            ));
        }
        let literal: LitStr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected a string literal: use `text!(\"lr-{lr}\")`")
        })?;
        input.parse::<Option<syn::Token![,]>>()?;
        if !input.is_empty() {
            return Err(input
                .error("unexpected argument: write values inside the string, such as `text!(\"lr-{lr}\")`"));
        }
        let pieces = pieces(&literal.value()).map_err(|message| syn::Error::new(literal.span(), message))?;
        let pieces = pieces.into_iter().map(|piece| parsed(piece, &literal)).collect::<syn::Result<_>>()?;
        Ok(Self { pieces })
    }
}

/// Parses a piece. Errors have the span of the whole literal, as there are no spans for parts of it.
fn parsed(piece: RawPiece, literal: &LitStr) -> syn::Result<Piece> {
    match piece {
        RawPiece::Literal(text) => Ok(Piece::Literal(text)),
        RawPiece::Value(text) => match LitStr::new(&text, literal.span()).parse::<Expr>() {
            Ok(Expr::Path(path)) => Ok(Piece::Value(Expr::Path(path))),
            Ok(value @ (Expr::Field(_) | Expr::MethodCall(_) | Expr::Index(_))) => Ok(Piece::Value(value)),
            _ => Err(syn::Error::new(
                literal.span(),
                format!(
                    "invalid value `{{{text}}}`: expected a name or a field; bind other values to a name first"
                ),
            )),
        },
    }
}

#[derive(Debug, PartialEq)]
enum RawPiece {
    Literal(String),
    Value(String),
}

/// Splits the string at braces. `{{` and `}}` are escaped braces.
fn pieces(text: &str) -> Result<Vec<RawPiece>, String> {
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
            return Err("unmatched `}`: write `}}` for a literal brace".to_owned());
        }
        let Some((inside, after)) = rest.split_once('}') else {
            return Err("unmatched `{`: write `{{` for a literal brace".to_owned());
        };
        if inside.trim().is_empty() {
            return Err("missing value in `{}`: write its name between the braces".to_owned());
        }
        if inside.replace("::", "").contains(':') {
            return Err(format!(
                "unsupported format in `{{{inside}}}`: the value exists only when the pipeline runs"
            ));
        }
        if !literal.is_empty() {
            pieces.push(RawPiece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(RawPiece::Value(inside.trim().to_owned()));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(RawPiece::Literal(literal));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split() {
        let literal = |text: &str| RawPiece::Literal(text.to_owned());
        let value = |text: &str| RawPiece::Value(text.to_owned());
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
