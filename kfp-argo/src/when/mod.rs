//! The language of a `when` that is not a single tag `{{=…}}`: govaluate evaluates it after Argo has replaced the tags.
//!
//! [`parse()`] reads text into a [`Condition`], which can also be built and printed. Tags are operands with unknown
//! values. Unquoted words are strings, because the controller defines each variable as its own name.

mod lexer;
mod operator;
mod parser;
mod print;
mod token;
mod tree;

pub use operator::{BinaryOperator, Precedence, PrefixOperator};
pub use parser::parse;
pub use tree::{Condition, Form, Node, NodeId};
