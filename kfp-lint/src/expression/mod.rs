//! The small languages that stand in manifests: tags, expressions, conditions and `depends`.
//!
//! They are read from texts and know their places in them as ranges of bytes. What the names in them stand for
//! is told by whoever asks, by a [`Scope`]; nothing here knows workflows.
//!
//! - [`tags()`] finds what stands in `{{…}}`.
//! - [`parse()`] reads the expression of a tag `{{=…}}`, or of a field that holds one without braces.
//! - [`references()`] tells which variables an expression reads, and how it is prepared for them to be absent.
//! - [`check()`] tells what is wrong with an expression where it knows the names of a scope.
//! - [`when()`] tells what is wrong with a condition, which is another language.
//! - [`depends()`] reads which results of which tasks are waited for, and [`condition`] how they are joined.

mod builtin;
mod check;
mod depends;
mod lexer;
mod literal;
mod parser;
mod pattern;
mod problem;
mod references;
mod scope;
mod syntax;
mod tag;
mod token;
mod tree;
mod when;

pub use check::{Checked, Kind, check};
pub use depends::{Condition, Dependency, Depends, condition, depends, is_reserved};
pub use parser::parse;
pub use problem::{Gravity, Problem};
pub use references::{Guards, Reference, StatusTest, references};
pub use scope::{Names, Scope, Variable};
pub use syntax::SyntaxError;
pub use tag::{Tag, TagKind, Tags, Unclosed, has_tag, tags};
pub use token::KEYWORDS;
pub use tree::Expression;
pub use when::when;
