//! A pipeline binary whose pipelines have mistakes that only show when it builds their graphs.

use std::cell::Cell;

use kfp_sdk::prelude::*;

/// Prints a message.
#[component]
pub fn print(message: String) {
    let _ = message;
}

const SOON: &str = "soon";

/// Has invalid durations: some with an obvious edit, one shared by two tasks, and one in the settings.
#[pipeline(name = "durations", timeout = SOON)]
fn durations(p: &Pipeline) {
    p.add(Print::new().message("a")).timeout("1 hour");
    let retry = Retry::times(3).backoff("30 sec", 2.0).cap("soon");
    p.add(Print::new().message("b")).retry(retry);
    let shared = Policy::new().cache("7 days");
    p.add(Print::new().message("c")).with(&shared);
    p.add(Print::new().message("d")).with(&shared);
}

/// Has a constant that JSON cannot represent, and a duplicate task name, which `kfpc check` finds in the document.
#[pipeline(name = "constants")]
fn constants(p: &Pipeline) {
    let half = p.constant::<f64>(f64::NAN);
    p.add(Print::new().message(text!("{half}"))).name("same");
    p.when("small", half.lt(f64::INFINITY), |p| p.add(Print::new().message("small")));
    p.add(Print::new().message("other")).name("same");
}

thread_local! {
    static LEAKED: Cell<Option<Out<String>>> = const { Cell::new(None) };
}

/// Keeps a handle for another pipeline.
#[pipeline(name = "leaking")]
fn leaking(p: &Pipeline, message: In<String>) {
    LEAKED.set(Some(message));
    p.add(Print::new().message(message));
}

/// Uses a handle of another pipeline.
#[pipeline(name = "foreign")]
fn foreign(p: &Pipeline) {
    p.add(Leaking::new().message("a"));
    if let Some(message) = LEAKED.get() {
        p.add(Print::new().message(message));
    }
}

/// Panics.
#[pipeline(name = "panicking")]
fn panicking(p: &Pipeline) {
    let rows: i64 = "many".parse().expect("a number");
    p.add(Print::new().message(rows.to_string()));
}

kfp_sdk::main!();
