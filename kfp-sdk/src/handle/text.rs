//! Strings built from literals and handles, for `text!`.

use super::compare::Scalar;
use super::expr::Expr;
use super::out::Out;
use crate::notes::{Node, TextPiece};

/// A part of a string: a literal or a value.
#[derive(Clone)]
pub struct ConcatPart(TextPiece);

/// A value that `text!` can interpolate: a number, string, boolean or enum, as a handle or a constant.
#[diagnostic::on_unimplemented(
    message = "cannot interpolate `{Self}` into a string",
    label = "expected a number, string, boolean or enum"
)]
pub trait IntoText {
    /// Returns the value as a part of a string.
    fn into_text(self) -> ConcatPart;
}

/// Returns the handle of the string that the parts form. `text!` expands to a call of this function.
#[track_caller]
pub fn text<const N: usize>(parts: [ConcatPart; N]) -> Out<String> {
    let mut pieces: Vec<TextPiece> = Vec::with_capacity(N);
    for ConcatPart(piece) in parts {
        match (pieces.last_mut(), piece) {
            (Some(TextPiece::Literal(before)), TextPiece::Literal(text)) => before.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    }
    Out::of(Node::Text(pieces))
}

impl ConcatPart {
    /// Returns a literal part.
    pub fn literal(text: &str) -> Self {
        Self(TextPiece::Literal(text.to_owned()))
    }

    /// Returns a part with the value of a handle or constant.
    pub fn value(value: impl IntoText) -> Self {
        value.into_text()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Scalar> IntoText for Out<T> {
    fn into_text(self) -> ConcatPart {
        let Expr(node) = Expr::handle(self.raw());
        ConcatPart(TextPiece::Value(node))
    }
}

macro_rules! constant_parts {
    ($($type:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoText for $type {
            fn into_text(self) -> ConcatPart {
                ConcatPart::literal(&self.to_string())
            }
        }
    )*};
}

constant_parts!(&str &String String bool char i32 i64 u32 u64 usize f32 f64);
