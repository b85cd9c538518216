//! Previews: which results a run would reuse, and why others are missing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use kfp_model::Document;
use kfp_runner::{Answer, Cancel, Forecast};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{
    Fixture, compare, document, exit_handler, input, object, output, pipeline, program, step, when, with,
};

fn cached() -> Value {
    json!({"policy": {"cache": {"for": {"max_age": "1h"}}}})
}

/// Returns a line for each step.
fn preview_of(fixture: &Fixture, document: &Document, arguments: &Value) -> Vec<String> {
    let outcome = kfp_compiler::check::check(document, &document.pipelines[0]);
    let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
    let steps = kfp_runner::preview(&program, object(arguments), &fixture.options).unwrap();
    let line = |step: kfp_runner::StepPreview| {
        let forecast = match step.forecast {
            Forecast::Hit { .. } => "hit".to_owned(),
            Forecast::SharedHit { with } => format!("hit with {with}"),
            Forecast::Miss(reason) => format!("miss: {reason}"),
            Forecast::NotCached { reason } => format!("run: {reason}"),
            Forecast::Unknown { waits_for, may_share: None } => format!("unknown: {}", waits_for.join(", ")),
            Forecast::Unknown { waits_for, may_share: Some(label) } => {
                format!("unknown: {}, may share with {label}", waits_for.join(", "))
            }
            Forecast::Skipped { reason } => format!("skip: {reason}"),
            Forecast::Fails { message } => format!("fail: {message}"),
        };
        format!("{} {forecast}", step.label)
    };
    steps.into_iter().map(line).collect()
}

fn preview(fixture: &Fixture, pipeline: &Value) -> Vec<String> {
    preview_of(fixture, &document(std::slice::from_ref(pipeline)), &json!({}))
}

/// A chain of cached steps, and one that is not cached.
fn chain(text: &str) -> Value {
    pipeline(&json!([
        with(step("write", "write", &json!({"text": text})), &cached()),
        with(step("read", "read", &json!({"file": output("write", "file")})), &cached()),
        step("echo", "echo", &json!({"value": output("read", "text")})),
        with(step("last", "echo", &json!({"value": output("echo", "value")})), &cached()),
    ]))
}

#[test]
fn nothing_is_run_or_written() {
    let fixture = Fixture::new();
    let expect = [
        "write miss: no result of this component is cached",
        "read miss: no result of this component is cached",
        "echo run: not cached",
        "last miss: no result of this component is cached",
    ];
    assert_eq!(preview(&fixture, &chain("hello")), expect);
    assert!(!fixture.options.store.exists(), "a preview creates no store");
    fixture.run(&chain("hello"));
    // SQLite creates files next to the database while it reads.
    let is_kept = |name: &str| !name.ends_with("-shm") && !name.ends_with("-wal");
    let files = |folder: &str| {
        let entries = fs::read_dir(fixture.options.store.join(folder)).unwrap();
        entries.filter(|entry| is_kept(entry.as_ref().unwrap().file_name().to_str().unwrap())).count()
    };
    let before = (files("."), files("runs"), files("cache"));
    let expect = ["write hit", "read hit", "echo run: not cached", "last unknown: echo"];
    assert_eq!(preview(&fixture, &chain("hello")), expect);
    assert_eq!((files("."), files("runs"), files("cache")), before);
    assert!(fixture.run(&chain("hello")).task("read").unwrap().state == kfp_runner::State::Cached);
}

