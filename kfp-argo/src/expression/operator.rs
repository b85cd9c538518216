//! Operators and their precedence. The parser and the printer use the same table.

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOperator {
    /// `||`, also written `or`.
    Or,
    /// `&&`, also written `and`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `<=`.
    LessOrEqual,
    /// `in`.
    In,
    /// `matches`: the right operand is a regular expression.
    Matches,
    /// `contains`.
    Contains,
    /// `startsWith`.
    StartsWith,
    /// `endsWith`.
    EndsWith,
    /// `..`.
    Range,
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
    /// `**`, also written `^`.
    Power,
    /// `??`: the right operand if the left one is nil.
    Coalesce,
}

/// A unary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnaryOperator {
    /// `!`, also written `not`.
    Not,
    /// `-`.
    Minus,
    /// `+`.
    Plus,
}

/// Every binary operator with its symbol, its alternative spelling, and its precedence.
const BINARY: [(BinaryOperator, &str, &str, u16); 21] = [
    (BinaryOperator::Or, "||", "or", 10),
    (BinaryOperator::And, "&&", "and", 15),
    (BinaryOperator::Equal, "==", "==", 20),
    (BinaryOperator::NotEqual, "!=", "!=", 20),
    (BinaryOperator::Less, "<", "<", 20),
    (BinaryOperator::Greater, ">", ">", 20),
    (BinaryOperator::GreaterOrEqual, ">=", ">=", 20),
    (BinaryOperator::LessOrEqual, "<=", "<=", 20),
    (BinaryOperator::In, "in", "in", 20),
    (BinaryOperator::Matches, "matches", "matches", 20),
    (BinaryOperator::Contains, "contains", "contains", 20),
    (BinaryOperator::StartsWith, "startsWith", "startsWith", 20),
    (BinaryOperator::EndsWith, "endsWith", "endsWith", 20),
    (BinaryOperator::Range, "..", "..", 25),
    (BinaryOperator::Add, "+", "+", 30),
    (BinaryOperator::Subtract, "-", "-", 30),
    (BinaryOperator::Multiply, "*", "*", 60),
    (BinaryOperator::Divide, "/", "/", 60),
    (BinaryOperator::Remainder, "%", "%", 60),
    (BinaryOperator::Power, "**", "^", 100),
    (BinaryOperator::Coalesce, "??", "??", 500),
];

impl BinaryOperator {
    /// Returns the operator with that symbol.
    pub(super) fn read(symbol: &str) -> Option<Self> {
        BINARY
            .iter()
            .find(|(_, one, other, _)| [*one, *other].contains(&symbol))
            .map(|(operator, ..)| *operator)
    }

    /// Returns the symbol of the operator: `&&`, not `and`.
    pub fn symbol(self) -> &'static str {
        BINARY[self as usize].1
    }

    /// Returns the precedence in the engine, which starts at 10.
    pub(super) fn precedence(self) -> u16 {
        BINARY[self as usize].3
    }

    /// Returns whether `a ∘ b ∘ c` is `a ∘ (b ∘ c)`.
    pub(super) fn is_right_associative(self) -> bool {
        self == Self::Power
    }

    /// Returns whether `a ∘ b ∘ c` is `a ∘ b && b ∘ c`.
    pub(super) fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::Greater | Self::GreaterOrEqual | Self::LessOrEqual)
    }
}

impl UnaryOperator {
    /// Returns the operator with that symbol.
    pub(super) fn read(symbol: &str) -> Option<Self> {
        match symbol {
            "not" | "!" => Some(Self::Not),
            "-" => Some(Self::Minus),
            "+" => Some(Self::Plus),
            _ => None,
        }
    }

    /// Returns the symbol of the operator: `!`, not `not`.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Minus => "-",
            Self::Plus => "+",
        }
    }

    /// Returns the precedence in the engine.
    pub(super) fn precedence(self) -> u16 {
        match self {
            Self::Not => 50,
            Self::Minus | Self::Plus => 90,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_operators() {
        for (idx, (operator, symbol, other, _)) in BINARY.into_iter().enumerate() {
            assert_eq!(operator as usize, idx);
            assert_eq!(BinaryOperator::read(symbol), Some(operator));
            assert_eq!(BinaryOperator::read(other), Some(operator));
        }
    }
}
