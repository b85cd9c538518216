//! Operators of conditions and their precedence. The parser and the printer use the same table.

/// A binary operator. All of them are left-associative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOperator {
    /// `,`: creates a list.
    Separator,
    /// `?`: the right operand if the left one is true.
    Then,
    /// `:`: the right operand if the left one is nil.
    Otherwise,
    /// `??`: the right operand if the left one is nil.
    Coalesce,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `=~`: the right operand is a regular expression.
    Matches,
    /// `!~`: the right operand is a regular expression.
    MatchesNot,
    /// `in`: the right operand is a list.
    In,
    /// `&`.
    BitwiseAnd,
    /// `|`.
    BitwiseOr,
    /// `^`.
    BitwiseXor,
    /// `<<`.
    ShiftLeft,
    /// `>>`.
    ShiftRight,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `**`.
    Power,
}

/// A prefix operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrefixOperator {
    /// `!`.
    Not,
    /// `-`.
    Minus,
    /// `~`.
    Invert,
}

/// The precedence of operators, from the lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precedence {
    /// `,`.
    List,
    /// `?`, `:` and `??`.
    Ternary,
    /// `||`.
    Or,
    /// `&&`.
    And,
    /// Comparisons.
    Comparison,
    /// `&`, `|` and `^`.
    Bitwise,
    /// `<<` and `>>`.
    Shift,
    /// `+` and `-`.
    Sum,
    /// `*`, `/` and `%`.
    Product,
    /// `**`.
    Power,
}

/// Every binary operator with its symbol and precedence.
const BINARY: [(BinaryOperator, &str, Precedence); 26] = [
    (BinaryOperator::Separator, ",", Precedence::List),
    (BinaryOperator::Then, "?", Precedence::Ternary),
    (BinaryOperator::Otherwise, ":", Precedence::Ternary),
    (BinaryOperator::Coalesce, "??", Precedence::Ternary),
    (BinaryOperator::Or, "||", Precedence::Or),
    (BinaryOperator::And, "&&", Precedence::And),
    (BinaryOperator::Equal, "==", Precedence::Comparison),
    (BinaryOperator::NotEqual, "!=", Precedence::Comparison),
    (BinaryOperator::Greater, ">", Precedence::Comparison),
    (BinaryOperator::GreaterOrEqual, ">=", Precedence::Comparison),
    (BinaryOperator::Less, "<", Precedence::Comparison),
    (BinaryOperator::LessOrEqual, "<=", Precedence::Comparison),
    (BinaryOperator::Matches, "=~", Precedence::Comparison),
    (BinaryOperator::MatchesNot, "!~", Precedence::Comparison),
    (BinaryOperator::In, "in", Precedence::Comparison),
    (BinaryOperator::BitwiseAnd, "&", Precedence::Bitwise),
    (BinaryOperator::BitwiseOr, "|", Precedence::Bitwise),
    (BinaryOperator::BitwiseXor, "^", Precedence::Bitwise),
    (BinaryOperator::ShiftLeft, "<<", Precedence::Shift),
    (BinaryOperator::ShiftRight, ">>", Precedence::Shift),
    (BinaryOperator::Add, "+", Precedence::Sum),
    (BinaryOperator::Subtract, "-", Precedence::Sum),
    (BinaryOperator::Multiply, "*", Precedence::Product),
    (BinaryOperator::Divide, "/", Precedence::Product),
    (BinaryOperator::Remainder, "%", Precedence::Product),
    (BinaryOperator::Power, "**", Precedence::Power),
];

impl BinaryOperator {
    /// Returns the operator with that symbol.
    pub(super) fn read(symbol: &str) -> Option<Self> {
        BINARY.iter().find(|(_, one, _)| *one == symbol).map(|(operator, ..)| *operator)
    }

    /// Returns all binary operators.
    pub fn all() -> impl Iterator<Item = Self> {
        BINARY.iter().map(|(operator, ..)| *operator)
    }

    /// Returns the symbol of the operator.
    pub fn symbol(self) -> &'static str {
        BINARY[self as usize].1
    }

    /// Returns the precedence of the operator.
    pub fn precedence(self) -> Precedence {
        BINARY[self as usize].2
    }
}

impl PrefixOperator {
    /// All prefix operators.
    pub const ALL: [Self; 3] = [Self::Not, Self::Minus, Self::Invert];

    /// Returns the symbol of the operator.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Minus => "-",
            Self::Invert => "~",
        }
    }

    /// Returns the operator with that symbol.
    pub(super) fn read(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_operators() {
        for (idx, operator) in BinaryOperator::all().enumerate() {
            assert_eq!(operator as usize, idx);
            assert_eq!(BinaryOperator::read(operator.symbol()), Some(operator));
        }
    }
}
