//! Results that are reused.

use std::fs;

use kfp_model::DIGEST_LIMIT_VARIABLE;
use kfp_runner::{Cancel, Event, State, Store};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Fixture, output, pipeline, program, step, value_of, with};

fn cached() -> Value {
    json!({"policy": {"cache": {"for": {"max_age": "1h"}}}})
}

fn counted(fixture: &Fixture) -> Value {
    pipeline(&json!([with(step("it", "counted", &json!({"counter": fixture.path("c")})), &cached())]))
}

#[test]
fn a_result_is_reused_until_something_changes() {
    let mut fixture = Fixture::new();
    let hour = counted(&fixture);
    let first = fixture.run(&hour);
    assert_eq!(value_of(&first, "it", "value"), json!(1));
    assert_eq!(first.task("it").unwrap().cached_from, None);
    let second = fixture.run(&hour);
    assert_eq!(second.task("it").unwrap().state, State::Cached);
    assert_eq!(second.task("it").unwrap().cached_from.as_ref(), Some(&first.id));
    assert_eq!(value_of(&second, "it", "value"), json!(1));
    assert_eq!(second.state, State::Succeeded);

    let store = Connection::open(fixture.options.store.join("runs.sqlite")).unwrap();
    store.execute("UPDATE cache SET created_at = created_at - 3600000", []).unwrap();
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(2), "too old");
    fixture.options.cache_epoch = 1;
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(3), "another epoch");
    fixture.options.namespace = "other".to_owned();
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(4), "another namespace");
    fixture.options.read_cache = false;
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(5), "the cache is not read");
    fixture.options.read_cache = true;
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(5), "but it is written");
    fixture.options.binary = Some(program("second"));
    assert_eq!(value_of(&fixture.run(&hour), "it", "value"), json!(6), "another program");
}

#[test]
fn only_successful_results_of_cached_steps_are_stored() {
    let fixture = Fixture::new();
    let plain = pipeline(&json!([step("it", "counted", &json!({"counter": fixture.path("c")}))]));
    fixture.run(&plain);
    assert_eq!(value_of(&fixture.run(&plain), "it", "value"), json!(2));

    let arguments = json!({"counter": fixture.path("f"), "succeeds_at": 2, "code": 10});
    let flaky = pipeline(&json!([with(step("it", "flaky", &arguments), &cached())]));
    assert_eq!(fixture.run(&flaky).state, State::Failed);
    assert_eq!(fixture.run(&flaky).task("it").unwrap().state, State::Succeeded);
}

#[test]
fn cached_steps_depend_on_cached_steps_and_files_outlive_their_run() {
    let fixture = Fixture::new();
    let tasks = json!([
        with(step("writer", "write", &json!({"text": "hello"})), &cached()),
        with(step("reader", "read", &json!({"file": output("writer", "file")})), &cached()),
    ]);
    let first = fixture.run(&pipeline(&tasks));
    assert_eq!(value_of(&first, "reader", "text"), json!("hello 5"));
    let second = fixture.run(&pipeline(&tasks));
    assert_eq!(second.task("reader").unwrap().state, State::Cached);
    let recorded = Store::open_read_only(&fixture.options.store).unwrap().tasks(&second.id).unwrap();
    let origins: Vec<_> = recorded.iter().map(|task| task.cached_from.as_ref()).collect();
    assert_eq!(origins, [Some(&first.id), Some(&first.id)]);

    let uncached = json!([tasks[0], step("reader", "read", &json!({"file": output("writer", "file")}))]);
    fs::remove_dir_all(fixture.options.store.join("runs")).unwrap();
    let third = fixture.run(&pipeline(&uncached));
    assert_eq!(third.task("writer").unwrap().state, State::Cached);
    assert_eq!(value_of(&third, "reader", "text"), json!("hello 5"));

    fs::remove_dir_all(fixture.options.store.join("runs")).unwrap();
    fs::remove_dir_all(fixture.options.store.join("cache")).unwrap();
    let fourth = fixture.run(&pipeline(&uncached));
    assert_eq!(fourth.task("writer").unwrap().state, State::Succeeded, "without its files, it is not a hit");
}

#[test]
fn a_step_that_reads_an_import_above_the_digest_limit_is_not_cached() {
    let mut fixture = Fixture::new();
    fs::write(fixture.path("rows"), "rows").unwrap();
    let dataset = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
    let import = json!({"uri": {"constant": fixture.path("rows")}, "type": dataset});
    let tasks = pipeline(&json!([
        {"id": "load", "name": "load", "kind": {"import": import}},
        with(step("reader", "read", &json!({"file": output("load", "artifact")})), &cached()),
    ]));
    for (limit, expect) in [
        (None, State::Succeeded),
        (Some(4), State::Cached),
        (Some(3), State::Succeeded),
        (Some(0), State::Succeeded),
    ] {
        fixture.options.digest_limit = limit;
        let mut notices = Vec::new();
        let notice = |event| {
            if let Event::Notice { message, .. } = event {
                notices.push(message);
            }
        };
        let report = fixture.observe(&tasks, &json!({}), &Cancel::new(), notice).unwrap();
        assert_eq!(report.task("reader").unwrap().state, expect, "{limit:?}");
        let is_reported = notices.iter().any(|notice| {
            notice.starts_with(
                "the result is not cached: the artifact in its input `file` is outside the store",
            )
        });
        assert_eq!(is_reported, limit.is_some_and(|limit| limit < 4), "{limit:?}: {notices:?}");
    }
}

#[test]
fn steps_receive_the_digest_limit_unless_they_set_it() {
    let mut fixture = Fixture::new();
    fixture.options.digest_limit = Some(77);
    let names = json!({"names": [DIGEST_LIMIT_VARIABLE]});
    let own = json!({"policy": {"environment": {DIGEST_LIMIT_VARIABLE: {"literal": "0"}}}});
    let report = fixture.run(&pipeline(&json!([
        step("other", "environment", &names),
        with(step("own", "environment", &names), &own),
    ])));
    for (task, limit) in [("other", "77"), ("own", "0")] {
        assert_eq!(value_of(&report, task, "value"), json!({DIGEST_LIMIT_VARIABLE: limit}));
    }
}
