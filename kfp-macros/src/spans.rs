//! Spans of generated code: rustc reports errors in it at the code of the user that it comes from.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// Returns the tokens with the span.
///
/// rustc reports an expression from its first to its last token, so the path of the SDK at the start of a call needs
/// the span of the call.
pub(crate) fn respanned(tokens: impl ToTokens, span: Span) -> TokenStream {
    tokens.into_token_stream().into_iter().map(|token| respanned_token(token, span)).collect()
}

fn respanned_token(token: TokenTree, span: Span) -> TokenTree {
    let mut token = match token {
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), respanned(group.stream(), span)))
        }
        other => other,
    };
    token.set_span(span);
    token
}
