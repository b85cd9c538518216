//! Random pipelines, checked against invariants of all pipelines.
//!
//! `KFP_TEST_ROUNDS=10000 KFP_TEST_SEED=7` checks that many pipelines, with consecutive seeds. A pipeline that
//! breaks an invariant is shrunk and written to a file before it is reported.
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

/// The maximum number of smaller candidates for a pipeline that breaks an invariant.
const MAX_CANDIDATES: usize = 500;

/// The number of pipelines that are shrunk; for others, only the seed is reported.
const SHRUNK: usize = 3;

#[test]
fn random_pipelines_keep_the_invariants() {
    let (first, count) = (seed(), u64::from(rounds(200)));
    let workers = thread::available_parallelism().map_or(1, usize::from) as u64;
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for worker in 0..workers {
            let found = &found;
            scope.spawn(move || {
                let components = local::components();
                for seed in (first..first + count).filter(|seed| seed % workers == worker) {
                    if let Some(choices) = failing(&components, seed) {
                        let is_shrunk = found.lock().unwrap().len() < SHRUNK;
                        let problem =
                            if is_shrunk { small(&components, seed, &choices) } else { String::new() };
                        found.lock().unwrap().push(format!("seed {seed}: {problem}"));
                    }
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    assert!(found.is_empty(), "{} pipelines:\n{}", found.len(), found.join("\n"));
}

/// Returns the choices of the pipeline if it breaks an invariant.
fn failing(components: &IndexMap<ComponentId, Component>, seed: u64) -> Option<Vec<usize>> {
    let mut random = Choices::random(seed);
    pipeline(&mut random, components);
    let choices = random.recorded().to_vec();
    problem_of(components, &choices, seed).is_some().then_some(choices)
}

/// Shrinks the choices, writes the smallest failing pipeline to a file, and describes its problem.
fn small(components: &IndexMap<ComponentId, Component>, seed: u64, choices: &[usize]) -> String {
    let small = shrunk(choices, MAX_CANDIDATES, |choices| problem_of(components, choices, seed).is_some());
    let problem = problem_of(components, &small, seed).unwrap_or_default();
    let document = pipeline(&mut Choices::replayed(&small), components).document;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("random-{seed}.json"));
    fs::write(&path, document.to_json()).unwrap();
    format!("{problem}\nthe pipeline was written to {}", path.display())
}

/// Returns the problem of the pipeline that these choices determine.
fn problem_of(components: &IndexMap<ComponentId, Component>, choices: &[usize], seed: u64) -> Option<String> {
    let result = catch_unwind(AssertUnwindSafe(|| {
        invariants::check_all(&pipeline(&mut Choices::replayed(choices), components), seed)
    }));
    match result {
        Ok(result) => result.err(),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            Some(format!("panic: {}", text.unwrap_or_default()))
        }
    }
}

/// The keys of a document that express the features of the format.
const KEYS: [&str; 22] = [
    "branch",
    "otherwise",
    "loop",
    "exit_handler",
    "after",
    "trigger",
    "continue_on_failure",
    "max_depth",
    "first_present",
    "field",
    "struct",
    "list",
    "concat",
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
fn random_pipelines_use_every_feature_of_a_document() {
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
