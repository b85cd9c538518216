//! The language of expressions in tags `{{=…}}` and in fields that take an expression, which is expr-lang 1.17 with
//! the functions that Argo adds.
//!
//! [`parse()`] reads text into an [`Expression`], which can also be built and printed; [`references()`] lists the
//! variables that it reads. This module does not know which variables exist.

mod build;
pub mod builtin;
mod lexer;
mod literal;
mod operator;
mod parser;
mod print;
mod references;
mod rename;
mod signature;
mod syntax;
mod token;
mod tree;

pub use operator::{BinaryOperator, UnaryOperator};
pub use parser::parse;
pub use references::{Guards, Reference, StatusTest, references};
pub use syntax::SyntaxError;
pub use token::{KEYWORDS, is_reserved};
pub use tree::{Access, Expression, Form, Node, NodeId};
