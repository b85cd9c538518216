//! The tokens of expressions.

use std::ops::Range;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Identifier,
    Number,
    Text,
    Bytes,
    /// A symbol or keyword that joins operands, such as `+` or `matches`.
    Operator,
    Bracket,
    /// The end of the expression.
    End,
}

/// A token and its span.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// The text of the token; for a string, its value without quotes.
    pub(super) value: String,
    pub(super) span: Range<usize>,
}

/// The keywords, which cannot be names.
pub const KEYWORDS: &[&str] =
    &["not", "in", "or", "and", "matches", "contains", "startsWith", "endsWith", "let", "if", "else"];

impl Token {
    pub(super) fn is(&self, kind: TokenKind, value: &str) -> bool {
        self.kind == kind && self.value == value
    }

    pub(super) fn is_operator(&self, value: &str) -> bool {
        self.is(TokenKind::Operator, value)
    }

    pub(super) fn is_bracket(&self, value: &str) -> bool {
        self.is(TokenKind::Bracket, value)
    }

    /// Describes the token in messages.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Text | TokenKind::Bytes => "a string".to_owned(),
            _ => format!("`{}`", self.value),
        }
    }
}

/// Returns whether the character is allowed in a name.
pub(super) fn is_in_name(character: char) -> bool {
    matches!(character, '_' | '$') || character.is_alphabetic() || is_digit(character)
}

/// Returns whether the character is a decimal digit of any script. Fractions and superscripts are not digits.
fn is_digit(character: char) -> bool {
    let other =
        matches!(character, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{2bff}');
    character.is_ascii_digit() || (!character.is_ascii() && character.is_numeric() && !other)
}

/// Returns whether the word is reserved, so that it cannot be the name of a variable, or of a task in `depends`.
pub fn is_reserved(word: &str) -> bool {
    KEYWORDS.contains(&word) || matches!(word, "true" | "false" | "nil")
}

/// Returns whether the text is a valid variable name.
pub(super) fn is_name(text: &str) -> bool {
    is_field_name(text) && !is_reserved(text)
}

/// Returns whether the text is a valid field name after a dot. Keywords are allowed.
pub(super) fn is_field_name(text: &str) -> bool {
    text.starts_with(|first: char| is_in_name(first) && !first.is_numeric()) && text.chars().all(is_in_name)
}
