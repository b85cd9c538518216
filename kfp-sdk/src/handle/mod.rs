//! Handles: values that exist only when the pipeline runs, and the operations on them.
//!
//! Nothing is computed here: operations check types and record [notes](crate::notes) in the pipeline that is being
//! built.

mod collection;
mod compare;
mod condition;
mod constants;
mod expr;
mod fallback;
mod final_status;
mod fits;
mod hints;
mod into_input;
mod out;
mod text;

pub use compare::{BooleanKind, CompareWith, NumberKind, Ordered, Scalar, StringKind};
pub use condition::{Cond, IntoCond};
pub use expr::Expr;
pub use final_status::{FinalStatus, FinalStatusFields};
pub use fits::Fits;
pub use hints::{
    ComparableWhileBuilding, ComputableWhileBuilding, FormattableWhileBuilding, IterableWhileBuilding,
    KnownCondition, Operand, known_condition,
};
pub use into_input::IntoInput;
pub use out::{In, Out, input};
pub use text::{ConcatPart, IntoText, text};
