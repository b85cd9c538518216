//! Random pipelines: whatever is true of all pipelines is true of each of them.
//!
//! `KFP_TEST_ROUNDS=10000 KFP_TEST_SEED=7` makes that many pipelines, from that seed on. A pipeline that breaks an
//! invariant is made smaller and written to a file before it is reported.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod invariants;
mod local;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use indexmap::IndexMap;
use kfp_model::{Component, ComponentId};
use kfp_runner::Harness;
use tests::attack::{rounds, seed};
use tests::random::{Choices, pipeline, shrunk};

/// The number of smaller pipelines that are tried for one that breaks an invariant.
const TRIES: usize = 500;

/// The number of pipelines that are made smaller; of others, the seed is enough.
const SHRUNK: usize = 3;

#[test]
fn what_is_true_of_all_pipelines_is_true_of_random_ones() {
    let (first, count) = (seed(), u64::from(rounds(200)));
    let workers = thread::available_parallelism().map_or(1, usize::from) as u64;
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for worker in 0..workers {
            let found = &found;
            scope.spawn(move || {
                let components = local::components();
                for seed in (first..first + count).filter(|seed| seed % workers == worker) {
                    if let Some(made) = failing(&components, seed) {
                        let is_shrunk = found.lock().unwrap().len() < SHRUNK;
                        let problem = if is_shrunk { small(&components, seed, &made) } else { String::new() };
                        found.lock().unwrap().push(format!("seed {seed}: {problem}"));
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{} pipelines:\n{}", found.len(), found.join("\n"));
}

/// The choices of the pipeline, if it breaks an invariant.
fn failing(components: &IndexMap<ComponentId, Component>, seed: u64) -> Option<Vec<usize>> {
    let mut choices = Choices::random(seed);
    pipeline(&mut choices, components);
    let made = choices.made().to_vec();
    broken(components, &made, seed).is_some().then_some(made)
}

/// What is wrong with the smallest pipeline that was found for those choices, which is written to a file.
fn small(components: &IndexMap<ComponentId, Component>, seed: u64, made: &[usize]) -> String {
    let small = shrunk(made, TRIES, |made| broken(components, made, seed).is_some());
    let problem = broken(components, &small, seed).unwrap_or_default();
    let document = pipeline(&mut Choices::replayed(&small), components).document;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{seed}.json"));
    fs::write(&path, document.to_json()).unwrap();
    format!("{problem}\nthe pipeline is in {}", path.display())
}

/// What is wrong with the pipeline that these choices stand for.
fn broken(components: &IndexMap<ComponentId, Component>, made: &[usize], seed: u64) -> Option<String> {
    let tried = catch_unwind(AssertUnwindSafe(|| {
        invariants::broken(&pipeline(&mut Choices::replayed(made), components), seed)
    }));
    match tried {
        Ok(result) => result.err(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Some(format!("a panic: {}", text.unwrap_or_default()))
        }
    }
}

/// What a document can express, by the keys that express it.
const KEYS: [&str; 22] = [
    "branch",
    "otherwise",
    "loop",
    "guard",
    "after",
    "trigger",
    "continue_on_failure",
    "max_depth",
    "first_present",
    "field",
    "struct",
    "list",
    "text",
    "guarded",
    "status",
    "present",
    "item",
    "retry",
    "cache",
    "timeout",
    "parallelism",
    "pipeline",
];

#[test]
fn random_pipelines_have_everything_that_a_document_can_express() {
    let components = local::components();
    let (mut missing, mut uncalled) = (BTreeSet::from(KEYS), components.clone());
    for seed in 1..=200 {
        let document = pipeline(&mut Choices::random(seed), &components).document;
        let text = document.to_json();
        missing.retain(|key| !text.contains(&format!("\"{key}\":")));
        uncalled.retain(|id, _| !document.components.contains_key(id));
    }
    assert!(missing.is_empty() && uncalled.is_empty(), "{missing:?} {:?}", uncalled.keys());
    let ends: BTreeSet<String> = (1..=20)
        .map(|seed| pipeline(&mut Choices::random(seed), &components))
        .map(|random| local::run(&random, Harness::new()).state.to_string())
        .collect();
    assert_eq!(ends, ["Failed", "Succeeded"].map(str::to_owned).into());
}
