//! All cases, by group.

#[path = "04_branches.rs"]
mod branches;
#[path = "08_collecting.rs"]
mod collecting;
#[path = "03_defaults.rs"]
mod defaults;
#[path = "10_exit_handlers.rs"]
mod exit_handlers;
#[path = "09_failing_iterations.rs"]
mod failing_iterations;
#[path = "11_ignoring_failures.rs"]
mod ignoring_failures;
#[path = "07_loops.rs"]
mod loops;
#[path = "06_one_of.rs"]
mod one_of;
#[path = "12_retries.rs"]
mod retries;
#[path = "01_shapes.rs"]
mod shapes;
#[path = "05_skipping.rs"]
mod skipping;
#[path = "02_texts.rs"]
mod texts;
#[path = "13_timeouts.rs"]
mod timeouts;
#[path = "02_values.rs"]
mod values;

use crate::case::Case;

/// The cases of a file.
type Cases = fn() -> Vec<Case>;

/// The files with cases, each with the name of its group.
const GROUPS: [(&str, Cases); 14] = [
    ("01-shapes", shapes::cases),
    ("02-values", texts::cases),
    ("02-values", values::cases),
    ("03-defaults", defaults::cases),
    ("04-branches", branches::cases),
    ("05-skipping", skipping::cases),
    ("06-one-of", one_of::cases),
    ("07-loops", loops::cases),
    ("08-collecting", collecting::cases),
    ("09-failing-iterations", failing_iterations::cases),
    ("10-exit-handlers", exit_handlers::cases),
    ("11-ignoring-failures", ignoring_failures::cases),
    ("12-retries", retries::cases),
    ("13-timeouts", timeouts::cases),
];

/// All cases, in the order of their groups.
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
