//! Manifests that we can read can be read by go-yaml, which Argo uses.

use kfp_diag::source::{Node, manifests};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use tests::attack::{rounds, seed};

use crate::readers::Reader;

/// Pieces of manifests on which readers disagree: tabs, blocks, comments, line breaks, keys.
const PIECES: [&str; 30] = [
    "a", "x", "- ", ": ", ":", "\n", "\n ", "\n  ", "\n    ", "\n\t", "\t", " ", "'", "\"", "|", "|2", ">-",
    "#", " #", "[", "]", ",", "1", "~", "on", "|\n", "|\n  ", "   x\n", "\tx\n", "\u{2028}",
];
const STARTS: [&str; 4] = ["k: ", "k:\n  ", "k:\n- ", "k:\n  c: "];
const ENDS: [&str; 4] = ["", "\n", "\nz: 1\n", "\n  z: 1\n"];

fn text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(&PIECES[..]), 1..8);
    let parts = (prop::sample::select(&STARTS[..]), pieces, prop::sample::select(&ENDS[..]));
    parts.prop_map(|(start, pieces, end)| [start, &pieces.concat(), end].concat())
}

/// Returns whether we read the text as one document that is a map.
fn is_read(text: &str) -> bool {
    let read = manifests("x.yaml", text.as_bytes());
    read.is_ok_and(|read| matches!(read.tree.items(), [only] if matches!(only.node, Node::Map(_))))
}

#[test]
fn go_yaml_reads_what_we_read() {
    let reader = match Reader::go() {
        Ok(reader) => reader,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let config = Config { rng_seed: RngSeed::Fixed(seed()), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = text();
    let all = (0..rounds(10_000)).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    let texts: Vec<String> = all.filter(|text| is_read(text)).collect();
    assert!(texts.len() > 1_000, "found only {} readable texts", texts.len());
    for (text, read) in texts.iter().zip(reader.read(&texts)) {
        assert!(read.is_ok(), "go-yaml rejects {text:?} (seed {}): {read:?}", seed());
    }
}