#[test]
fn a_miss_names_what_has_changed() {
    let mut fixture = Fixture::new();
    let hello = chain("hello");
    fixture.run(&hello);
    let expect = |lines: Vec<String>, first: &str, second: &str| {
        assert_eq!(lines[..2], [format!("write {first}"), format!("read {second}")]);
    };
    let input = "miss: input `text` changed from `\"hello\"` to `\"other\"`";
    expect(preview(&fixture, &chain("other")), input, "unknown: write");
    fixture.options.cache_epoch = 1;
    let epoch = "miss: the cache epoch changed from `0` to `1`";
    expect(preview(&fixture, &hello), epoch, epoch);
    fixture.options.cache_epoch = 0;
    fixture.options.namespace = "team".to_owned();
    let namespace = "miss: `namespace` changed from `default` to `team`";
    expect(preview(&fixture, &hello), namespace, namespace);
    fixture.options.namespace = "default".to_owned();
    let first = fixture.options.binary.replace(program("second"));
    let binary = "miss: the pipeline binary changed";
    expect(preview(&fixture, &hello), binary, binary);
    fixture.options.binary = first;

    let mut keyed = hello.clone();
    keyed["root"]["tasks"][1]["policy"]["cache"]["for"]["key"] = json!("weekly");
    expect(preview(&fixture, &keyed), "hit", "miss: `cache_key` is now `weekly`");
    let mut set = hello.clone();
    set["root"]["tasks"][0]["policy"]["environment"] = json!({"MODE": {"literal": "fast"}});
    expect(preview(&fixture, &set), "miss: environment variable `MODE` was added", "unknown: write");

    let store = Connection::open(fixture.options.store.join("runs.sqlite")).unwrap();
    fs::remove_dir_all(fixture.options.store.join("cache/objects")).unwrap();
    expect(preview(&fixture, &hello), "miss: the files of the cached result are missing", "unknown: write");
    store.execute("UPDATE cache SET created_at = created_at - 3600000", []).unwrap();
    let old = "miss: the cached result is older than the maximum age";
    expect(preview(&fixture, &hello), old, "unknown: write");
    store.execute("UPDATE cache SET parts = NULL", []).unwrap();
    let none = "miss: no result of this component is cached";
    expect(preview(&fixture, &hello), none, none);
}

#[test]
fn a_step_may_use_a_result_that_an_earlier_step_of_the_run_stores() {
    let number = |id: &str, value: &Value| with(step(id, "number", &json!({"value": value})), &cached());
    let none = "no result of this component is cached";

    let fixture = Fixture::new();
    let chain = pipeline(&json!([
        number("one", &json!(1)),
        number("two", &output("one", "value")),
        with(step("text", "text", &json!({})), &json!({"after": ["one"], "policy": cached()["policy"]})),
    ]));
    let expect = [
        format!("one miss: {none}"),
        "two unknown: one, may share with one".to_owned(),
        format!("text miss: {none}"),
    ];
    assert_eq!(preview(&fixture, &chain), expect);
    // `number` returns its input.
    assert_eq!(fixture.run(&chain).task("two").unwrap().state, kfp_runner::State::Cached);

    // The first step that waits is certain to run.
    let fixture = Fixture::new();
    let waiting = pipeline(&json!([
        step("first", "number", &json!({"value": 1})),
        number("one", &output("first", "value")),
        number("two", &output("one", "value")),
    ]));
    let expect = [
        "first run: not cached".to_owned(),
        format!("one miss: {none}"),
        "two unknown: one, may share with one".to_owned(),
    ];
    assert_eq!(preview(&fixture, &waiting), expect);
}

#[test]
fn a_missing_interpreter_is_not_reported_as_that_of_a_run() {
    let mut fixture = Fixture::new();
    let folder = tempfile::tempdir().unwrap();
    let interpreter = folder.path().join("python");
    fs::write(&interpreter, "#!/bin/sh\necho False cpython 3.7.1 -\n").unwrap();
    fs::set_permissions(&interpreter, fs::Permissions::from_mode(0o755)).unwrap();
    fixture.options.python = interpreter.clone();
    let mut pipeline = pipeline(&json!([step("it", "double", &json!({}))]));
    let source = "def double():\n    pass\n";
    let double = json!({"python": {"file": "double.py", "function": "double", "source": source}});
    pipeline["components"] = json!({"double": {"name": "double", "implementation": double}});
    let document = document(&[pipeline]);
    let outcome = kfp_compiler::check::check(&document, &document.pipelines[0]);
    let error =
        kfp_runner::preview(&outcome.program.unwrap(), object(&json!({})), &fixture.options).unwrap_err();
    let expect = format!(
        "cannot forecast the run: the Python interpreter `{}` is too old: expected 3.8 or newer, found 3.7.1",
        interpreter.display()
    );
    assert_eq!(error.to_string(), expect);
}

