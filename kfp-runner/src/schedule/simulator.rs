//! The interface between the scheduler and the simulation of steps in tests.

use std::time::Duration;

use kfp_model::Component;

use crate::step::{Attempt, AttemptResult};

/// Simulates steps in this process, one after the other and on the thread of the scheduler, so that the order is
/// reproducible. Steps overlap only on the virtual clock.
pub(crate) trait Simulator {
    /// Returns why steps of these components cannot be simulated.
    fn problems(&self, components: &[&Component]) -> Vec<String>;
    /// Returns the value of a secret or config map, by `NAME/KEY`.
    fn value_of(&self, name: &str) -> String;
    /// Returns whether the test skips the steps of the component.
    fn skips(&self, component: &Component) -> bool;
    /// Returns which of the `waiting` jobs starts next, counted from 0.
    fn next_job(&self, waiting: usize) -> usize;
    /// Returns whether the test interrupts the run now, as if the runner was killed.
    fn is_interrupted(&self) -> bool;
    /// Simulates an attempt.
    fn simulate(&self, context: &AttemptContext<'_>, attempt: &Attempt) -> SimulatedAttempt;
}

/// The task and number of an attempt.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AttemptContext<'a> {
    /// The names on the path to the task.
    pub(crate) path: &'a str,
    /// The number of the attempt, counted from 1.
    pub(crate) number: u32,
}

/// The result of a simulated attempt.
#[derive(Debug)]
pub(crate) struct SimulatedAttempt {
    pub(crate) result: AttemptResult,
    /// The duration on the virtual clock; `None` if the attempt runs until it is ended.
    pub(crate) duration: Option<Duration>,
}
