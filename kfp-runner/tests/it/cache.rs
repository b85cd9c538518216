//! Results that are used again.

use std::fs;

use kfp_runner::State;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Bench, output, pipeline, stand_in, step, value_of, with};

fn cached() -> Value {
    json!({"policy": {"cache": {"for": {"max_age": "1h"}}}})
}

fn counted(bench: &Bench) -> Value {
    pipeline(&json!([with(step("it", "counted", &json!({"counter": bench.path("c")})), &cached())]))
}

#[test]
fn a_result_is_used_again_until_something_differs() {
    let mut bench = Bench::new();
    let hour = counted(&bench);
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(1));
    let second = bench.run(&hour);
    assert_eq!(second.task("it").unwrap().state, State::Cached);
    assert_eq!(value_of(&second, "it", "value"), json!(1));
    assert_eq!(second.state, State::Succeeded);

    let store = Connection::open(bench.options.store.join("runs.sqlite")).unwrap();
    store.execute("UPDATE cache SET created_at = created_at - 3600000", []).unwrap();
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(2), "too old");
    bench.options.cache_epoch = 1;
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(3), "another epoch");
    bench.options.namespace = "other".to_owned();
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(4), "another namespace");
    bench.options.read_cache = false;
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(5), "the cache is not read");
    bench.options.read_cache = true;
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(5), "but it is written");
    bench.options.binary = Some(stand_in("second"));
    assert_eq!(value_of(&bench.run(&hour), "it", "value"), json!(6), "another program");
}

#[test]
fn nothing_is_kept_unless_asked_for_and_failures_never() {
    let bench = Bench::new();
    let plain = pipeline(&json!([step("it", "counted", &json!({"counter": bench.path("c")}))]));
    bench.run(&plain);
    assert_eq!(value_of(&bench.run(&plain), "it", "value"), json!(2));

    let arguments = json!({"counter": bench.path("f"), "succeeds_at": 2, "code": 10});
    let flaky = pipeline(&json!([with(step("it", "flaky", &arguments), &cached())]));
    assert_eq!(bench.run(&flaky).state, State::Failed);
    assert_eq!(bench.run(&flaky).task("it").unwrap().state, State::Succeeded);
}

#[test]
fn hits_chain_and_files_outlive_their_run() {
    let bench = Bench::new();
    let tasks = json!([
        with(step("writer", "write", &json!({"text": "hello"})), &cached()),
        with(step("reader", "read", &json!({"file": output("writer", "file")})), &cached()),
    ]);
    let first = bench.run(&pipeline(&tasks));
    assert_eq!(value_of(&first, "reader", "text"), json!("hello 5"));
    let second = bench.run(&pipeline(&tasks));
    assert_eq!(second.task("reader").unwrap().state, State::Cached);

    let uncached = json!([tasks[0], step("reader", "read", &json!({"file": output("writer", "file")}))]);
    fs::remove_dir_all(bench.options.store.join("runs")).unwrap();
    let third = bench.run(&pipeline(&uncached));
    assert_eq!(third.task("writer").unwrap().state, State::Cached);
    assert_eq!(value_of(&third, "reader", "text"), json!("hello 5"));

    fs::remove_dir_all(bench.options.store.join("runs")).unwrap();
    fs::remove_dir_all(bench.options.store.join("cache")).unwrap();
    let fourth = bench.run(&pipeline(&uncached));
    assert_eq!(fourth.task("writer").unwrap().state, State::Succeeded, "a hit without files is none");
}
