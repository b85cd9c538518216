//! Arguments as users type them: a table of strings with the expected values in the runner and in a workflow.

use std::collections::BTreeMap;

use kfp_argo::Workflow;
use kfp_compiler::check::check;
use kfp_compiler::lower::{Options, lower};
use kfp_model::value::encode;
use kfp_model::{Document, Type};
use kfp_runner::read_arguments;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::Deserialize;
use serde_json::{Value, json};

/// The table of types and typed strings.
const TABLE: &str = include_str!("arguments.json");

/// A type, with accepted strings and their values, and rejected strings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    r#type: Type,
    #[serde(default)]
    default: Option<Value>,
    accepted: Vec<(String, Value)>,
    #[serde(default)]
    refused: Vec<String>,
}

fn document(row: &Row) -> Document {
    let mut input = json!({"type": row.r#type});
    if let Some(default) = &row.default {
        input["default"] = default.clone();
    }
    let component =
        json!({"name": "work", "inputs": {"value": {"type": row.r#type}}, "implementation": {"rust": {}}});
    let call = json!({"id": "work", "name": "work", "kind": {"call": {"callee": {"component": "work"},
        "arguments": {"value": {"reference": {"input": "value"}}}}}});
    let document = json!({"schema_version": kfp_model::SCHEMA_VERSION, "components": {"work": component},
        "pipelines": [{"name": "typed", "inputs": {"value": input}, "root": {"tasks": [call]}}]});
    serde_json::from_value(document).expect("the document is valid")
}

fn lowered(row: &Row, document: &Document) -> Workflow {
    let outcome = check(document, &document.pipelines[0]);
    let Some(program) = outcome.program else { panic!("{}: {:#?}", row.r#type, outcome.diagnostics) };
    let options = Options { image: Some("i:1".to_owned()), ..Options::default() };
    lower(&program, &options).unwrap_or_else(|problems| panic!("{problems:#?}")).workflow
}

/// Reads the string as the runner does.
fn read(document: &Document, text: &str) -> Result<Value, String> {
    let texts = BTreeMap::from([("value".to_owned(), text.to_owned())]);
    let read = read_arguments(&document.pipelines[0], &texts, BTreeMap::new());
    read.map(|mut values| values.remove("value").expect("the argument is missing"))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// The results of the runner, and the same questions for Argo.
#[derive(Default)]
struct Comparison {
    questions: Vec<Value>,
    expected: Vec<(String, Result<Value, String>)>,
}

impl Comparison {
    /// Adds a question about the string as an argument of the type; returns the answer of the runner.
    fn add(
        &mut self,
        row: &Row,
        document: &Document,
        workflow: &Workflow,
        text: &str,
    ) -> Result<Value, String> {
        let value = &super::case::task(workflow, "body").arguments.parameters[0].value;
        let variables = json!({"workflow.parameters.value": text});
        // The second pass is that of the entrypoint's task, in which every variable must be known.
        let passes =
            json!([{"variables": variables, "strict": []}, {"variables": variables, "strict": ["tasks"]}]);
        self.questions.push(json!({"kind": "value", "text": value, "passes": passes}));
        let read = read(document, text);
        self.expected.push((format!("{} of {text:?}", row.r#type), read.clone()));
        read
    }

    /// Checks that Argo reads the same values and rejects the same strings with the same messages.
    fn end(self) {
        let Some(oracle) = super::oracle() else { return };
        let mut problems = Vec::new();
        for ((what, read), answer) in self.expected.into_iter().zip(oracle.answers(&[], &self.questions)) {
            let result = answer["result"].as_str().unwrap_or_default();
            match (read, answer["error"].as_str()) {
                (Ok(value), None) => match serde_json::from_str::<Value>(result) {
                    // To Argo, a float without a fraction is an integer.
                    Ok(found) if same(&found, &value) => {}
                    found => {
                        problems.push(format!("{what}: expected {value}, Argo has {found:?} from {result}"));
                    }
                },
                // After the message, Argo shows only the line of the call.
                (Err(message), Some(error))
                    if after(error, without_item(&message)) == Some("\n | sprig.fail(\n | ......^") => {}
                (read, _) => problems.push(format!("{what}: expected {read:?}, found {answer}")),
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }
}

/// Returns whether the values are equal; a float without a fraction equals an integer.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, left)| right.get(name).is_some_and(|right| same(left, right)))
        }
        (left, right) => left == right,
    }
}

/// Returns the message without the invalid item of a list or struct, which only the runner names.
fn without_item(message: &str) -> &str {
    message.find("`; expected ").map_or(message, |end| &message[..=end])
}

/// Returns the text after the message and the position of the call.
fn after<'e>(error: &'e str, message: &str) -> Option<&'e str> {
    let (position, rest) = error.strip_prefix(message)?.strip_prefix(" (")?.split_once(')')?;
    position.bytes().all(|byte| byte.is_ascii_digit() || byte == b':').then_some(rest)
}

#[test]
fn typed_arguments_agree() {
    let rows: Vec<Row> = serde_json::from_str(TABLE).expect("the table is valid");
    let mut comparison = Comparison::default();
    for row in &rows {
        let document = document(row);
        let workflow = lowered(row, &document);
        for (text, value) in &row.accepted {
            let read = comparison.add(row, &document, &workflow, text);
            let is_expected = read.as_ref().is_ok_and(|found| encode(found) == encode(value));
            assert!(is_expected, "{} of {text:?}: expected {value}, the runner has {read:?}", row.r#type);
        }
        let rejection = format!("invalid argument `value`: expected {}, found `", row.r#type.expectation());
        for text in &row.refused {
            let read = comparison.add(row, &document, &workflow, text);
            let is_expected = read.as_ref().is_err_and(|message| message.starts_with(&rejection));
            assert!(
                is_expected,
                "{} of {text:?}: expected {rejection:?}, the runner has {read:?}",
                row.r#type
            );
        }
    }
    comparison.end();
}

/// The number of random strings for each type.
const TEXTS: usize = 40;
/// Strings that the edits insert.
const PIECES: [&str; 24] = [
    "{", "}", "[", "]", "\"", ",", ":", "\\", "\\ud83d", "\\u0061", "null", "true", "0", "9", "1e999", "-",
    "+", ".", "e5", " ", "\n", "\u{1}", "\u{e9}", "json:",
];

#[test]
fn random_strings_agree() {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[9; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let edits = prop::collection::vec(
        (any::<prop::sample::Index>(), prop::sample::select(&PIECES[..]), any::<bool>()),
        0..3,
    );
    let mut comparison = Comparison::default();
    for r#type in super::values::types().into_values() {
        let row = Row { r#type, default: None, accepted: Vec::new(), refused: Vec::new() };
        let document = document(&row);
        let workflow = lowered(&row, &document);
        let texts = (super::values::value(&row.r#type), &edits).prop_map(|(value, edits)| {
            let plain = value.as_str().map(str::to_owned);
            edits.iter().fold(plain.unwrap_or_else(|| value.to_string()), |text, edit| edited(&text, edit))
        });
        for _ in 0..TEXTS {
            let text = texts.new_tree(&mut runner).expect("cannot generate a string").current();
            let _ = comparison.add(&row, &document, &workflow, &text);
        }
    }
    comparison.end();
}

/// Returns the string with a piece inserted, optionally replacing a character.
fn edited(text: &str, (place, piece, replaces): &(prop::sample::Index, &str, bool)) -> String {
    let mut characters: Vec<String> = text.chars().map(String::from).collect();
    let place = place.index(characters.len() + 1);
    characters.splice(place..(place + usize::from(*replaces)).min(characters.len()), [(*piece).to_owned()]);
    characters.concat()
}
