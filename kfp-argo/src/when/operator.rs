//! Operators of conditions, and how tightly they bind. The parser and the printer read the same table.

/// An operator between two operands. All of them group from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BinaryOperator {
    /// `,`: makes a list.
    Separator,
    /// `?`: the right operand where the left one is true.
    Then,
    /// `:`: the right operand where the left one is nil.
    Otherwise,
    /// `??`: the right operand where the left one is nil.
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

/// An operator before its operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrefixOperator {
    /// `!`.
    Not,
    /// `-`.
    Minus,
    /// `~`.
    Invert,
}

/// How tightly operators bind, from the loosest.
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

impl BinaryOperator {
    /// All binary operators.
    pub const ALL: [Self; 26] = [
        Self::Separator,
        Self::Then,
        Self::Otherwise,
        Self::Coalesce,
        Self::Or,
        Self::And,
        Self::Equal,
        Self::NotEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Matches,
        Self::MatchesNot,
        Self::In,
        Self::BitwiseAnd,
        Self::BitwiseOr,
        Self::BitwiseXor,
        Self::ShiftLeft,
        Self::ShiftRight,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
        Self::Power,
    ];

    /// How the operator is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Separator => ",",
            Self::Then => "?",
            Self::Otherwise => ":",
            Self::Coalesce => "??",
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Matches => "=~",
            Self::MatchesNot => "!~",
            Self::In => "in",
            Self::BitwiseAnd => "&",
            Self::BitwiseOr => "|",
            Self::BitwiseXor => "^",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "**",
        }
    }

    /// How tightly it binds.
    pub fn precedence(self) -> Precedence {
        match self {
            Self::Separator => Precedence::List,
            Self::Then | Self::Otherwise | Self::Coalesce => Precedence::Ternary,
            Self::Or => Precedence::Or,
            Self::And => Precedence::And,
            Self::Equal
            | Self::NotEqual
            | Self::Greater
            | Self::GreaterOrEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Matches
            | Self::MatchesNot
            | Self::In => Precedence::Comparison,
            Self::BitwiseAnd | Self::BitwiseOr | Self::BitwiseXor => Precedence::Bitwise,
            Self::ShiftLeft | Self::ShiftRight => Precedence::Shift,
            Self::Add | Self::Subtract => Precedence::Sum,
            Self::Multiply | Self::Divide | Self::Remainder => Precedence::Product,
            Self::Power => Precedence::Power,
        }
    }

    /// The operator that is written so.
    pub(super) fn of(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }
}

impl PrefixOperator {
    /// All operators before an operand.
    pub const ALL: [Self; 3] = [Self::Not, Self::Minus, Self::Invert];

    /// How the operator is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Not => "!",
            Self::Minus => "-",
            Self::Invert => "~",
        }
    }

    /// The operator that is written so.
    pub(super) fn of(symbol: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }
}
