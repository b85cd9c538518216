//! Printing and parsing a condition returns the same condition.

use kfp_argo::when::{BinaryOperator, Condition, Form, PrefixOperator, parse};
use proptest::prelude::*;
use proptest::sample::select;

/// Strings with characters that are special in the language and in Argo.
fn texts() -> impl Strategy<Value = String> {
    let pieces =
        vec!["'", "\"", "\\", "[", "]", "(", " ", "é", "x", ".", "in", "{{=a == 'b'}}", "{{ n }}", "\n"];
    prop::collection::vec(select(pieces), 0..6).prop_map(|pieces| pieces.concat())
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["heads", "in", "IN", "true", "a.b", "1st", "_x", "a]b", "a b", "é", ""])
            .prop_map(str::to_owned),
        "[ -z]{0,6}",
    ]
}

fn operands() -> impl Strategy<Value = Condition> {
    prop_oneof![
        select(vec!["{{inputs.parameters.x}}", "{{=asInt(a) + 1}}"]).prop_map(Condition::tag),
        texts().prop_map(|text| Condition::text(&text)),
        words().prop_map(|word| Condition::word(&word)),
        any::<u64>().prop_map(Condition::integer),
        any::<bool>().prop_map(Condition::boolean),
    ]
}

fn conditions() -> impl Strategy<Value = Condition> {
    operands().prop_recursive(6, 40, 2, |inner| {
        let binary = select(BinaryOperator::all().collect::<Vec<_>>());
        prop_oneof![
            4 => (inner.clone(), binary, inner.clone())
                .prop_map(|(left, operator, right)| left.binary(operator, right)),
            1 => (inner, select(PrefixOperator::ALL.to_vec()))
                .prop_map(|(operand, operator)| operand.prefix(operator)),
        ]
    })
}

/// Texts that are similar to conditions.
fn sources() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{{a}}",
        "{{=b}}",
        "'x'",
        "\"y\\\"\"",
        "[z w]",
        "word",
        "a.b",
        "1.5",
        "0x1f",
        "true",
        "(",
        ")",
        ",",
        "==",
        "!=",
        "in",
        "=~",
        "!",
        "-",
        "~",
        "&&",
        "||",
        "+",
        "*",
        "**",
        "<<",
        "?",
        ":",
        "??",
        " ",
        "é",
        "5",
    ];
    prop::collection::vec(select(pieces), 0..12).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn built_conditions_round_trip(condition in conditions()) {
        let text = condition.to_string();
        let read = parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&condition), "{}", text);
    }

    #[test]
    fn parsed_conditions_round_trip(text in sources()) {
        if let Ok(condition) = parse(&text) {
            let printed = condition.to_string();
            let read = parse(&printed);
            prop_assert_eq!(read.as_ref(), Ok(&condition), "{} -> {}", text, printed);
            for node in condition.nodes() {
                prop_assert!(text.get(node.span.clone()).is_some(), "{}: {:?}", text, node);
            }
        }
    }

    #[test]
    fn any_text_round_trips(text in ".{0,40}") {
        if let Ok(condition) = parse(&text) {
            let printed = condition.to_string();
            prop_assert_eq!(parse(&printed), Ok(condition), "{} -> {}", text, printed);
        }
    }
}

#[test]
fn operators_have_precedence_and_are_left_associative() {
    for (text, expected) in [
        ("", ""),
        ("(a)", "a"),
        ("a || b && c == d", "a || b && c == d"),
        ("(a || b) && (c == d)", "(a || b) && c == d"),
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("-(-({{a}}))", "-(-{{a}})"),
        ("-({{a}} * 2) ** 2", "-({{a}} * 2) ** 2"),
        ("!('x')", "!('x')"),
        ("a in ('b', 'c')", "a in ('b', 'c')"),
        ("a ? b : c", "a ? b : c"),
        ("[in] == \"in\"", "[in] == 'in'"),
        ("a.b ( 'c' , 2 )", "a.b('c', 2)"),
        ("a.b ( )", "a.b()"),
        ("(a) b && c", "a"),
        ("(a +) == b", "a + () == b"),
    ] {
        let condition = parse(text).unwrap();
        assert_eq!(condition.to_string(), expected, "{text}");
    }
}

#[test]
fn depth_and_length_are_not_limited() {
    let deep = format!("{}a{}", "!(".repeat(100_000), ")".repeat(100_000));
    let condition = parse(&deep).unwrap();
    assert_eq!(condition.to_string(), deep);
    let long = parse("{{a}} || ".repeat(50_000).replace("|| {", "|| !{").trim_end_matches(" || ")).unwrap();
    assert_eq!(long.nodes().len(), 50_000 + 49_999 + 49_999);
    assert!(matches!(long.form(long.root()), Form::Binary(..)));
}
