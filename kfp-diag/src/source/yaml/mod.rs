//! Parses YAML into trees with positions, in bounded time and memory.
//!
//! The YAML library reports events, from which this module builds trees. Libraries that build values take several times
//! as long, and do not report the positions of keys.

mod anchors;
mod builder;
mod merge;
mod portable;
mod scalar;

use std::ops::Range;

use granit_parser::{Event, Options, Parser, Span};

use self::builder::Builder;
use self::portable::Portable;
use crate::source::fault::{Fault, Problem};
use crate::source::limits::{DEPTH, DOCUMENTS, too_deep};
use crate::source::tree::{Node, Tree};

/// Parses a YAML text with one document.
pub(super) fn tree(text: &str) -> Result<Tree, Fault> {
    let mut documents = documents(text, 2, || Problem::SeveralDocuments, None)?.into_iter();
    let first = documents.next().unwrap_or(Tree { span: 0..0, node: Node::Null });
    match documents.next() {
        Some(second) if !is_null(&second) => {
            Err(Fault::new(Problem::SeveralDocuments).at(&(second.span.start..second.span.start)))
        }
        _ => Ok(first),
    }
}

/// Parses all documents of a manifest, without empty ones. Rejects YAML that Argo would interpret differently.
pub(super) fn trees(text: &str) -> Result<Vec<Tree>, Fault> {
    let too_many = || Problem::TooMuch(format!("more than {DOCUMENTS} documents"));
    let mut documents = documents(text, DOCUMENTS, too_many, Some(Portable::of(text)?))?;
    documents.retain(|document| !is_null(document));
    Ok(documents)
}

fn is_null(document: &Tree) -> bool {
    document.node == Node::Null
}

