//! States and failures as types that a pipeline can carry.

use kfp_model::{Type, status};

use super::traits::{NoFields, ReturnValue, Value};
use crate::runtime::{Failure, FailureClass, State};

macro_rules! status_values {
    ($($type:ty => $model:expr;)*) => {$(
        impl Value for $type {
            type Fields = NoFields;
            type Optional = Option<Self>;
            type Present = Self;

            fn value_type() -> Type {
                $model
            }
        }

        impl ReturnValue for $type {}
    )*};
}

status_values! {
    State => status::state_type();
    FailureClass => status::failure_class_type();
    Failure => status::failure_type();
}

#[cfg(test)]
mod tests {
    use kfp_model::status::STATES;

    use super::*;

    #[test]
    fn names_are_the_same_as_in_the_model() {
        assert_eq!(State::ALL.map(State::as_str), STATES);
    }

    #[test]
    fn failures_match_the_type_of_the_model() {
        let failures =
            serde_json::json!([{"task": "train", "message": "no rows", "exit_code": 10, "class": "data"}]);
        assert!(Vec::<Failure>::value_type().accepts_value(&failures));
    }
}
