//! The words that an expression is made of.

use std::ops::Range;

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Identifier,
    Number,
    Text,
    Bytes,
    /// A sign or a word that joins operands, as `+` or `matches`.
    Operator,
    Bracket,
    /// The end of the expression, after which there is nothing.
    End,
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// The word; what a text stands for, without its quotes.
    pub(super) value: String,
    pub(super) span: Range<usize>,
}

/// Words that join operands or begin a form, and therefore cannot be names.
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

    /// How messages call it.
    pub(super) fn shown(&self) -> String {
        match self.kind {
            TokenKind::End => "the end".to_owned(),
            TokenKind::Text | TokenKind::Bytes => "a text".to_owned(),
            _ => format!("`{}`", self.value),
        }
    }
}

/// Whether the character can stand in a name.
pub(super) fn is_in_name(character: char) -> bool {
    matches!(character, '_' | '$') || character.is_alphabetic() || is_digit(character)
}

/// Decimal digits of all scripts, without fractions and raised or circled numbers.
fn is_digit(character: char) -> bool {
    let other =
        matches!(character, '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{bc}'..='\u{be}' | '\u{2070}'..='\u{2bff}');
    character.is_ascii_digit() || (!character.is_ascii() && character.is_numeric() && !other)
}

/// Whether the language has the word, so that it cannot be the name of a variable, or of a task in `depends`.
pub fn is_reserved(word: &str) -> bool {
    KEYWORDS.contains(&word) || matches!(word, "true" | "false" | "nil")
}

/// Whether the text is a name of the language.
pub(super) fn is_name(text: &str) -> bool {
    is_field_name(text) && !is_reserved(text)
}

/// Whether the text can follow a dot. Keywords may be names of fields.
pub(super) fn is_field_name(text: &str) -> bool {
    text.starts_with(|first: char| is_in_name(first) && !first.is_numeric()) && text.chars().all(is_in_name)
}
