//! Conditions: when a branch is taken.

use serde::{Deserialize, Serialize};

use crate::{Expression, Reference};

/// A truth value computed from expressions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Two values compared.
    Compare(Box<Comparison>),
    /// An expression of type boolean.
    Holds(Expression),
    /// Whether an option has a value.
    Present(Expression),
    /// Whether all hold.
    And(Vec<Condition>),
    /// Whether at least one holds.
    Or(Vec<Condition>),
    /// Whether it does not hold.
    Not(Box<Condition>),
}

/// Two values compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The left side.
    pub left: Expression,
    /// How they are compared.
    pub operator: Operator,
    /// The right side.
    pub right: Expression,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// The same.
    Equal,
    /// Not the same.
    NotEqual,
    /// Smaller, for numbers only.
    Less,
    /// Smaller or the same, for numbers only.
    LessOrEqual,
    /// Greater, for numbers only.
    Greater,
    /// Greater or the same, for numbers only.
    GreaterOrEqual,
}

impl Operator {
    /// The sign that Argo's expression language, Python and Rust all use.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether the operator asks for an order, which only numbers have.
    pub fn needs_order(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

impl Condition {
    /// Calls `visit` with every expression of the tree, from left to right.
    pub fn for_each_expression<'a>(&'a self, visit: &mut impl FnMut(&'a Expression)) {
        match self {
            Self::Compare(comparison) => {
                visit(&comparison.left);
                visit(&comparison.right);
            }
            Self::Holds(expression) | Self::Present(expression) => visit(expression),
            Self::And(conditions) | Self::Or(conditions) => {
                for condition in conditions {
                    condition.for_each_expression(visit);
                }
            }
            Self::Not(condition) => condition.for_each_expression(visit),
        }
    }

    /// Calls `visit` with every reference of the tree, from left to right.
    pub fn for_each_reference<'a>(&'a self, visit: &mut impl FnMut(&'a Reference)) {
        self.for_each_expression(&mut |expression| expression.for_each_reference(visit));
    }
}
