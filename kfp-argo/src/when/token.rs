//! The words of a condition, and which may follow which.

use std::ops::Range;

use super::operator::{BinaryOperator, Precedence, PrefixOperator};
use super::tree::Form;

/// A word and where it is.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A form without parts.
    Operand(Form),
    Prefix(PrefixOperator),
    Binary(BinaryOperator),
    Open,
    Close,
}

/// The kinds of words that govaluate's table of states distinguishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Start,
    Text,
    Accessor,
    /// Any other operand.
    Operand,
    Prefix,
    /// Comparisons, logical operators and those that compute.
    Infix,
    Ternary,
    Separator,
    Open,
    Close,
}

impl TokenKind {
    pub(super) fn state(&self) -> State {
        match self {
            Self::Operand(Form::Text(_) | Form::Word(_)) => State::Text,
            Self::Operand(Form::Accessor(_)) => State::Accessor,
            Self::Operand(_) => State::Operand,
            Self::Prefix(_) => State::Prefix,
            Self::Binary(operator) => match operator.precedence() {
                Precedence::List => State::Separator,
                Precedence::Ternary => State::Ternary,
                _ => State::Infix,
            },
            Self::Open => State::Open,
            Self::Close => State::Close,
        }
    }
}

impl State {
    pub(super) fn is_operand(self) -> bool {
        matches!(self, Self::Text | Self::Accessor | Self::Operand)
    }

    /// Whether govaluate takes the other kind of word after this one.
    pub(super) fn can_precede(self, next: Self) -> bool {
        let begins = next.is_operand() || matches!(next, Self::Prefix | Self::Open);
        let continues = matches!(next, Self::Infix | Self::Close | Self::Ternary | Self::Separator);
        match self {
            Self::Start | Self::Separator => begins,
            Self::Open | Self::Infix => begins || next == Self::Close,
            Self::Ternary => begins || next == Self::Separator,
            Self::Close => !matches!(next, Self::Prefix | Self::Accessor),
            Self::Prefix => {
                matches!(next, Self::Operand | Self::Accessor | Self::Open | Self::Close)
            }
            Self::Accessor => continues || next == Self::Open,
            Self::Text | Self::Operand => continues,
        }
    }

    /// Whether a condition may end with such a word.
    pub(super) fn can_end(self) -> bool {
        self.is_operand() || self == Self::Close
    }
}
