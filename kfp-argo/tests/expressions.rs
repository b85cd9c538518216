//! Printing and parsing an expression returns the same expression.

use kfp_argo::expression::{BinaryOperator, Expression, UnaryOperator, parse};
use proptest::prelude::*;
use proptest::sample::select;

const BINARY: [BinaryOperator; 21] = {
    use BinaryOperator as Op;
    [
        Op::Or,
        Op::And,
        Op::Equal,
        Op::NotEqual,
        Op::Less,
        Op::Greater,
        Op::GreaterOrEqual,
        Op::LessOrEqual,
        Op::In,
        Op::Matches,
        Op::Contains,
        Op::StartsWith,
        Op::EndsWith,
        Op::Range,
        Op::Add,
        Op::Subtract,
        Op::Multiply,
        Op::Divide,
        Op::Remainder,
        Op::Power,
        Op::Coalesce,
    ]
};

/// Strings with characters that are special in the language, in tags and in Argo.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "{", "}", "{{", "}}", "'", "\"", "\\", "u003c", "\\u0026", "\n", "\r", "\t", "`", "$", "é", "x", " ",
        "\u{0}",
    ];
    prop_oneof![
        prop::collection::vec(select(pieces.to_vec()), 0..6).prop_map(|pieces| pieces.concat()),
        "\\PC{0,8}",
    ]
}

fn names() -> impl Strategy<Value = &'static str> {
    select(vec![
        "a", "tasks", "in", "if", "true", "nil", "a-b", "_x$1", "not", "ä", "1st", "asInt", "let", "",
    ])
}

fn operands() -> impl Strategy<Value = Expression> {
    prop_oneof![
        Just(Expression::nil()),
        any::<bool>().prop_map(Expression::boolean),
        any::<i64>().prop_map(Expression::integer),
        any::<f64>().prop_map(Expression::float),
        texts().prop_map(Expression::text),
        prop::collection::vec(any::<u8>(), 0..4).prop_map(Expression::bytes),
        names().prop_map(Expression::name),
    ]
}

fn expressions() -> impl Strategy<Value = Expression> {
    operands().prop_recursive(6, 60, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 0..4);
        let maybe = prop::option::of(inner.clone());
        prop_oneof![
            (inner.clone(), select(BINARY.to_vec()), inner.clone())
                .prop_map(|(left, operator, right)| left.binary(operator, right)),
            (inner.clone(), select(vec![UnaryOperator::Not, UnaryOperator::Minus, UnaryOperator::Plus]))
                .prop_map(|(operand, operator)| operand.unary(operator)),
            (inner.clone(), select(BINARY.to_vec()), inner.clone())
                .prop_map(|(left, operator, right)| left.binary(operator, right)),
            (inner.clone(), names()).prop_map(|(base, name)| base.field(name)),
            (inner.clone(), names()).prop_map(|(base, name)| base.optional_field(name)),
            (inner.clone(), inner.clone()).prop_map(|(base, index)| base.index(index)),
            (inner.clone(), inner.clone()).prop_map(|(base, index)| base.optional_index(index)),
            (inner.clone(), maybe.clone(), maybe).prop_map(|(base, from, to)| base.slice(from, to)),
            (select(vec!["asInt", "toJson", "len", "string"]), some.clone())
                .prop_map(|(name, arguments)| Expression::call(name, arguments)),
            (select(vec!["trim", "fail"]), some.clone())
                .prop_map(|(name, arguments)| Expression::library_call("sprig", name, arguments)),
            (select(vec!["map", "filter", "sortBy", "count"]), inner.clone(), inner.clone()).prop_map(
                |(name, list, each)| Expression::call(
                    name,
                    [list, Expression::item().field("x").binary(BinaryOperator::Add, each)]
                )
            ),
            (inner.clone(), inner.clone()).prop_map(|(list, each)| Expression::call("map", [list, each])),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(list, each, first)| Expression::call(
                "reduce",
                [list, Expression::accumulator().plus(each), first]
            )),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(condition, then, otherwise)| condition.then_else(then, otherwise)),
            (inner.clone(), inner.clone()).prop_map(|(value, body)| value.bind("made", body)),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::sequence),
            some.prop_map(Expression::list),
            prop::collection::vec((texts(), inner), 0..3).prop_map(|pairs| Expression::map(
                pairs.iter().map(|(key, value)| (key.as_str(), value.clone()))
            )),
        ]
    })
}

