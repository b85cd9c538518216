//! Strings of every kind on every path arrive byte for byte as they were sent.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    CountCharacters, EchoAny, EchoOptionalText, EchoText, EchoTexts, EchoTrial, Join, PythonText, Trial,
};

/// Strings that something between a pipeline and a step could misinterpret.
pub(super) const HOSTILE: [&str; 28] = [
    "",
    " ",
    "it's \"quoted\" `twice`",
    "two\nlines",
    "trailing newline\n",
    "\r\n\ttabs\t",
    "{{workflow.name}}",
    "{{=1+1}}",
    "{{inputs.parameters.value}}",
    "{{",
    "}}",
    "{{{",
    "$(HOME)",
    "$$",
    "$$(HOME)",
    "$(SECRET_ENV)",
    "${HOME} $HOME",
    "emoji 🚀 and flag 🇩🇪",
    "é ß 中文 \u{202e}right to left",
    "control \u{1} \u{1b}[31m \u{7f} \u{85}",
    "\u{2028}line\u{2029}separators\u{feff}",
    "json:\"x\"",
    "\\u007b\\u007b \\n \\\\",
    "null",
    "true",
    "1e5",
    "@/etc/passwd",
    "--executor_input",
];

#[pipeline(name = "texts-as-constants")]
fn texts_as_constants(p: &Pipeline) {
    for (idx, text) in HOSTILE.into_iter().enumerate() {
        let first = p.add(EchoText::new().value(text)).name(&format!("first-{idx}"));
        p.add(EchoText::new().value(first.output)).name(&format!("second-{idx}"));
    }
}

#[pipeline(name = "texts-as-arguments")]
fn texts_as_arguments(
    p: &Pipeline,
    one: In<String>,
    two: In<String>,
    three: In<String>,
    four: In<String>,
) -> Out<String> {
    for (name, text) in [("one", one), ("two", two), ("three", three), ("four", four)] {
        p.add(EchoText::new().value(text)).name(name);
        p.add(CountCharacters::new().value(text)).name(&format!("length-of-{name}"));
    }
    text!("{one}|{two}|{three}|{four}")
}

#[pipeline(name = "texts-in-texts")]
fn texts_in_texts(p: &Pipeline, name: In<String>) {
    let brace = p.add(EchoText::new().value("{")).name("brace").output;
    // Two harmless halves form a tag when they are joined.
    p.add(EchoText::new().value(text!("{brace}{brace}workflow.name}}}}"))).name("halves");
    p.add(EchoText::new().value(text!("<{name}> and $({name})"))).name("around");
    p.add(EchoText::new().value(text!("{{{{{name}}}}}"))).name("inside");
}

#[pipeline(name = "texts-in-text-numbers")]
fn texts_in_text_numbers(p: &Pipeline, rate: In<f64>, size: In<i64>, yes: In<bool>) {
    let text = text!("lr-{rate}-bs-{size}-{yes}");
    p.add(EchoText::new().value(text));
}

#[pipeline(name = "texts-in-lists")]
fn texts_in_lists(p: &Pipeline, texts: In<Vec<String>>) -> Out<Vec<String>> {
    let echoed = p.add(EchoTexts::new().value(texts)).name("argument").output;
    p.add(Join::new().texts(echoed));
    p.add(EchoTexts::new().value(HOSTILE)).name("constant").output
}

#[pipeline(name = "texts-in-structs")]
fn texts_in_structs(p: &Pipeline, name: In<String>) {
    let trial = Trial::of(1.5, 2, name, "{{note}} $(NOTE)");
    let echoed = p.add(EchoTrial::new().value(trial)).name("built").output;
    p.add(EchoText::new().value(echoed.name())).name("projected");
    p.add(EchoOptionalText::new().value(echoed.note())).name("note");
}

#[pipeline(name = "texts-as-keys")]
fn texts_as_keys(p: &Pipeline) {
    let map: BTreeMap<String, i64> = [("{{x}}", 1), ("$(Y)", 2), ("\"", 3), ("", 4), ("🇩🇪", 5)]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    p.add(EchoAny::new().value(json!(map)));
}

#[pipeline(name = "texts-to-python")]
fn texts_to_python(p: &Pipeline) {
    for (idx, text) in HOSTILE.into_iter().enumerate().filter(|(idx, _)| idx % 3 == 0) {
        let first = p.add(PythonText::new().value(text)).name(&format!("python-{idx}"));
        p.add(EchoText::new().value(first.output)).name(&format!("rust-{idx}"));
    }
}

#[pipeline(name = "texts-in-loops")]
fn texts_in_loops(p: &Pipeline) -> Out<Vec<String>> {
    p.parallel_for(HOSTILE).each(|p, text| p.add(EchoText::new().value(text)).output)
}

#[pipeline(name = "texts-compared")]
fn texts_compared(p: &Pipeline, name: In<String>) {
    let same = p.add(EchoText::new().value(name)).name("same").output;
    for (idx, text) in ["{{=1+1}}", "$(HOME)", "a \"b\" 'c' \\ \n", ""].into_iter().enumerate() {
        p.when(&format!("equal-{idx}"), same.eq(text), |p| {
            p.add(EchoText::new().value(text)).name(&format!("equals-{idx}"));
        });
    }
    p.when("equal-argument", same.eq(name), |p| {
        p.add(EchoText::new().value("yes")).name("equals-argument");
    });
}

#[pipeline(name = "texts-as-defaults")]
fn texts_as_defaults(
    p: &Pipeline,
    #[default("{{workflow.name}} $(HOME) \"'\n")] hostile: In<String>,
    #[default("")] empty: In<String>,
    #[default("json:x")] json: In<String>,
) {
    p.add(EchoText::new().value(hostile)).name("hostile");
    p.add(EchoText::new().value(empty)).name("empty");
    p.add(EchoText::new().value(json)).name("json");
}

