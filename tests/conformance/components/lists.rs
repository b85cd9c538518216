//! Steps that make lists and take them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kfp_sdk::prelude::*;

use super::Trial;

/// The numbers from 0 up to another one.
#[component]
pub(crate) fn range(count: i64) -> Vec<i64> {
    (0..count).collect()
}

/// For each number of a list, a list of so many numbers.
#[component]
pub(crate) fn ranges(counts: Vec<i64>) -> Vec<Vec<i64>> {
    counts.into_iter().map(|count| (0..count).collect()).collect()
}

/// Some trials.
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

/// Join texts with commas.
#[component]
pub(crate) fn join(texts: Vec<String>) -> String {
    texts.join(",")
}

/// Give back a list of integers that may be missing.
#[component]
pub(crate) fn echo_optionals(value: Vec<Option<i64>>) -> Vec<Option<i64>> {
    value
}

/// Give back lists of lists of integers.
#[component]
pub(crate) fn echo_integer_table(value: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    value
}

/// Give back lists of lists of lists of integers.
#[component]
pub(crate) fn echo_cube(value: Vec<Vec<Vec<i64>>>) -> Vec<Vec<Vec<i64>>> {
    value
}

/// Give back a list of structs.
#[component]
pub(crate) fn echo_trials(value: Vec<Trial>) -> Vec<Trial> {
    value
}

/// When a step began and ended, in milliseconds since 1970.
#[derive(Param, Debug, Clone)]
pub(crate) struct Span {
    /// The begin.
    pub begin: i64,
    /// The end.
    pub end: i64,
}

/// Take some time, and tell when that was.
#[component]
pub(crate) fn take_time(#[default(300)] milliseconds: i64, item: Option<i64>) -> Result<Span> {
    let _ = item;
    let begin = now()?;
    std::thread::sleep(Duration::from_millis(u64::try_from(milliseconds)?));
    Ok(Span { begin, end: now()? })
}

/// Whether never more than so many of the spans overlapped, and whether any did.
#[derive(Outputs)]
pub(crate) struct Overlap {
    /// Whether the limit was kept.
    pub is_kept: bool,
    /// Whether some spans overlapped.
    pub is_parallel: bool,
}

/// See how many spans overlap.
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
