//! Handles: values that will exist when the pipeline runs, and what can be said about them before.
//!
//! Everything here works on types and on the [notes](crate::notes) of the pipeline that is being built; nothing is
//! computed.

mod collection;
mod compare;
mod condition;
mod constants;
mod expr;
mod fallback;
mod final_status;
mod fits;
mod into_input;
mod out;
mod text;

pub use compare::{CompareWith, Number, Ordered, Scalar, Truth, Words};
pub use condition::{Cond, IntoCond};
pub use expr::Expr;
pub use final_status::{FinalStatus, FinalStatusFields};
pub use fits::Fits;
pub use into_input::IntoInput;
pub use out::{In, Out, input};
pub use text::{ConcatPart, IntoText, text};
