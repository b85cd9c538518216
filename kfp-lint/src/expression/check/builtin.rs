//! The built-in functions of the language: their parameters and results.

use kfp_argo::expression::builtin::is_builtin;

use super::kind::Kind;
use super::signature::{Calling, Mismatch, Signature, counted, expected, kind};

/// The type of the result of a call, or an error message and the index of the argument it is about.
pub(super) type Outcome = Result<Kind, (String, Option<usize>)>;

/// Returns the alternative parameter lists and the result type of a function.
fn overloads(name: &str) -> Option<(&'static [&'static str], char)> {
    Some(match name {
        "type" | "string" | "toJSON" => (&["a"], 's'),
        "trim" | "trimPrefix" | "trimSuffix" => (&["s", "ss"], 's'),
        "upper" | "lower" | "toBase64" | "fromBase64" => (&["s"], 's'),
        "split" | "splitAfter" => (&["ss", "ssi"], 'S'),
        "replace" => (&["sss", "sssi"], 's'),
        "repeat" => (&["si"], 's'),
        "join" => (&["As", "A", "Ss", "S"], 's'),
        "indexOf" | "lastIndexOf" => (&["ss"], 'i'),
        "hasPrefix" | "hasSuffix" => (&["ss"], 'b'),
        "fromJSON" => (&["s"], 'a'),
        "duration" => (&["s"], 'D'),
        "timezone" => (&["s"], 'Z'),
        "sort" => (&["A", "As", "S", "Ss"], 'A'),
        "bitand" | "bitor" | "bitxor" | "bitnand" | "bitshl" | "bitshr" | "bitushr" => (&["ii"], 'i'),
        "bitnot" => (&["i"], 'i'),
        _ => return None,
    })
}

/// Checks a call of a function without a predicate. `get` is checked separately.
pub(super) fn call(name: &str, arguments: &[Kind]) -> Outcome {
    if let Some((parameters, result)) = overloads(name) {
        return one_of(name, parameters, result, arguments);
    }
    let count = |least: usize, most: usize| {
        if (least..=most).contains(&arguments.len()) {
            return Ok(());
        }
        let range = if least == most { counted(least) } else { format!("{least} to {most} arguments") };
        Err((miscounted(name, &range, arguments.len()), None))
    };
    let of = |idx: usize, what: &str, is: fn(&Kind) -> bool| {
        let argument = &arguments[idx];
        let fine = matches!(argument, Kind::Unknown | Kind::Any | Kind::Other) || is(argument);
        if fine { Ok(()) } else { Err((mistyped(name, what, argument), Some(idx))) }
    };
    match name {
        "max" | "min" | "mean" | "median" => return aggregate(name, arguments),
        "concat" => {
            count(1, usize::MAX)?;
            (0..arguments.len()).try_for_each(|idx| of(idx, "a list", Kind::is_list))?;
            return Ok(Kind::list());
        }
        "now" => {
            return if matches!(arguments, [Kind::Location]) {
                Ok(Kind::Time)
            } else {
                count(0, 0).map(|()| Kind::Time)
            };
        }
        "date" => {
            let zone = usize::from(arguments.first() == Some(&Kind::Location));
            return count(1, 3 + zone).map(|()| Kind::Time);
        }
        "take" => {
            count(2, 2)?;
            of(0, "a list", Kind::is_list)?;
            of(1, "a number", |kind| *kind == Kind::Integer)?;
            return Ok(kept(&arguments[0]));
        }
        _ => count(1, 1)?,
    }
    match name {
        "len" => {
            of(0, "a string, a list or a map", |kind| *kind == Kind::Text || kind.is_list() || kind.is_map())
                .map(|()| Kind::Integer)
        }
        "abs" => of(0, "a number", is_measure).map(|()| arguments[0].clone()),
        "ceil" | "floor" | "round" => of(0, "a number", is_measure).map(|()| Kind::Float),
        "int" => of(0, "a number or a string", is_convertible).map(|()| Kind::Integer),
        "float" => of(0, "a number or a string", is_convertible).map(|()| Kind::Float),
        "first" | "last" => of(0, "a list", Kind::is_list).map(|()| match &arguments[0] {
            Kind::Texts => Kind::Text,
            Kind::Bytes => Kind::Integer,
            _ => Kind::Any,
        }),
        "keys" | "values" | "toPairs" => of(0, "a map", Kind::is_map).map(|()| Kind::list()),
        "fromPairs" => of(0, "a list", Kind::is_list).map(|()| Kind::AnyMap),
        "reverse" | "uniq" | "flatten" => of(0, "a list", Kind::is_list).map(|()| Kind::list()),
        // Everything else takes a predicate.
        _ => Ok(Kind::Unknown),
    }
}

fn is_measure(kind: &Kind) -> bool {
    kind.is_number() || *kind == Kind::Duration
}

fn is_convertible(kind: &Kind) -> bool {
    is_measure(kind) || *kind == Kind::Text
}

/// Returns the Go type of a list, which does not include the type of its items.
fn kept(list: &Kind) -> Kind {
    if matches!(list, Kind::List(_)) { Kind::list() } else { list.clone() }
}

/// Checks an aggregate. After a list or a value of unknown type, any argument is accepted.
fn aggregate(name: &str, arguments: &[Kind]) -> Outcome {
    for (idx, argument) in arguments.iter().enumerate() {
        if argument.is_unknown() || argument.is_list() {
            return Ok(Kind::Any);
        }
        if !is_measure(argument) {
            return Err((mistyped(name, "numbers or a list", argument), Some(idx)));
        }
    }
    arguments.first().cloned().ok_or_else(|| (miscounted(name, "1 or more arguments", 0), None))
}

fn one_of(name: &str, parameters: &[&'static str], result: char, arguments: &[Kind]) -> Outcome {
    let mut mismatch = None;
    for &parameters in parameters {
        match (Signature { parameters, result }).fits(arguments, Calling::Checked) {
            Ok(()) => return Ok(kind(result)),
            Err(Mismatch::Count) => {}
            Err(argument) => mismatch = mismatch.or(Some(argument)),
        }
    }
    Err(match mismatch {
        Some(Mismatch::Argument(idx, letter)) => {
            (mistyped(name, expected(letter), &arguments[idx]), Some(idx))
        }
        _ => {
            let counts: Vec<usize> = parameters.iter().map(|parameters| parameters.len()).collect();
            let (least, most) = (counts.iter().min().copied(), counts.iter().max().copied());
            let range = match (least, most) {
                (Some(least), Some(most)) if least < most => format!("{least} or {most} arguments"),
                (least, _) => counted(least.unwrap_or_default()),
            };
            (miscounted(name, &range, arguments.len()), None)
        }
    })
}

pub(super) fn miscounted(name: &str, expected: &str, found: usize) -> String {
    format!(
        "`{name}` expects {expected}, found {}",
        if found == 0 { "none".to_owned() } else { found.to_string() }
    )
}

pub(super) fn mistyped(name: &str, expected: &str, found: &Kind) -> String {
    format!("`{name}` expects {expected}, found {}", found.shown())
}

/// Returns whether the name is a built-in function.
pub(super) fn is_name(name: &str) -> bool {
    is_builtin(name)
}
