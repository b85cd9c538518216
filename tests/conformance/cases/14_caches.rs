//! Caches: which results are reused, and what makes them be recomputed.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::{Value, json};
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    Add, AskService, EchoInteger, EchoText, FailIf, PythonInteger, PythonShout, ReadFolder, ReadMetadata,
    ReadText, ReadTexts, SucceedsAt, WriteFolder, WriteMetrics, WriteText,
};

#[pipeline(name = "cache-hits")]
fn cache_hits(p: &Pipeline, value: In<i64>) -> Out<i64> {
    let first = p.add(Add::new().a(value)).name("first").cache("1h").output;
    let second = p.add(Add::new().a(first)).name("second").cache(true).output;
    p.add(Add::new().a(second)).name("never-kept").output
}

#[pipeline(name = "cache-of-artifacts")]
fn cache_of_artifacts(p: &Pipeline, text: In<String>) {
    let file = p.add(WriteText::new().text(text)).name("write").cache("1h").file;
    p.add(ReadText::new().file(file)).name("read-again");
    p.add(ReadText::new().file(file)).name("read-kept").cache("1h");
}

#[pipeline(name = "cache-of-what-is-written-again")]
fn cache_of_what_is_written_again(p: &Pipeline, text: In<String>) {
    let file = p.add(WriteText::new().text(text)).name("write").file;
    p.add(ReadText::new().file(file)).name("read").cache("1h");
}

#[pipeline(name = "cache-of-folders-written-again")]
fn cache_of_folders_written_again(p: &Pipeline, files: In<BTreeMap<String, String>>) {
    let folder = p.add(WriteFolder::new().files(files)).name("write").folder;
    p.add(ReadFolder::new().folder(folder)).name("read").cache("1h");
}

#[pipeline(name = "cache-of-python-files-written-again")]
fn cache_of_python_files_written_again(p: &Pipeline, text: In<String>) {
    let quiet = p.add(WriteText::new().text(text)).name("write").file;
    let loud = p.add(PythonShout::new().quiet(quiet)).name("shout").loud;
    p.add(ReadText::new().file(loud)).name("read").cache("1h");
}

#[pipeline(name = "cache-of-lists-written-again")]
fn cache_of_lists_written_again(p: &Pipeline, first: In<String>, second: In<String>) {
    let one = p.add(WriteText::new().text(first)).name("one").file;
    let two = p.add(WriteText::new().text(second)).name("two").file;
    p.add(ReadTexts::new().files([one, two])).name("read").cache("1h");
}

#[pipeline(name = "cache-of-other-metadata")]
fn cache_of_other_metadata(p: &Pipeline, accuracy: In<f64>) {
    // The file of these metrics is always empty.
    let metrics = p.add(WriteMetrics::new().accuracy(accuracy)).name("write").metrics;
    p.add(ReadMetadata::new().file(metrics).names(["accuracy"])).name("read").cache("1h");
}

#[pipeline(name = "cache-without-digests")]
fn cache_without_digests(p: &Pipeline) {
    let again = p.add(WriteText::new().text("x")).name("again").env("KFP_DIGEST_LIMIT", "0").file;
    p.add(ReadText::new().file(again)).name("never-hits").cache("1h");
    let kept = p.add(WriteText::new().text("y")).name("kept").env("KFP_DIGEST_LIMIT", "0").cache("1h").file;
    p.add(ReadText::new().file(kept)).name("hits").cache("1h");
    let python = p.add(PythonShout::new().quiet(kept)).name("python").env("KFP_DIGEST_LIMIT", "0").loud;
    p.add(ReadText::new().file(python)).name("never-hits-either").cache("1h");
}

#[pipeline(name = "cache-environments")]
fn cache_environments(p: &Pipeline) {
    let first = p.add(EchoText::new().value("same")).name("first").cache("1h").env("STAGE", "a");
    let other =
        p.add(EchoText::new().value("same")).name("other").cache("1h").env("STAGE", "b").after(&first);
    p.add(EchoText::new().value("same")).name("again").cache("1h").env("STAGE", "a").after(&other);
}

