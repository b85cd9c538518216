//! Faults that tests inject, and the attempts that they affect.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use crate::step::failure_of;
use crate::{Failure, FailureClass};

/// A fault of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The step exceeds its memory limit and is killed: exit code 137.
    Oom,
    /// The machine of the step is reclaimed, and the step is terminated: exit code 143.
    SpotReclaimed,
    /// The step ends with an exit code other than 0.
    Exit(i32),
    /// The step fails with the exit code of that class.
    FailureClass(FailureClass),
    /// The step runs until its timeout, or that of the pipeline, ends it.
    Hang,
}

/// The attempts of a step that a fault affects.
///
/// Attempts are counted separately for each task, and for each iteration of a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    first: u32,
    last: u32,
}

/// Selects the first `count` attempts.
pub fn times(count: u32) -> Attempts {
    Attempts { first: 1, last: count }
}

/// Selects one attempt, counted from 1.
pub fn nth(number: u32) -> Attempts {
    Attempts { first: number, last: number }
}

/// Selects every attempt.
pub fn always() -> Attempts {
    Attempts { first: 1, last: u32::MAX }
}

impl Attempts {
    pub(super) fn contain(self, number: u32) -> bool {
        (self.first..=self.last).contains(&number)
    }
}

impl Fault {
    /// Returns how the attempt ends; an attempt that hangs ends like this once it is terminated.
    pub(super) fn failure(self) -> Failure {
        const KILL: i32 = 9;
        const TERM: i32 = 15;
        match self {
            Self::Oom => failure_of(ExitStatus::from_raw(KILL)),
            Self::SpotReclaimed | Self::Hang => failure_of(ExitStatus::from_raw(TERM)),
            Self::Exit(code) => of_exit_code(code),
            Self::FailureClass(class) => {
                let is_of_class = |code: &i32| FailureClass::of_exit_code(*code) == class;
                let code = [10, 11, 75, 137, 143].into_iter().find(is_of_class).unwrap_or(1);
                let message = format!("an injected failure of class {class}");
                Failure { class, message, ..of_exit_code(code) }
            }
        }
    }
}

/// Returns the failure of a step that ended with that exit code.
pub(super) fn of_exit_code(code: i32) -> Failure {
    failure_of(ExitStatus::from_raw((code & 0xff) << 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_have_the_exit_codes_of_real_failures() {
        for (fault, class, code) in [
            (Fault::Oom, FailureClass::of_exit_code(137), 137),
            (Fault::SpotReclaimed, FailureClass::of_exit_code(143), 143),
            (Fault::Exit(3), FailureClass::Unknown, 3),
            (Fault::Exit(75), FailureClass::Transient, 75),
            (Fault::FailureClass(FailureClass::Data), FailureClass::Data, 10),
            (Fault::FailureClass(FailureClass::Permanent), FailureClass::Permanent, 11),
            (Fault::FailureClass(FailureClass::Transient), FailureClass::Transient, 75),
            (Fault::FailureClass(FailureClass::Unknown), FailureClass::Unknown, 1),
        ] {
            let failure = fault.failure();
            assert_eq!((failure.class, failure.exit_code), (class, Some(code)), "{fault:?}");
        }
    }

    #[test]
    fn attempts_are_counted_from_one() {
        let numbers = |attempts: Attempts| (1..=4).filter(|n| attempts.contain(*n)).collect::<Vec<_>>();
        assert_eq!(numbers(times(2)), [1, 2]);
        assert_eq!(numbers(nth(3)), [3]);
        assert_eq!(numbers(always()), [1, 2, 3, 4]);
        assert!(numbers(times(0)).is_empty());
    }
}
