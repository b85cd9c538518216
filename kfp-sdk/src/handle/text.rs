//! Text put together of literals and handles.

use super::compare::Scalar;
use super::expr::Expr;
use super::out::Out;
use crate::notes::{Node, TextPiece};

/// A part of a text.
#[derive(Clone)]
pub struct ConcatPart(TextPiece);

/// What can be put into a text: numbers, texts, truth values and enums, as handles or as they are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into a text",
    label = "only numbers, texts, truth values and enums have a place in `text!`"
)]
pub trait IntoText {
    /// The value as part of a text.
    fn into_text(self) -> ConcatPart;
}

/// A text of parts: what `text!` stands for.
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
    /// Text as it stands.
    pub fn literal(text: &str) -> Self {
        Self(TextPiece::Literal(text.to_owned()))
    }

    /// A value.
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

macro_rules! texts {
    ($($type:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoText for $type {
            fn into_text(self) -> ConcatPart {
                ConcatPart::literal(&self.to_string())
            }
        }
    )*};
}

texts!(&str &String String bool char i32 i64 u32 u64 usize f32 f64);