#[pipeline(name = "cache-other-program")]
fn cache_other_program(p: &Pipeline) {
    p.add(EchoText::new().value("rust")).name("rust").cache("1h");
    p.add(PythonInteger::new().value(1)).name("python").cache("1h");
}

#[pipeline(name = "cache-epoch")]
fn cache_epoch(p: &Pipeline) {
    p.add(EchoText::new().value("kept")).cache("1h");
}

#[pipeline(name = "cache-expired")]
fn cache_expired(p: &Pipeline) {
    p.add(EchoText::new().value("short")).name("short").cache("1s");
    p.add(EchoText::new().value("long")).name("long").cache("1h");
}

#[pipeline(name = "cache-of-failures")]
fn cache_of_failures(p: &Pipeline) {
    p.add(FailIf::new().value(1).bad(1)).cache("1h");
}

#[pipeline(name = "cache-after-a-failure")]
fn cache_after_a_failure(p: &Pipeline) {
    let call = AskService::new().variable("SERVICE");
    p.add(call).env_from_config_map("SERVICE", "conformance-service", "state").cache("1h");
}

#[pipeline(name = "cache-and-retry")]
fn cache_and_retry(p: &Pipeline) {
    p.add(SucceedsAt::new().attempt(3)).cache("1h").retry(Retry::times(3));
}

#[pipeline(name = "cache-and-needless-retry")]
fn cache_and_needless_retry(p: &Pipeline) {
    let kept = p.add(EchoInteger::new().value(5)).name("kept").cache("1h").retry(Retry::times(3)).output;
    p.add(Add::new().a(kept)).name("behind");
}

#[pipeline(name = "cache-in-a-loop")]
fn cache_in_a_loop(p: &Pipeline, items: In<Vec<i64>>) -> Out<Vec<i64>> {
    p.parallel_for(items).each(|p, item| p.add(Add::new().a(item)).cache("1h").output)
}

#[pipeline(name = "cache-keys")]
fn cache_keys(p: &Pipeline) {
    let first = p.add(EchoText::new().value("same")).name("first").cache_key("a");
    let other = p.add(EchoText::new().value("same")).name("other").cache_key("b").after(&first);
    p.add(EchoText::new().value("same")).name("again").cache_key("a").after(&other);
}

#[pipeline(name = "cache-of-the-pipeline", cache = true)]
fn cache_of_the_pipeline(p: &Pipeline) {
    p.add(EchoText::new().value("kept")).name("kept");
    p.add(EchoText::new().value("never")).name("never").cache(false);
    p.add(InnerToKeep::new()).name("inner");
}

#[pipeline(name = "inner-to-keep")]
fn inner_to_keep(p: &Pipeline) {
    p.add(EchoText::new().value("inner")).name("inside");
    p.add(EchoText::new().value("inner never")).name("never").cache(false);
}

#[pipeline(name = "cache-of-a-call")]
fn cache_of_a_call(p: &Pipeline) {
    p.add(InnerToKeep::new()).name("called").cache("1h");
    p.add(EchoText::new().value("outside")).name("outside");
}

#[pipeline(name = "cache-of-optionals")]
fn cache_of_optionals(p: &Pipeline, go: In<bool>) {
    let maybe = p.when("arm", go, |p| p.add(Add::new().a(1)).name("inside").output).or_none();
    p.add(crate::components::EchoOptional::new().value(maybe)).name("kept").cache("1h");
}

