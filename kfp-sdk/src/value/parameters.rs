//! Parameters and secrets as types that a pipeline can carry.

use std::collections::BTreeMap;

use kfp_model::Type;
use serde_json::Value as Json;

use super::traits::{NoFields, ReturnValue, Value};
use crate::runtime::Secret;

/// Implements [`Value`] for types without fields.
macro_rules! plain_values {
    ($([$($generics:tt)*] $type:ty => $model:expr;)*) => {$(
        impl<$($generics)*> Value for $type {
            type Fields = NoFields;
            type Optional = Option<Self>;
            type Present = Self;

            fn value_type() -> Type {
                $model
            }
        }
    )*};
}

plain_values! {
    [] String => Type::String;
    [] bool => Type::Boolean;
    [] i32 => Type::Integer;
    [] i64 => Type::Integer;
    [] u32 => Type::Integer;
    [] f32 => Type::Float;
    [] f64 => Type::Float;
    [] Json => Type::Any;
    [] Secret => Type::Secret;
    [T: Value] Vec<T> => T::value_type().list();
    [T: Value] BTreeMap<String, T> => Type::Map(Box::new(T::value_type()));
}

macro_rules! return_values {
    ($([$($generics:tt)*] $type:ty),* $(,)?) => {$(
        impl<$($generics)*> ReturnValue for $type {}
    )*};
}

return_values! {
    [] String,
    [] bool,
    [] i32,
    [] i64,
    [] u32,
    [] f32,
    [] f64,
    [] Json,
    [T: ReturnValue] Vec<T>,
    [T: ReturnValue] BTreeMap<String, T>,
    [T: ReturnValue] Option<T>,
}

impl<T: Value> Value for Option<T> {
    type Fields = NoFields;
    type Optional = Self;
    type Present = T;

    fn value_type() -> Type {
        T::value_type().option()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_types_are_printed_as_in_rust() {
        type Nested = BTreeMap<String, Vec<Option<f64>>>;
        assert_eq!(Nested::value_type().to_string(), "BTreeMap<String, Vec<Option<f64>>>");
    }

    #[test]
    fn nested_options_are_flattened() {
        assert_eq!(Option::<Option<bool>>::value_type(), Type::Boolean.option());
    }
}
