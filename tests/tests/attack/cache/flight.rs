//! Several tasks of one run that want one result at the same time.

use std::fs;

use kfp_runner::{Event, State};
use serde_json::json;

use super::bench::Bench;

#[test]
fn two_tasks_of_one_run_do_the_work_once() {
    let mut bench = Bench::new(false);
    let plain = bench.task(3).take();
    let mut again = plain.clone();
    again["id"] = json!("again");
    again["name"] = json!("again");
    bench.document["pipelines"][0]["root"]["tasks"] = json!([plain, again]);
    let hold = bench.hold();
    fs::write(&hold, "").unwrap();
    let report = bench.run_with(|event| {
        if let Event::Notice { .. } = event {
            fs::remove_file(&hold).unwrap();
        }
    });
    let mut states: Vec<String> = report.tasks.iter().map(|task| task.state.to_string()).collect();
    states.sort();
    assert_eq!(states, [State::Cached.to_string(), State::Succeeded.to_string()]);
    assert_eq!(bench.ran(), ["plain"]);
}