fn hits() -> Vec<Case> {
    let value = |value: i64| Run::succeeds().argument("value", value);
    let text = |text: &str| Run::succeeds().argument("text", text);
    let items = |items: &[i64]| {
        let output: Vec<i64> = items.iter().map(|item| item + 1).collect();
        Run::succeeds().argument("items", json!(items)).output(output)
    };
    let go = |go: bool| Run::succeeds().argument("go", go);
    vec![
        Case::new("cache-hits", CacheHits::definition)
            .run(value(1).returned("first", 2).returned("second", 3).returned("never-kept", 4).output(4))
            .run(value(1).cached("first", 2).cached("second", 3).returned("never-kept", 4).output(4))
            .run(value(5).returned("first", 6).returned("second", 7).returned("never-kept", 8).output(8))
            // An argument that was seen before, computed in another way: the step after it hits.
            .run(value(1).cached("first", 2).cached("second", 3).returned("never-kept", 4).output(4)),
        Case::new("cache-of-artifacts", CacheOfArtifacts::definition)
            .run(
                text("{{x}}")
                    .succeeded("write")
                    .returned("read-again", "{{x}}")
                    .returned("read-kept", "{{x}}"),
            )
            .run(
                text("{{x}}")
                    .cached_files("write")
                    .returned("read-again", "{{x}}")
                    .cached("read-kept", "{{x}}"),
            )
            .run(text("y").succeeded("write").returned("read-again", "y").returned("read-kept", "y")),
        Case::new("cache-of-what-is-written-again", CacheOfWhatIsWrittenAgain::definition)
            .run(text("x").succeeded("write").returned("read", "x"))
            .run(text("x").succeeded("write").cached("read", "x"))
            .run(text("y").succeeded("write").returned("read", "y")),
        Case::new("cache-environments", CacheEnvironments::definition)
            .run(Run::succeeds().returned("first", "same").returned("other", "same").cached("again", "same"))
            .run(Run::succeeds().cached("first", "same").cached("other", "same").cached("again", "same")),
        Case::new("cache-in-a-loop", CacheInALoop::definition)
            .run(items(&[1, 2]).returned("0/add", 2).returned("1/add", 3))
            .run(items(&[2, 1, 3]).cached("0/add", 3).cached("1/add", 2).returned("2/add", 4)),
        Case::new("cache-keys", CacheKeys::definition)
            .run(Run::succeeds().returned("first", "same").returned("other", "same").cached("again", "same"))
            .run(Run::succeeds().cached("first", "same").cached("other", "same").cached("again", "same")),
        Case::new("cache-of-optionals", CacheOfOptionals::definition)
            .run(go(false).skipped(&["inside"]).returned("kept", json!(null)))
            .run(go(false).skipped(&["inside"]).cached("kept", json!(null)))
            .run(go(true).returned("inside", 2).returned("kept", 2)),
        Case::new("cache-and-needless-retry", CacheAndNeedlessRetry::definition)
            .run(Run::succeeds().returned("kept", 5).returned("behind", 6))
            .run(Run::succeeds().cached("kept", 5).returned("behind", 6)),
    ]
}

fn misses() -> Vec<Case> {
    let service = |run: Run, state: &str| run.config_map("conformance-service/state", state);
    vec![
        Case::new("cache-other-program", CacheOtherProgram::definition)
            .run(Run::succeeds().returned("rust", "rust").returned("python", 1))
            .run(Run::succeeds().other_program().returned("rust", "rust").cached("python", 1))
            .run(Run::succeeds().cached("rust", "rust").cached("python", 1)),
        Case::new("cache-epoch", CacheEpoch::definition)
            .run(Run::succeeds().returned("echo-text", "kept"))
            .run(Run::succeeds().cached("echo-text", "kept"))
            .run(Run::succeeds().cache_epoch(1).returned("echo-text", "kept"))
            .run(Run::succeeds().cache_epoch(1).cached("echo-text", "kept"))
            .run(Run::succeeds().cached("echo-text", "kept")),
        Case::new("cache-expired", CacheExpired::definition)
            .run(Run::succeeds().returned("short", "short").returned("long", "long"))
            .run(Run::succeeds().after_seconds(2).returned("short", "short").cached("long", "long")),
        Case::new("cache-of-failures", CacheOfFailures::definition)
            .run(Run::fails().failed_with("fail-if", 10))
            .run(Run::fails().failed_with("fail-if", 10)),
        Case::new("cache-after-a-failure", CacheAfterAFailure::definition)
            .run(service(Run::fails(), "down").failed_with("ask-service", 75))
            .run(service(Run::succeeds(), "up").returned("ask-service", "up"))
            .run(service(Run::succeeds(), "up").cached("ask-service", "up")),
        Case::new("cache-and-retry", CacheAndRetry::definition)
            .run(Run::succeeds().returned("succeeds-at", 3).attempts("succeeds-at", 3))
            .run(Run::succeeds().cached("succeeds-at", 3)),
    ]
}

