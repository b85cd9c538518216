//! The language of `when` where the condition is not one tag `{{=…}}`: what govaluate reads after Argo has replaced
//! the tags.
//!
//! [`parse()`] reads text into a [`Condition`], which can also be built and prints itself. Tags are operands whose value
//! is not known. Words without quotes are texts, as the controller makes one of each variable.

mod lexer;
mod operator;
mod parser;
mod print;
mod token;
mod tree;

pub use operator::{BinaryOperator, Precedence, PrefixOperator};
pub use parser::parse;
pub use tree::{Condition, Form, Node, NodeId};