/// Texts that are similar to expressions.
fn sources() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "b.c",
        "asInt",
        "map",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ";",
        ":",
        "?",
        "?.",
        "??",
        ".",
        "..",
        "+",
        "-",
        "*",
        "**",
        "!",
        " not ",
        " in ",
        " and ",
        "||",
        "|",
        "<",
        "<=",
        "==",
        "#",
        "#acc",
        "'x'",
        "\"y\"",
        "`z`",
        "b'\\xff\u{e9}'",
        "1",
        ".5",
        "1e9",
        "nil",
        "true",
        "let x = 1; ",
        "::len",
        "$env",
        " ",
    ];
    prop::collection::vec(select(pieces.to_vec()), 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn built_expressions_round_trip(expression in expressions()) {
        let text = expression.to_string();
        prop_assert_eq!(parse(&text), Ok(expression.clone()), "{}", text);
    }

    #[test]
    fn printed_expressions_fit_into_a_tag(expression in expressions()) {
        let text = expression.to_string();
        prop_assert!(!text.contains("{{") && !text.contains("}}") && !text.contains('\r'), "{}", text);
        for decoded in ["\\u003c", "\\u003e", "\\u0026"] {
            prop_assert!(!text.contains(decoded), "{}", text);
        }
    }

    #[test]
    fn parsed_expressions_round_trip(source in sources()) {
        if let Ok(read) = parse(&source) {
            let text = read.to_string();
            let again = parse(&text);
            prop_assert_eq!(again.as_ref(), Ok(&read), "{} becomes {}", source, text);
            prop_assert_eq!(again.unwrap().to_string(), text);
        }
    }
}

#[test]
fn parentheses_are_minimal() {
    for (source, expected) in [
        ("((a)) + (b * c)", "a + b * c"),
        ("(a + b) * c", "(a + b) * c"),
        ("a - (b - c) - d", "a - (b - c) - d"),
        ("(a ** b) ** c ** d", "(a ** b) ** c ** d"),
        ("not (a == b) and (c or d)", "!(a == b) && (c || d)"),
        ("(not a) == b", "!a == b"),
        ("-(not a)", "-(!a)"),
        ("(-a).b", "(-a).b"),
        ("-a.b", "-a.b"),
        ("(a ?? b) + c", "(a ?? b) + c"),
        ("a ?? b ?? c", "a ?? b ?? c"),
        ("a < b <= c", "a < b <= c"),
        ("(a < b) < c", "(a < b) < c"),
        ("a < b && b < c", "a < b && b < c"),
        ("d || a < b < c", "d || a < b < c"),
        ("a ? b : (c ? d : e)", "a ? b : c ? d : e"),
        ("a ? (b ? c : d) : e", "a ? (b ? c : d) : e"),
        ("(a ? b : c) ? d : e", "(a ? b : c) ? d : e"),
        ("a ?: b", "a ?: b"),
        ("if a { b } else { c; d }", "a ? b : (c; d)"),
        ("a not in b", "!(a in b)"),
        ("(1)[0]", "(1)[0]"),
        ("items | filter(# > 1) | len()", "len(filter(items, # > 1))"),
        ("filter(items, .x)", "filter(items, #.x)"),
        ("map(items, {{'a': 1}})", "map(items, ({'a': 1}))"),
        ("{'a': {'b': {}}}", "{'a': {'b': {} } }"),
        ("{(a): 1, b: 2}", "{(a): 1, 'b': 2}"),
        ("a?.b.c['d'][1:]", "a?.b.c['d'][1:]"),
        ("(let a = 1; a) + 2", "(let a = 1; a) + 2"),
        ("let a = 1; let b = 2; a + b", "let a = 1; let b = 2; a + b"),
        ("a ? sprig.fail('no ' + b) : c", "a ?\nsprig.fail(\n'no ' + b)\n: c"),
        (r"'\u007b{' + '}}' + 'it\'s'", r"'{\x7b' + '}\x7d' + 'it\'s'"),
        (r"'\\u003c \\u007b'", r"'\\\x75003c \\u007b'"),
    ] {
        let read = parse(source).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        assert_eq!(read.to_string(), expected);
        assert_eq!(parse(expected), Ok(read), "{source}");
    }
}

/// Chained comparisons share their operands. Without sharing, the text would grow exponentially.
#[test]
fn chained_comparisons_do_not_grow() {
    let mut text = "a".to_owned();
    for _ in 0..40 {
        text = format!("a < ({text} + b) < c");
    }
    let read = parse(&text).unwrap();
    assert!(read.to_string().len() < 1_000);
    assert_eq!(parse(&read.to_string()), Ok(read));
}