/// Parses up to `most` documents; `too_many` creates the error for more.
fn documents<'t>(
    text: &'t str,
    most: usize,
    too_many: impl Fn() -> Problem,
    mut portable: Option<Portable<'t>>,
) -> Result<Vec<Tree>, Fault> {
    let mut builder = Builder::new(portable.is_some());
    for event in Parser::new_from_str_with_options(text, options()) {
        let (event, span) = event.map_err(|error| fault(text, &error))?;
        let span = bytes(&span);
        if let Some(portable) = &mut portable {
            portable.follow(&event, &span)?;
        }
        match event {
            Event::DocumentStart(..) if builder.documents.len() == most => {
                return Err(Fault::new(too_many()).at(&span));
            }
            Event::DocumentEnd => builder.end_document()?,
            Event::Scalar(scalar, style, anchor, tag) => {
                builder.scalar(scalar, style, tag.as_deref(), span, anchor)?;
            }
            Event::SequenceStart(style, anchor, _) => {
                builder.start(Node::List(Vec::new()), style, span, anchor)?;
            }
            Event::MappingStart(style, anchor, _) => {
                builder.start(Node::Map(Vec::new()), style, span, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.end(&span)?,
            Event::Alias(anchor) => builder.alias(anchor, span)?,
            _ => {}
        }
    }
    Ok(builder.documents)
}

/// The library counts flow and block levels separately, so its limits are one higher than ours.
fn options() -> Options {
    granit_parser::options! {
        emit_comments: false,
        flow_nesting_limit: DEPTH + 1,
        block_nesting_limit: DEPTH + 1,
    }
}

/// Returns the byte range of an event.
fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

/// Converts an error of the YAML library.
fn fault(text: &str, error: &granit_parser::ScanError) -> Fault {
    let problem = match error.kind() {
        granit_parser::ErrorKind::RecursionLimitExceeded => too_deep(),
        _ => Problem::Syntax { notation: "YAML", message: error.info() },
    };
    let start = error.marker().byte_offset().unwrap_or_default().min(text.len());
    Fault::new(problem).at(&(start..start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::limits::{BYTES, YAML_NODES};

    #[test]
    fn nodes_have_positions() {
        let text = "a:\n  - 1\n  - {b: two}\nc: no\n";
        let tree = tree(text).unwrap();
        let shown = |span: &Range<usize>| text[span.clone()].to_owned();
        assert_eq!(shown(&tree.get("c").unwrap().value.span), "no");
        assert_eq!(tree.get("c").unwrap().value.node, Node::Text("no".to_owned()));
        assert_eq!(shown(&tree.get("a").unwrap().key_span), "a");
        assert_eq!(shown(&tree.get("a").unwrap().value.span), "- 1\n  - {b: two}");
        let Node::List(items) = &tree.get("a").unwrap().value.node else { panic!("a list") };
        assert_eq!(shown(&items[0].span), "1");
        assert_eq!(shown(&items[1].span), "{b: two}");
        assert_eq!(shown(&items[1].get("b").unwrap().value.span), "two");
    }

    /// YAML, with the equivalent JSON or the error message.
    #[test]
    fn yaml_is_parsed_as_by_argo() {
        for (text, expected) in [
            ("{a: 1, 'b': \"two\", 3: x, ~: y}", r#"{"3":"x","a":1,"b":"two","~":"y"}"#),
            ("a: &x 1\nb: *x\n", r#"{"a":1,"b":1}"#),
            ("&x a: 1\nb: *x\n", r#"{"a":1,"b":"a"}"#),
            ("a: &x b\n*x : 1\n", r#"{"a":"b","b":1}"#),
            ("- &x {a: [1, &y {b: 2}]}\n- *x\n- *y\n", r#"[{"a":[1,{"b":2}]},{"a":[1,{"b":2}]},{"b":2}]"#),
            ("- &x 1\n- &x 2\n- *x\n", "[1,2,2]"),
            ("a: &x {b: 1}\nc: {<<: *x, b: 2}\n", r#"{"a":{"b":1},"c":{"b":2}}"#),
            ("a: &x {b: 1, c: 1}\nd: {b: 2, <<: *x}\n", r#"{"a":{"b":1,"c":1},"d":{"b":2,"c":1}}"#),
            ("a: {<<: [{b: 1}, {b: 2, c: 3}]}", r#"{"a":{"b":1,"c":3}}"#),
            ("a: {<<: {b: 1, <<: {c: 2}}}", r#"{"a":{"b":1,"c":2}}"#),
            ("a: {'<<': {b: 1}}", r#"{"a":{"<<":{"b":1}}}"#),
            ("a: |\n  x\n   y\nb: >-\n  x\n  y\n", r#"{"a":"x\n y\n","b":"x y"}"#),
            ("a:\nb: ''\n", r#"{"a":null,"b":""}"#),
            ("[]", "[]"),
            ("a: [&x [*x]]", "alias within its own anchor"),
            ("a: *x", "unknown anchor"),
            ("a: {<<: 1}", "expected a map or a list of maps after `<<`, found a number"),
            ("a: {<<: [1]}", "expected a map or a list of maps after `<<`, found a number"),
            ("? [a]\n: 1\n", "invalid key: expected a string, found a list"),
            ("? {a: 1}\n: 1\n", "invalid key: expected a string, found an object"),
            ("a: &x [1]\n*x : 1\n", "invalid key: expected a string, found a list"),
        ] {
            match tree(text) {
                Ok(tree) => assert_eq!(tree.to_json().to_string(), expected, "{text}"),
                Err(fault) => {
                    let message = fault.diagnostic().message;
                    assert!(message.contains(expected), "{text}\n  {message}");
                }
            }
        }
    }

    #[test]
    fn documents_are_separated() {
        let count = |text: &str| trees(text).unwrap().len();
        assert_eq!(count("a: 1\n---\nb: 2\n"), 2);
        assert_eq!(count("---\n---\na: 1\n---\n# nothing\n"), 1);
        assert!(tree("a: 1\n---\n").is_ok());
        assert!(tree("a: 1\n---\nb: 1\n").is_err());
    }

    #[test]
    fn exponential_aliases_are_rejected() {
        let mut deep = format!("a0: &a0 {}{}\n", "[".repeat(100), "]".repeat(100));
        for idx in 1..30 {
            deep.push_str(&format!("a{idx}: &a{idx} [*a{}]\n", idx - 1));
        }
        let text = "x".repeat(BYTES / 4);
        for (text, expected) in [
            (deep, "more than 128 levels of nesting"),
            (format!("a: &a {text}\nb: [*a, *a, *a, *a, *a]"), "aliases expand to too many values"),
            (
                format!("a: &a [{}]\nb: *a\n", "1,".repeat(YAML_NODES / 2)),
                "aliases expand to too many values",
            ),
        ] {
            let message = tree(&text).map(|_| ()).unwrap_err().diagnostic().message;
            assert!(message.contains(expected), "{message}");
        }
    }
}
