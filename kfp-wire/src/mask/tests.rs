//! Secrets in every encoding, in streams that are cut anywhere.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Mask;

fn masked_in_pieces(mask: &Mask, text: &str, size: usize) -> String {
    let (mut stream, mut masked) = (mask.stream(), Vec::new());
    for piece in text.as_bytes().chunks(size) {
        stream.push(piece, &mut masked);
    }
    stream.finish(&mut masked);
    String::from_utf8(masked).unwrap()
}

/// The cases that the Rust and Python implementations share.
#[test]
fn secrets_are_found_in_every_encoding_wherever_the_stream_is_cut() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../tests/masking.json")).unwrap();
    for case in &cases {
        let secrets: Vec<&str> =
            case["secrets"].as_array().unwrap().iter().map(|secret| secret.as_str().unwrap()).collect();
        let mask = Mask::new(secrets.iter().map(|secret| ("name", *secret)));
        let (text, expect) = (case["text"].as_str().unwrap(), case["masked"].as_str().unwrap());
        assert_eq!(mask.apply(text), expect, "{}", case["why"]);
        assert_eq!(mask.find(text).is_some(), text != expect, "{}", case["why"]);
        for size in 1..text.len().min(12) {
            assert_eq!(masked_in_pieces(&mask, text, size), expect, "{} in pieces of {size}", case["why"]);
        }
        for cut in (0..=text.len()).filter(|cut| text.is_char_boundary(*cut)) {
            let (mut stream, mut masked) = (mask.stream(), Vec::new());
            stream.push(&text.as_bytes()[..cut], &mut masked);
            stream.push(&text.as_bytes()[cut..], &mut masked);
            stream.finish(&mut masked);
            assert_eq!(String::from_utf8(masked).unwrap(), expect, "{} cut at {cut}", case["why"]);
        }
    }
    assert!(cases.len() > 30, "{}", cases.len());
}

#[test]
fn bytes_that_cannot_start_a_secret_are_written_at_once() {
    let mask = Mask::new([("a", "hunter2"), ("b", "-----BEGIN KEY-----\nMIIBOgIBAAJBAK\n")]);
    let (mut stream, mut masked) = (mask.stream(), Vec::new());
    stream.push(b"epoch 1: 50%, C:\\data.\n", &mut masked);
    assert_eq!(masked, b"epoch 1: 50%, C:\\data.\n");
}

#[test]
fn strings_keys_and_numbers_of_values_are_searched() {
    let mask = Mask::new([("slack/url", "hunter2"), ("pin", "1234")]);
    for (value, expect) in [
        (json!({"a": [1, "x hunter2"]}), Some("slack/url")),
        (json!({"hunter2": 1}), Some("slack/url")),
        (json!([1234]), Some("pin")),
        (json!([12345, 0.1234, true, null]), None),
        (json!("12345"), Some("pin")),
    ] {
        assert_eq!(mask.find_in(&value), expect, "{value}");
    }
    assert_eq!(format!("{mask:?}"), r#"Mask { patterns: Some(["slack/url", "pin"]) }"#);
    assert_eq!(Mask::default().find("anything"), None);
}

/// A secret with characters that encodings and Argo treat specially.
fn secrets() -> impl Strategy<Value = String> {
    let parts = [
        "\"", "\\", "$", "{{", "}}", "%", "+", " ", "/", "é", "🦀", "\n", "\t", "'", "&", "=", ".*", "a",
        "Z", "9", "-",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 4..40)
        .prop_map(|parts| format!("s{}e", parts.concat()))
}

fn percent(text: &str, keep: &str, space: &str) -> String {
    text.bytes()
        .map(|byte| match char::from(byte) {
            ' ' => space.to_owned(),
            c if c.is_ascii_alphanumeric() || (c.is_ascii() && keep.contains(c)) => c.to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_secrets_are_found_in_every_encoding(secret in secrets(), before in "[a-z ]{0,5}", size in 1usize..50) {
        let mask = Mask::new([("name", secret.as_str())]);
        let usual = json!(secret).to_string();
        let canonical = crate::value::encode(&json!(secret));
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for (text, is_quoted) in [
            (secret.clone(), false),
            (usual.clone(), true),
            (canonical.clone(), true),
            (percent(&secret, "-_.~", "%20"), false),
            (percent(&secret, "-_.~/", "+"), false),
            (percent(&secret, "-_.~/", "%20").to_lowercase().replace("%c3%a9", "%C3%a9"), false),
            (hex.to_uppercase(), false),
            (hex, false),
        ] {
            // In lowercase, this is another secret if letters are not escaped.
            if text.contains('z') && secret.contains('Z') {
                continue;
            }
            let expect = if is_quoted { "\"***\"" } else { "***" };
            prop_assert_eq!(mask.apply(&text), expect, "{}", &text);
            let within = format!("{before}|{text}|");
            prop_assert_eq!(masked_in_pieces(&mask, &within, size), format!("{before}|{expect}|"), "{}", within);
        }
        let nested = json!(canonical).to_string();
        prop_assert_eq!(mask.apply(&nested), "\"\\\"***\\\"\"", "{}", nested);
    }

    #[test]
    fn text_without_secrets_is_unchanged(text in "[^s]*", size in 1usize..50) {
        let mask = Mask::new([("name", "secret of some length"), ("other", "s\n\"%")]);
        prop_assert_eq!(masked_in_pieces(&mask, &text, size), text);
    }
}
