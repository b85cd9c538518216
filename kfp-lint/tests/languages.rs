//! No input makes the linter panic or run for long.

use std::time::{Duration, Instant};

use kfp_argo::expression::{parse, references};
use kfp_argo::tag::tags;
use kfp_lint::expression::{Scope, Variable, check, depends, when};
use proptest::prelude::*;

/// Tokens of the languages.
const PIECES: &[&str] = &[
    "item",
    "inputs.parameters.a",
    "asInt",
    "sprig.trim",
    "map",
    "filter",
    "reduce",
    "get",
    "let x = ",
    "if ",
    " else ",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{{=",
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
    "not ",
    " in ",
    " matches ",
    "&&",
    "||",
    "|",
    "=",
    "==",
    "<",
    "#",
    "#acc",
    "'",
    "\"",
    "`",
    "\\",
    "\\u",
    "1",
    ".5",
    "0x",
    "1e",
    "b'",
    "//",
    "/*",
    "*/",
    "é",
    "🚀",
    "\n",
    "\t",
    "nil",
    "true",
    "a.Succeeded",
    "a-b",
    "'2024-01-31'",
    "::",
    "$env",
];

fn scope() -> Scope {
    let mut scope = Scope::argo();
    scope.set_dotted("item", Variable::Text);
    scope.open(&["inputs", "parameters"], Variable::Text);
    scope
}

/// Parses and checks the text in every language.
fn read(text: &str) {
    if let Ok(expression) = parse(text) {
        for reference in references(&expression) {
            assert!(text.get(reference.span).is_some(), "{text}");
        }
        for problem in check(&expression, &scope()).problems {
            assert!(text.get(problem.span).is_some(), "{text}");
        }
    }
    for problem in when(text).into_iter().chain(depends(text).problems) {
        assert!(text.get(problem.span).is_some(), "{text}");
    }
    for tag in tags(text) {
        let span = tag.map_or_else(|unclosed| unclosed.span, |tag| tag.span());
        assert!(text.get(span).is_some(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_sequence_of_tokens_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        read(&pieces.concat());
    }
}

#[test]
fn long_texts_are_fast() {
    let repeated = [
        "(",
        "[",
        "{a:",
        "!",
        "-",
        "a ? ",
        "a ? b : ",
        "if a { b } else ",
        "let x = ",
        "a.",
        "a?.",
        "a[",
        "f(",
        "map(a, ",
        "a + ",
        "a < ",
        "a ?? ",
        "a | f() ",
        "#",
        "'",
        "a && ",
        "1..",
        "{{",
        "{{=",
        "not ",
        "a.b ",
        "a == ",
    ];
    for piece in repeated {
        let started = Instant::now();
        read(&piece.repeat(5_000));
        read(&format!("{}a", piece.repeat(3_000)));
        let taken = started.elapsed();
        assert!(taken < Duration::from_secs(10), "`{piece}` took {taken:?}");
    }
}

#[test]
fn long_valid_expressions_are_fast() {
    let row = |piece: &str, end: &str| format!("{}{end}", piece.repeat(2_000));
    for text in [
        row("item + ", "item"),
        row("item < ", "item"),
        format!("item{}", ".b".repeat(4_000)),
        format!("item{}", " | upper()".repeat(2_000)),
    ] {
        let started = Instant::now();
        let expression = parse(&text).unwrap();
        references(&expression);
        check(&expression, &scope());
        let taken = started.elapsed();
        assert!(taken < Duration::from_secs(5), "{}… took {taken:?}", &text[..20]);
    }
}
