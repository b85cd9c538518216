//! Places of generated code: what rustc says about it is said where it comes from.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens as if they stood at `span`.
///
/// An expression is reported where its first and last tokens stand, so the path of the SDK in front of a call
/// needs the place of the call.
pub(crate) fn placed(tokens: impl ToTokens, span: Span) -> TokenStream {
    tokens.into_token_stream().into_iter().map(|token| placed_token(token, span)).collect()
}

fn placed_token(token: TokenTree, span: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), placed(group.stream(), span)))
        }
        other => other,
    };
    token.set_span(span);
    token
}
