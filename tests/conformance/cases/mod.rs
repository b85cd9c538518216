//! All cases, by group.

#[path = "19_approvals.rs"]
mod approvals;
#[path = "03_arguments.rs"]
mod arguments;
#[path = "15_artifacts.rs"]
mod artifacts;
#[path = "04_branches.rs"]
mod branches;
#[path = "14_caches.rs"]
mod caches;
#[path = "08_collecting.rs"]
mod collecting;
#[path = "15_containers.rs"]
mod containers;
#[path = "11_continuing.rs"]
mod continuing;
#[path = "03_defaults.rs"]
mod defaults;
#[path = "20_examples.rs"]
mod examples;
#[path = "10_exit_handlers.rs"]
mod exit_handlers;
#[path = "09_failing_iterations.rs"]
mod failing_iterations;
#[path = "10_failures.rs"]
mod failures;
#[path = "11_ignoring_failures.rs"]
mod ignoring_failures;
#[path = "07_loops.rs"]
mod loops;
#[path = "15_metrics.rs"]
mod metrics;
#[path = "15_modules.rs"]
mod modules;
#[path = "15_notebooks.rs"]
mod notebooks;
#[path = "06_one_of.rs"]
mod one_of;
#[path = "15_optional_artifacts.rs"]
mod optional_artifacts;
#[path = "16_pipelines.rs"]
mod pipelines;
#[path = "12_retries.rs"]
mod retries;
#[path = "01_shapes.rs"]
mod shapes;
#[path = "17_size.rs"]
mod size;
#[path = "05_skipping.rs"]
mod skipping;
#[path = "18_surroundings.rs"]
mod surroundings;
#[path = "02_texts.rs"]
mod texts;
#[path = "12_tiers.rs"]
mod tiers;
#[path = "13_timeouts.rs"]
mod timeouts;
#[path = "02_values.rs"]
mod values;

use crate::case::Case;

/// Returns the cases of a file.
type Cases = fn() -> Vec<Case>;

/// The functions that return cases, each with the name of its group.
const GROUPS: [(&str, Cases); 30] = [
    ("01-shapes", shapes::cases),
    ("02-values", texts::cases),
    ("02-values", values::cases),
    ("03-arguments", arguments::cases),
    ("03-defaults", defaults::cases),
    ("04-branches", branches::cases),
    ("05-skipping", skipping::cases),
    ("06-one-of", one_of::cases),
    ("07-loops", loops::cases),
    ("08-collecting", collecting::cases),
    ("09-failing-iterations", failing_iterations::cases),
    ("10-exit-handlers", exit_handlers::cases),
    ("10-exit-handlers", failures::cases),
    ("11-ignoring-failures", ignoring_failures::cases),
    ("11-ignoring-failures", continuing::cases),
    ("12-retries", retries::cases),
    ("12-retries", tiers::cases),
    ("13-timeouts", timeouts::cases),
    ("14-caches", caches::cases),
    ("15-artifacts", artifacts::cases),
    ("15-artifacts", containers::cases),
    ("15-artifacts", metrics::cases),
    ("15-artifacts", modules::cases),
    ("15-artifacts", notebooks::cases),
    ("15-artifacts", optional_artifacts::cases),
    ("16-pipelines", pipelines::cases),
    ("17-size", size::cases),
    ("18-surroundings", surroundings::cases),
    ("19-approvals", approvals::cases),
    ("20-examples", examples::cases),
];

/// Returns all cases, in the order of their groups.
pub(crate) fn all() -> Vec<Case> {
    let mut all = Vec::new();
    for (group, cases) in GROUPS {
        for mut case in cases() {
            group.clone_into(&mut case.expected.group);
            all.push(case);
        }
    }
    all
}