#[test]
fn groups_are_entered_as_far_as_their_values_are_known() {
    let mut fixture = Fixture::new();
    let repeat = |items: &Value| {
        let each = with(step("each", "number", &json!({"value": {"reference": {"item": "all"}}})), &cached());
        json!({"id": "all", "name": "all", "kind": {"loop": {"items": items, "body": {"tasks": [each]}}}})
    };
    let arm = |value: &Value, id: &str| {
        let inner = with(step(id, "number", &json!({"value": 7})), &cached());
        when(&format!("when-{id}"), &compare(value, "greater", &json!(1)), &json!({"tasks": [inner]}))
    };
    let exit = |value: Value| {
        let body = json!({"tasks": [with(step("body", "number", &json!({"value": value})), &cached())]});
        exit_handler("whole", &body, &step("tell", "echo", &json!({"value": 1})))
    };
    let approval = json!({"id": "ok", "name": "ok", "kind": {"approval": {"message": "Continue?"}}});
    let mut after = with(step("after", "number", &json!({"value": 1})), &cached());
    after["after"] = json!(["ok"]);
    let mut whole = pipeline(&json!([
        repeat(&json!({"constant": [1, 2, 2]})),
        with(step("two", "number", &json!({"value": input("start")})), &cached()),
        arm(&input("start"), "known"),
        arm(&output("two", "value"), "open"),
        approval,
        after,
        exit(output("two", "value")),
        exit_handler(
            "started",
            &json!({"tasks": [step("now", "echo", &json!({"value": 1}))]}),
            &with(step("later", "echo", &json!({"value": 2})), &cached(),)
        ),
    ]));
    whole["inputs"] = json!({"start": {"type": "float"}});
    let document = document(&[whole]);
    let lines = |fixture: &Fixture, start: i64| preview_of(fixture, &document, &json!({"start": start}));
    let none = "no result of this component is cached";
    assert_eq!(
        lines(&fixture, 1),
        [
            "all[value=1]/each hit with two".to_owned(),
            format!("all[#1 value=2]/each miss: {none}"),
            "all[#2 value=2]/each hit with all[#1 value=2]/each".to_owned(),
            format!("two miss: {none}"),
            "when-known/when-known-arm/known skip: the condition is false".to_owned(),
            "when-open/when-open-arm/open unknown: two".to_owned(),
            "after unknown: ok, may share with all[#1 value=2]/each".to_owned(),
            "whole/body unknown: two, may share with all[#1 value=2]/each".to_owned(),
            "whole/exit.tell run: not cached".to_owned(),
            "started/now run: not cached".to_owned(),
            format!("started/exit.later miss: {none}"),
        ]
    );
    fixture.options.approvals.insert("ok".to_owned(), Answer::Approved([].into()));
    fixture.run_document(&document, &json!({"start": 2}), &Cancel::new(), |_| ()).unwrap();
    fixture.options.approvals.clear();
    assert_eq!(
        lines(&fixture, 2),
        [
            "all[value=1]/each hit",
            "all[#1 value=2]/each hit",
            "all[#2 value=2]/each hit",
            "two hit",
            "when-known/when-known-arm/known hit",
            "when-open/when-open-arm/open hit",
            "after unknown: ok",
            "whole/body hit",
            "whole/exit.tell run: not cached",
            "started/now run: not cached",
            "started/exit.later unknown: started",
        ]
    );
    assert_eq!(
        lines(&fixture, 3)[3..6],
        [
            "two miss: input `value` changed from `2` to `3`",
            "when-known/when-known-arm/known hit",
            "when-open/when-open-arm/open unknown: two",
        ]
    );
}
