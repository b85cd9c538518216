//! The tokens of a condition, and which of them can follow each other.

use std::ops::Range;

use super::operator::{BinaryOperator, Precedence, PrefixOperator};
use super::tree::Form;

/// A token and its span.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A form without operands.
    Operand(Form),
    Prefix(PrefixOperator),
    Binary(BinaryOperator),
    Open,
    Close,
}

/// The states of govaluate's table of allowed tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Start,
    Text,
    Accessor,
    /// Any other operand.
    Operand,
    Prefix,
    /// Comparison, logical and arithmetic operators.
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

    /// Returns whether govaluate accepts the other kind of token after this one.
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

    /// Returns whether a condition can end with this kind of token.
    pub(super) fn can_end(self) -> bool {
        self.is_operand() || self == Self::Close
    }
}
