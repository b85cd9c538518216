//! Handles: values that will exist when the pipeline runs, and what can be said about them before.
//!
//! Everything here works on types and on the notes of the pipeline that is being built; nothing is computed.

mod collection;
mod compare;
mod condition;
mod constants;
mod expr;
mod fits;
mod into_input;
mod out;
mod raw;
mod text;

pub use compare::{CompareWith, Number, Ordered, Scalar, Truth, Words};
pub(crate) use condition::ConditionNode;
pub use condition::{Cond, IntoCond};
pub use expr::Expr;
pub(crate) use expr::{Node, TextPiece};
pub use fits::Fits;
pub use into_input::IntoInput;
pub use out::{In, Out};
pub use raw::Raw;
pub use text::{IntoText, TextPart, text};
