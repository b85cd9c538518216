//! Constants as arguments.
//!
//! Each input accepts exactly one integer type as a constant: otherwise, rustc could not infer the type of a literal.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::expr::Expr;
use super::into_input::IntoInput;
use crate::runtime::{FailureClass, Param, Secret, State};

/// Implements [`IntoInput`] for constants of a type, for inputs of a type and for options of it.
macro_rules! constants {
    ($($constant:ty => $input:ty, $convert:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntoInput<$input> for $constant {
            fn into_input(self) -> Expr {
                let convert: fn($constant) -> Expr = $convert;
                convert(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl IntoInput<Option<$input>> for $constant {
            fn into_input(self) -> Expr {
                IntoInput::<$input>::into_input(self)
            }
        }
    )*};
}

constants! {
    &str => String, |text| Expr::constant(Ok(Json::from(text)));
    &str => Json, |text| Expr::constant(Ok(Json::from(text)));
    &String => String, |text| Expr::constant(text.encode());
    String => String, |text| Expr::constant(text.encode());
    bool => bool, |boolean| Expr::constant(boolean.encode());
    i32 => i32, |number| Expr::constant(number.encode());
    i64 => i64, |number| Expr::constant(number.encode());
    u32 => u32, |number| Expr::constant(number.encode());
    f32 => f32, |number| Expr::constant(number.encode());
    i64 => f32, |number| Expr::constant(number.encode());
    f64 => f64, |number| Expr::constant(number.encode());
    i64 => f64, |number| Expr::constant(number.encode());
    Json => Json, |json| Expr::constant(Ok(json));
    State => State, |state| Expr::constant(state.encode());
    FailureClass => FailureClass, |class| Expr::constant(class.encode());
    Secret => Secret, |secret| Expr::constant(Ok(Json::from(secret.name())));
}

#[diagnostic::do_not_recommend]
impl<T: Param> IntoInput<Self> for BTreeMap<String, T> {
    fn into_input(self) -> Expr {
        Expr::constant(self.encode())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param> IntoInput<Option<Self>> for BTreeMap<String, T> {
    fn into_input(self) -> Expr {
        Expr::constant(self.encode())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param> IntoInput<Self> for Option<T> {
    fn into_input(self) -> Expr {
        Expr::constant(self.encode())
    }
}
