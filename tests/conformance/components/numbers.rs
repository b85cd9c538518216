//! Steps that compute with numbers.

use kfp_sdk::prelude::*;

/// Add two numbers.
#[component]
pub(crate) fn add(a: i64, #[default(1)] b: i64) -> i64 {
    a + b
}

/// Add the numbers of a list.
#[component]
pub(crate) fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

/// Return whether a number is even.
#[component]
pub(crate) fn is_even(value: i64) -> bool {
    value % 2 == 0
}

/// A number and its double.
#[derive(Outputs)]
pub(crate) struct Doubled {
    /// The number itself.
    pub once: i64,
    /// Twice the number.
    pub twice: i64,
}

/// Double a number.
#[component]
pub(crate) fn double(value: i64) -> Doubled {
    Doubled { once: value, twice: 2 * value }
}

/// Return a float that JSON cannot represent.
#[component]
pub(crate) fn not_a_number() -> f64 {
    f64::NAN
}
