//! Runs that cannot be recorded until their end, because the store is damaged.

use kfp_runner::{Cancel, Event, RunError, StoreError};
use rusqlite::Connection;
use serde_json::json;

use crate::support::{Fixture, pipeline, processes_of, step, with};

#[test]
fn all_processes_have_ended_when_the_error_is_returned() {
    for beside in 0..3 {
        let fixture = Fixture::new();
        let mut tasks = Vec::new();
        for idx in 0..beside {
            let started = fixture.path(&format!("started-{idx}"));
            let arguments = json!({"mine": fixture.path(&format!("mine-{idx}")), "theirs": &started});
            tasks.push(step(&format!("long-{idx}"), "hang", &json!({"started": &started, "stubborn": true})));
            tasks.push(step(&format!("until-{idx}"), "meet", &arguments));
        }
        let before: Vec<String> = (0..beside).map(|idx| format!("until-{idx}")).collect();
        tasks.push(with(step("last", "number", &json!({"value": 1})), &json!({"after": before})));
        let file = fixture.options.store.join("runs.sqlite");
        let break_store = |event| {
            if matches!(event, Event::TaskStarted { path, .. } if path == "last") {
                Connection::open(&file).unwrap().execute_batch("DROP TABLE attempts").unwrap();
            }
        };
        let result = fixture.observe(&pipeline(&json!(tasks)), &json!({}), &Cancel::new(), break_store);
        assert!(matches!(result, Err(RunError::Store(StoreError::Sqlite { .. }))), "{result:?}");
        assert_eq!(processes_of(&fixture), [""; 0], "{beside} steps beside");
    }
}
