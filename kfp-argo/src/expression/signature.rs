//! Functions with predicates.

/// The kind of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    Value,
    Predicate,
    OptionalValue,
    OptionalPredicate,
}

use Argument::{OptionalPredicate, OptionalValue, Predicate, Value};

/// Returns the arguments of a function that has a predicate; `None` for other functions.
pub(super) fn with_predicate(function: &str) -> Option<&'static [Argument]> {
    match function {
        "all" | "none" | "any" | "one" | "filter" | "map" | "find" | "findIndex" | "findLast"
        | "findLastIndex" | "groupBy" => Some(&[Value, Predicate]),
        "count" | "sum" => Some(&[Value, OptionalPredicate]),
        "sortBy" | "reduce" => Some(&[Value, Predicate, OptionalValue]),
        _ => None,
    }
}
