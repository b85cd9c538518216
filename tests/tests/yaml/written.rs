//! Every reader reads back what the compiler writes.

use kfp_argo::yaml::yaml;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};
use tests::attack::{rounds, seed};

use crate::readers::Reader;

/// Strings with a special meaning in YAML 1.1 or 1.2, separated by spaces: markers and indicators, then booleans,
/// null, numbers and dates.
const WORDS: &str = r#"--- ... # : ? - % %YAML @ ` | > &a *a ! !!str ' " \ \n { } [ ] , << = y Y yes Yes YES n N no No
NO on On ON off Off OFF true True TRUE false False FALSE ~ null Null NULL 0 1 -1 +1 07 08 0o7 0x1 0b1 1_000 _1 1e3 1E
1. .5 ._1 1:30 190:20:30 190:20:30.15 .inf +.INF .nan 2001-01-01 2001-12-14t21:59:43.10-05:00 x abc é 日本 😀"#;

/// Spaces and line breaks, some of which are line breaks only in YAML 1.1.
const SPACES: [&str; 16] = [
    " ", "   ", "\t", "\n", "\n\n", "\n ", "\n\t", "   \n", "\r", "\r\n", "\u{85}", "\u{2028}", "\u{2029}",
    "\u{a0}", "\u{feff}", "\n---\n",
];

/// Characters that are escaped, and characters next to the escaped ranges.
const CHARACTERS: &str = "\0\u{7}\u{1b}\u{7f}\u{9f}\u{e000}\u{fffd}\u{fffe}\u{ffff}\u{10000}\u{10ffff}";

/// The number of documents for `PyYAML`, which is a hundred times slower than go-yaml.
const PYYAML_DOCUMENTS: usize = 300;

fn text() -> impl Strategy<Value = String> {
    let words: Vec<String> = WORDS.split_whitespace().map(str::to_owned).collect();
    let spaces: Vec<String> = SPACES.map(str::to_owned).to_vec();
    let characters: Vec<String> = CHARACTERS.chars().map(String::from).collect();
    let piece = prop_oneof![
        6 => prop::sample::select(words),
        4 => prop::sample::select(spaces),
        1 => prop::sample::select(characters),
    ];
    let long =
        (piece.clone(), 20..200_usize).prop_map(|(piece, count)| piece + &"long # words: ".repeat(count));
    prop_oneof![
        9 => prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => long,
    ]
}

/// Generates documents like resources: nested maps and lists with strings as keys and values.
fn document() -> impl Strategy<Value = Value> {
    let leaf = text().prop_map(Value::from);
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    });
    prop::collection::btree_map(text(), value, 1..4).prop_map(|map| map.into_iter().collect())
}

/// Returns strings that were once written incorrectly, or nearly.
fn known() -> Vec<Value> {
    let texts = [
        "\tset -e\n\techo hi\n",
        "\n\tx",
        "\n\n\t\n",
        " \n\tx",
        "  x\n y",
        "   \nx",
        "x\n   ",
        "x\n\n   \n\n",
        "\n",
        "\n\n",
        " ",
        "\t",
        "# x\ny",
        "a: b\nc: d",
        "%YAML 1.1\n---\nx",
        "---\nx",
        "x\n---\ny",
        "x\n...\n",
        "- x\n- y",
    ];
    let nested = |text: &str| json!({"a": text, "b": [text, {"c": text, "d": [[text]]}], text: text, "e": {text: [text]}});
    texts.into_iter().map(nested).collect()
}

fn documents() -> Vec<Value> {
    let config = Config { rng_seed: RngSeed::Fixed(seed()), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = document();
    let random = (0..rounds(1_500)).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    known().into_iter().chain(random).collect()
}

fn every_document_is_read_back(reader: &Reader, documents: &[Value]) {
    let texts: Vec<String> = documents.iter().map(yaml).collect();
    for ((document, text), read) in documents.iter().zip(&texts).zip(reader.read(&texts)) {
        let name = reader.name;
        assert_eq!(read.as_ref(), Ok(document), "{name} reads this differently (seed {}):\n{text}", seed());
    }
}

#[test]
fn go_yaml_reads_back_what_is_written() {
    match Reader::go() {
        Ok(reader) => every_document_is_read_back(&reader, &documents()),
        Err(reason) => println!("skipped: {reason}"),
    }
}

#[test]
fn pyyaml_reads_back_what_is_written() {
    let documents = documents();
    match Reader::python() {
        Ok(reader) => {
            every_document_is_read_back(&reader, &documents[..documents.len().min(PYYAML_DOCUMENTS)]);
        }
        Err(reason) => println!("skipped: {reason}"),
    }
}
