//! Runs that cannot be written down to their end, because the store breaks.

use kfp_runner::{Cancel, Event, RunError, StoreError};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Bench, pipeline, processes_of, step, with};

#[test]
fn everything_that_runs_is_ended_before_the_error_is_told() {
    for beside in 0..3 {
        let bench = Bench::new();
        let mut tasks = Vec::new();
        for idx in 0..beside {
            let started = bench.path(&format!("started-{idx}"));
            let arguments = json!({"mine": bench.path(&format!("mine-{idx}")), "theirs": &started});
            tasks.push(step(&format!("long-{idx}"), "hang", &json!({"started": &started, "stubborn": true})));
            tasks.push(step(&format!("until-{idx}"), "meet", &arguments));
        }
        let before: Vec<String> = (0..beside).map(|idx| format!("until-{idx}")).collect();
        tasks.push(with(step("last", "number", &json!({"value": 1})), &json!({"after": before})));
        let file = bench.options.store.join("runs.sqlite");
        let break_store = |event| {
            if matches!(event, Event::TaskStarted { path, .. } if path == "last") {
                Connection::open(&file).unwrap().execute_batch("DROP TABLE attempts").unwrap();
            }
        };
        let result = bench.observe(&pipeline(&json!(tasks)), &json!({}), &Cancel::new(), break_store);
        assert!(matches!(result, Err(RunError::Store(StoreError::Sqlite { .. }))), "{result:?}");
        assert_eq!(processes_of(&bench), [""; 0], "{beside} steps beside");
    }
}
