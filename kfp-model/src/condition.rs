//! Conditions of the arms of branches.

use serde::{Deserialize, Serialize};

use crate::{Expression, Reference};

/// A boolean that is computed from expressions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// A comparison of two values.
    Compare(Box<Comparison>),
    /// The value of an expression of type boolean.
    Holds(Expression),
    /// Whether an option has a value.
    Present(Expression),
    /// Whether all conditions are true.
    And(Vec<Condition>),
    /// Whether at least one condition is true.
    Or(Vec<Condition>),
    /// Whether the condition is false.
    Not(Box<Condition>),
}

/// A comparison of two values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The left operand.
    pub left: Expression,
    /// The comparison operator.
    pub operator: Operator,
    /// The right operand.
    pub right: Expression,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`, for numbers only.
    Less,
    /// `<=`, for numbers only.
    LessOrEqual,
    /// `>`, for numbers only.
    Greater,
    /// `>=`, for numbers only.
    GreaterOrEqual,
}

impl Operator {
    /// Returns the symbol of the operator in Rust, in Python and in Argo's expression language.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// Whether the operator requires an order, which only numbers have.
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
