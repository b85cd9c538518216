//! Steps that return and take lists.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kfp_sdk::prelude::*;

use super::Trial;

/// Return the numbers from 0 up to, but excluding, `count`.
#[component]
pub(crate) fn range(count: i64) -> Vec<i64> {
    (0..count).collect()
}

/// Return one range for each count.
#[component]
pub(crate) fn ranges(counts: Vec<i64>) -> Vec<Vec<i64>> {
    counts.into_iter().map(|count| (0..count).collect()).collect()
}

/// Return some trials.
#[component]
pub(crate) fn trials(count: i64) -> Vec<Trial> {
    let trial = |number| Trial {
        rate: 0.5,
        size: number,
        name: format!("trial-{number}"),
        note: (number % 2 == 0).then(|| "even".to_owned()),
    };
    (0..count).map(trial).collect()
}

/// Join strings with commas.
#[component]
pub(crate) fn join(texts: Vec<String>) -> String {
    texts.join(",")
}

/// Return a list of integers that may be missing.
#[component]
pub(crate) fn echo_optionals(value: Vec<Option<i64>>) -> Vec<Option<i64>> {
    value
}

/// Return lists of lists of integers.
#[component]
pub(crate) fn echo_integer_table(value: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    value
}

/// Return lists of lists of lists of integers.
#[component]
pub(crate) fn echo_cube(value: Vec<Vec<Vec<i64>>>) -> Vec<Vec<Vec<i64>>> {
    value
}

/// Return a list of structs.
#[component]
pub(crate) fn echo_trials(value: Vec<Trial>) -> Vec<Trial> {
    value
}

/// The start and end of a step, in milliseconds since 1970.
#[derive(Param, Debug, Clone)]
pub(crate) struct Span {
    /// The start.
    pub begin: i64,
    /// The end.
    pub end: i64,
}

/// Take some time, and return its start and end.
#[component]
pub(crate) fn take_time(#[default(300)] milliseconds: i64, item: Option<i64>) -> Result<Span> {
    let _ = item;
    let begin = now()?;
    std::thread::sleep(Duration::from_millis(u64::try_from(milliseconds)?));
    Ok(Span { begin, end: now()? })
}

/// How the spans overlapped.
#[derive(Outputs)]
pub(crate) struct Overlap {
    /// Whether at most `limit` spans overlapped.
    pub is_kept: bool,
    /// Whether any spans overlapped.
    pub is_parallel: bool,
}

/// Measure how many spans overlap.
#[component]
pub(crate) fn count_overlap(spans: Vec<Span>, limit: i64) -> Overlap {
    let at_once = |span: &Span| {
        spans.iter().filter(|other| other.begin <= span.begin && span.begin < other.end).count()
    };
    let most = spans.iter().map(at_once).max().unwrap_or_default();
    Overlap { is_kept: i64::try_from(most).is_ok_and(|most| most <= limit), is_parallel: most > 1 }
}

fn now() -> Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}