/// Producers that are not cached, and consumers that hit if the content is the same.
fn by_content() -> Vec<Case> {
    let written = |run: Run, tasks: &[&str]| tasks.iter().fold(run, |run, task| run.succeeded(task));
    let text = |text: &str| Run::succeeds().argument("text", text);
    let shouted = |word: &str| written(text(word), &["write"]).returned("shout", json!(word.len()));
    let files = |files: &Value| written(Run::succeeds().argument("files", files.clone()), &["write"]);
    let (one, renamed) = (json!({"a/b": "1", "c": "2"}), json!({"a/c": "1", "c": "2"}));
    let texts = |first: &str, second: &str| {
        written(Run::succeeds().argument("first", first).argument("second", second), &["one", "two"])
    };
    let accuracy = |value: f64| written(Run::succeeds().argument("accuracy", value), &["write"]);
    let read = |value: f64| json!({"accuracy": value});
    let limited = |run: Run| {
        run.succeeded("again")
            .returned("never-hits", "x")
            .returned("python", 1)
            .returned("never-hits-either", "Y")
    };
    vec![
        Case::new("cache-of-folders-written-again", CacheOfFoldersWrittenAgain::definition)
            .run(files(&one).returned("read", one.clone()))
            .run(files(&one).cached("read", one.clone()))
            .run(files(&renamed).returned("read", renamed.clone())),
        Case::new("cache-of-python-files-written-again", CacheOfPythonFilesWrittenAgain::definition)
            .run(shouted("word").returned("read", "WORD"))
            .run(shouted("word").cached("read", "WORD"))
            .run(shouted("verb").returned("read", "VERB")),
        Case::new("cache-of-lists-written-again", CacheOfListsWrittenAgain::definition)
            .run(texts("a", "b").returned("read", json!(["a", "b"])))
            .run(texts("a", "b").cached("read", json!(["a", "b"])))
            .run(texts("b", "a").returned("read", json!(["b", "a"]))),
        Case::new("cache-of-other-metadata", CacheOfOtherMetadata::definition)
            .run(accuracy(0.5).returned("read", read(0.5)))
            .run(accuracy(0.5).cached("read", read(0.5)))
            .run(accuracy(0.75).returned("read", read(0.75))),
        Case::new("cache-without-digests", CacheWithoutDigests::definition)
            .run(limited(Run::succeeds()).succeeded("kept").returned("hits", "y"))
            .run(limited(Run::succeeds()).cached_files("kept").cached("hits", "y")),
    ]
}

fn settings() -> Vec<Case> {
    let inside = |run: Run, prefix: &str| run.returned(&format!("{prefix}/never"), "inner never");
    vec![
        Case::new("cache-of-the-pipeline", CacheOfThePipeline::definition)
            .run(
                inside(Run::succeeds(), "inner")
                    .returned("kept", "kept")
                    .returned("never", "never")
                    .returned("inner/inside", "inner"),
            )
            .run(
                inside(Run::succeeds(), "inner")
                    .cached("kept", "kept")
                    .returned("never", "never")
                    .cached("inner/inside", "inner"),
            ),
        Case::new("cache-of-a-call", CacheOfACall::definition)
            .run(
                inside(Run::succeeds(), "called")
                    .returned("called/inside", "inner")
                    .returned("outside", "outside"),
            )
            .run(
                inside(Run::succeeds(), "called")
                    .cached("called/inside", "inner")
                    .returned("outside", "outside"),
            ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    [hits(), misses(), by_content(), settings()].into_iter().flatten().collect()
}
