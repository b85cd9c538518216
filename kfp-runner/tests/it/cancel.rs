//! Runs that are cancelled from outside.

use std::time::{Duration, Instant};

use kfp_runner::{Cancel, Event, State, Store};
use serde_json::json;

use crate::support::{Fixture, exit_handler, notify, pipeline, states, step, value_of, with};

/// Requests the end of the run as soon as the file exists.
fn cancel_when(path: String, cancel: &Cancel, requests: u32) -> std::thread::JoinHandle<()> {
    let cancel = cancel.clone();
    std::thread::spawn(move || {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !std::path::Path::new(&path).exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        for _ in 0..requests {
            cancel.request();
        }
    })
}

#[test]
fn the_first_request_ends_steps_and_runs_exit_handlers() {
    for stubborn in [false, true] {
        let mut fixture = Fixture::new();
        fixture.options.grace = Duration::from_millis(100);
        let started = fixture.path("started");
        let document = pipeline(&json!([
            exit_handler(
                "all",
                &json!({"tasks": [
                    step("long", "hang", &json!({"started": started, "stubborn": stubborn})),
                    with(step("later", "number", &json!({"value": 1})), &json!({"after": ["long"]})),
                ]}),
                &notify("all", &json!(null)),
            ),
            with(step("last", "number", &json!({"value": 1})), &json!({"after": ["all"]})),
        ]));
        let cancel = Cancel::new();
        let canceller = cancel_when(started, &cancel, 1);
        let report = fixture.observe(&document, &json!({}), &cancel, |_| ()).unwrap();
        canceller.join().unwrap();
        assert_eq!(report.state, State::Cancelled);
        assert_eq!(report.message.as_deref(), Some("the run was cancelled"));
        let states = states(&report);
        for path in ["all/long", "all/later", "all", "last"] {
            assert_eq!(states[path], State::Cancelled, "{path}");
        }
        assert_eq!(value_of(&report, "notify", "value")["state"], json!("Failed"));
        let store = Store::open(&fixture.options.store).unwrap();
        assert_eq!(store.run(&report.id).unwrap().state, State::Cancelled);
    }
}

#[test]
fn the_second_request_ends_everything_immediately() {
    let fixture = Fixture::new();
    let started = fixture.path("started");
    let document = pipeline(&json!([exit_handler(
        "all",
        &json!({"tasks": [step("long", "hang", &json!({"started": started, "stubborn": true}))]}),
        &notify("all", &json!(null)),
    )]));
    let cancel = Cancel::new();
    let canceller = cancel_when(started, &cancel, 2);
    let report = fixture.observe(&document, &json!({}), &cancel, |_| ()).unwrap();
    canceller.join().unwrap();
    assert_eq!(report.state, State::Cancelled);
    assert_eq!(states(&report)["all/exit.notify"], State::Cancelled);
    assert!(report.duration < fixture.options.grace, "{:?}", report.duration);
}

#[test]
fn storing_a_result_is_cut_short() {
    let fixture = Fixture::new();
    let cached = json!({"policy": {"cache": {"for": {"max_age": "1h"}}}});
    let mut document = pipeline(&json!([with(step("it", "large", &json!({})), &cached)]));
    // It would take minutes to read this file.
    let source = "def large(file):\n    open(file.path, 'w').truncate(1 << 40)\n";
    document["components"] = json!({"large": {
        "name": "large",
        "outputs": {"file": {"type": {"artifact": {"name": "system.Dataset", "version": "0.0.1"}}}},
        "implementation": {"python": {"file": "large.py", "function": "large", "source": source}},
    }});
    let cancel = Cancel::new();
    let partial = fixture.options.store.join("cache/partial");
    let canceller = std::thread::spawn({
        let cancel = cancel.clone();
        let is_stored = move || {
            let runs = std::fs::read_dir(&partial).into_iter().flatten().flatten();
            runs.filter_map(|run| std::fs::read_dir(run.path()).ok()).flatten().next().is_some()
        };
        move || {
            let deadline = Instant::now() + Duration::from_secs(60);
            while !is_stored() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5));
            }
            cancel.request();
            Instant::now()
        }
    });
    let mut notices = Vec::new();
    let events = |event| {
        if let Event::Notice { message, .. } = event {
            notices.push(message);
        }
    };
    let report = fixture.observe(&document, &json!({}), &cancel, events).unwrap();
    let ended = canceller.join().unwrap().elapsed();
    assert!(ended < Duration::from_secs(10), "{ended:?}");
    assert_eq!((report.state, report.message.as_deref()), (State::Cancelled, Some("the run was cancelled")));
    assert_eq!(report.task("it").unwrap().state, State::Succeeded);
    assert_eq!(notices, ["the result is not cached: the run was cancelled"]);
    let store = Store::open(&fixture.options.store).unwrap();
    assert_eq!(store.run(&report.id).unwrap().state, State::Cancelled);
    assert!(store.cache_entries().unwrap().is_empty());
}

#[test]
fn after_a_request_before_the_start_nothing_runs() {
    let fixture = Fixture::new();
    let cancel = Cancel::new();
    cancel.request();
    let document = pipeline(&json!([step("it", "number", &json!({"value": 1}))]));
    let report = fixture.observe(&document, &json!({}), &cancel, |_| ()).unwrap();
    assert_eq!((report.state, report.task("it").unwrap().state), (State::Cancelled, State::Cancelled));
}
