//! The seam between the scheduler and what carries out steps: processes, or a stage that plays them.

use std::time::Duration;

use kfp_model::Component;

use crate::step::{Attempt, Ended};

/// Plays steps inside of this process, one after the other and on the thread of the scheduler, so that a run has
/// the same order every time. That steps overlap is a matter of the run's clock.
pub(crate) trait Stage {
    /// What keeps steps of these components from being played.
    fn problems(&self, components: &[&Component]) -> Vec<String>;
    /// The value of a secret or config map, by `NAME/KEY`.
    fn value_of(&self, name: &str) -> String;
    /// Whether the step is left out.
    fn skips(&self, component: &Component) -> bool;
    /// Which of the attempts that could start, counted from 0, starts next.
    fn next_of(&self, waiting: usize) -> usize;
    /// Whether the run ends here, as if the runner was killed.
    fn is_interrupted(&self) -> bool;
    /// Plays an attempt.
    fn play(&self, cue: &Cue<'_>, attempt: &Attempt) -> Played;
}

/// Which attempt is to be played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cue<'a> {
    /// The names that lead to the task.
    pub(crate) path: &'a str,
    /// The number of the attempt, counted from 1.
    pub(crate) number: u32,
}

/// What became of an attempt that was played.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) ended: Ended,
    /// How long it takes by the clock of the run; nothing where it goes on until it is told to end.
    pub(crate) lasts: Option<Duration>,
}
