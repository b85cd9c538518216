//! The result types of operators.

use super::kind::Kind::{self, Boolean, Duration, Float, Integer, Nothing, Text, Time, Unknown};

/// Returns the result type of a binary operator; `None` if it does not support the operands.
pub(super) fn binary(operator: &str, left: &Kind, right: &Kind) -> Option<Kind> {
    let numbers = left.is_number() && right.is_number();
    let both = |kind: &Kind| left == kind && right == kind;
    let is = |first: &Kind, second: &Kind| left == first && right == second;
    match operator {
        "==" | "!=" => left.is_comparable_to(right).then_some(Boolean),
        "or" | "||" | "and" | "&&" => (both(&Boolean) || left.may_be(right, &[Boolean])).then_some(Boolean),
        "<" | ">" | ">=" | "<=" => {
            let ordered = numbers || both(&Text) || both(&Time) || both(&Duration);
            (ordered || left.may_be(right, &[Integer, Float, Text, Time, Duration])).then_some(Boolean)
        }
        "-" => {
            if numbers {
                return Some(promoted(left, right));
            }
            if both(&Time) || both(&Duration) {
                return Some(Duration);
            }
            if is(&Time, &Duration) {
                return Some(Time);
            }
            left.may_be(right, &[Integer, Float, Time, Duration]).then_some(Unknown)
        }
        "*" => {
            if numbers {
                return Some(promoted(left, right));
            }
            let lengths = both(&Duration)
                || left.is_number() && *right == Duration
                || *left == Duration && right.is_number();
            if lengths {
                return Some(Duration);
            }
            left.may_be(right, &[Integer, Float, Duration]).then_some(Unknown)
        }
        "/" | "**" | "^" => (numbers || left.may_be(right, &[Integer, Float])).then_some(Float),
        "%" => (both(&Integer) || left.may_be(right, &[Integer])).then_some(Integer),
        "+" => sum(left, right),
        "in" => contained(left, right),
        "matches" => {
            let text = matches!(left, Text | Kind::Bytes) && *right == Text;
            (text || left.may_be(right, &[Text])).then_some(Boolean)
        }
        "contains" | "startsWith" | "endsWith" => {
            (both(&Text) || left.may_be(right, &[Text])).then_some(Boolean)
        }
        ".." => {
            let range = both(&Integer) || left.may_be(right, &[Integer]);
            range.then(|| Kind::List(Box::new(Integer)))
        }
        "??" => Some(first_present(left, right)),
        _ => None,
    }
}

fn sum(left: &Kind, right: &Kind) -> Option<Kind> {
    match (left, right) {
        (Text, Text) => Some(Text),
        (Time, Duration) | (Duration, Time) => Some(Time),
        (Duration, Duration) => Some(Duration),
        _ if left.is_number() && right.is_number() => Some(promoted(left, right)),
        _ => left.may_be(right, &[Integer, Float, Text, Time, Duration]).then_some(Unknown),
    }
}

fn contained(left: &Kind, right: &Kind) -> Option<Kind> {
    let fine = match right {
        Time => left.is_unknown() || *left == Text,
        Kind::AnyMap => true,
        _ if right.is_map() => left.is_unknown() || *left == Text,
        _ if right.is_list() => left.is_comparable_to(&right.element()),
        Text => left.is_unknown(),
        _ => right.is_unknown(),
    };
    fine.then_some(Boolean)
}

fn first_present(left: &Kind, right: &Kind) -> Kind {
    match (left, right) {
        (Nothing, _) => right.clone(),
        (_, Nothing) => left.clone(),
        _ if right.is_assignable_to(left) => left.clone(),
        _ => Unknown,
    }
}

fn promoted(left: &Kind, right: &Kind) -> Kind {
    if *left == Float || *right == Float { Float } else { Integer }
}

/// Returns the result type of a unary operator; `None` if it does not support the operand.
pub(super) fn unary(operator: &str, operand: &Kind) -> Option<Kind> {
    match operator {
        "!" | "not" => (*operand == Boolean || operand.is_unknown()).then_some(Boolean),
        _ if operand.is_number() => Some(operand.clone()),
        _ => operand.is_unknown().then_some(Unknown),
    }
}

/// Returns the common type of two alternatives.
pub(super) fn either(then: &Kind, otherwise: &Kind) -> Kind {
    match (then, otherwise) {
        (Nothing, _) => otherwise.clone(),
        (_, Nothing) => then.clone(),
        _ if !then.is_assignable_to(otherwise) => Unknown,
        (Kind::List(one), Kind::List(other))
            if !one.is_assignable_to(other) || !other.is_assignable_to(one) =>
        {
            Kind::list()
        }
        _ => then.clone(),
    }
}