#[pipeline(name = "long-texts")]
fn long_texts(p: &Pipeline, fits: In<String>) {
    let once = p.add(EchoText::new().value(fits)).name("fits").output;
    p.add(CountCharacters::new().value(once)).name("length");
    p.add(EchoText::new().value(text!("{once}{once}"))).name("too-long");
}

fn both(run: Run, first: &str, second: &str, text: &str) -> Run {
    run.returned(first, text).returned(second, text)
}

/// Returns runs with four strings each.
fn argument_runs() -> impl Iterator<Item = Run> {
    HOSTILE.chunks(4).map(|texts| {
        let names = ["one", "two", "three", "four"];
        let run = names.iter().zip(texts).fold(Run::succeeds(), |run, (name, text)| {
            let length = i64::try_from(text.chars().count()).unwrap_or_default();
            run.argument(name, *text).returned(name, *text).returned(&format!("length-of-{name}"), length)
        });
        run.output(texts.join("|"))
    })
}

fn compared(name: &str, equal: Option<usize>) -> Run {
    let run =
        Run::succeeds().argument("name", name).returned("same", name).returned("equals-argument", "yes");
    (0..4).fold(run, |run, idx| {
        let step = format!("equals-{idx}");
        if equal == Some(idx) { run.returned(&step, name) } else { run.skipped(&[&step]) }
    })
}

fn alone() -> Vec<Case> {
    let constants = HOSTILE.into_iter().enumerate().fold(Run::succeeds(), |run, (idx, text)| {
        both(run, &format!("first-{idx}"), &format!("second-{idx}"), text)
    });
    vec![
        Case::new("texts-as-constants", TextsAsConstants::definition).run(constants),
        argument_runs().fold(Case::new("texts-as-arguments", TextsAsArguments::definition), Case::run),
        Case::new("texts-in-texts", TextsInTexts::definition).run(
            Run::succeeds()
                .argument("name", "HOME")
                .returned("brace", "{")
                .returned("halves", "{{workflow.name}}")
                .returned("around", "<HOME> and $(HOME)")
                .returned("inside", "{{HOME}}"),
        ),
        Case::new("texts-in-text-numbers", TextsInTextNumbers::definition)
            .run(
                Run::succeeds()
                    .argument("rate", 0.1)
                    .argument("size", 1_000_000)
                    .argument("yes", true)
                    .returned("echo-text", "lr-0.1-bs-1000000-true"),
            )
            .run(
                Run::succeeds()
                    .argument("rate", 1e21)
                    .argument("size", i64::MIN)
                    .argument("yes", false)
                    .returned("echo-text", "lr-1e+21-bs--9223372036854775808-false"),
            )
            .run(
                Run::succeeds()
                    .argument("rate", 2)
                    .argument("size", 0)
                    .argument("yes", false)
                    .returned("echo-text", "lr-2-bs-0-false"),
            ),
    ]
}

fn in_other_values() -> Vec<Case> {
    let python = HOSTILE.into_iter().enumerate().filter(|(idx, _)| idx % 3 == 0);
    let python = python.fold(Run::succeeds(), |run, (idx, text)| {
        both(run, &format!("python-{idx}"), &format!("rust-{idx}"), text)
    });
    let looped = HOSTILE
        .into_iter()
        .enumerate()
        .fold(Run::succeeds(), |run, (idx, text)| run.returned(&format!("{idx}/echo-text"), text));
    let hostile = "{{x}} $(Y) 'z'";
    vec![
        Case::new("texts-in-lists", TextsInLists::definition).run(
            Run::succeeds()
                .argument("texts", json!(["{{a}}", "$(b)", "", "c\n"]))
                .returned("argument", json!(["{{a}}", "$(b)", "", "c\n"]))
                .returned("join", "{{a}},$(b),,c\n")
                .returned("constant", json!(HOSTILE))
                .output(json!(HOSTILE)),
        ),
        Case::new("texts-in-structs", TextsInStructs::definition).run(
            Run::succeeds()
                .argument("name", hostile)
                .returned(
                    "built",
                    json!({"rate": 1.5, "size": 2, "name": hostile, "note": "{{note}} $(NOTE)"}),
                )
                .returned("projected", hostile)
                .returned("note", "{{note}} $(NOTE)"),
        ),
        Case::new("texts-as-keys", TextsAsKeys::definition).run(
            Run::succeeds().returned("echo-any", json!({"{{x}}": 1, "$(Y)": 2, "\"": 3, "": 4, "🇩🇪": 5})),
        ),
        Case::new("texts-to-python", TextsToPython::definition).run(python),
        Case::new("texts-in-loops", TextsInLoops::definition).run(looped.output(json!(HOSTILE))),
        Case::new("texts-compared", TextsCompared::definition)
            .run(compared("{{=1+1}}", Some(0)))
            .run(compared("$(HOME)", Some(1)))
            .run(compared("a \"b\" 'c' \\ \n", Some(2)))
            .run(compared("", Some(3)))
            .run(compared("something else", None)),
        Case::new("texts-as-defaults", TextsAsDefaults::definition).run(
            Run::succeeds()
                .returned("hostile", "{{workflow.name}} $(HOME) \"'\n")
                .returned("empty", "")
                .returned("json", "json:x"),
        ),
        // A parameter is limited to 32 KiB: a longer value fails with the class `data`.
        Case::new("long-texts", LongTexts::definition).run(
            Run::fails()
                .argument("fits", "x".repeat(20_000))
                .returned("fits", "x".repeat(20_000))
                .returned("length", 20_000)
                .failed_with("too-long", 10),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [alone(), in_other_values()].into_iter().flatten().collect()
}
