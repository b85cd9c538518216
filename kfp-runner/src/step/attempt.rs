//! One attempt of a step: creates its folder, runs it, and reads its outputs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitStatus;

use kfp_model::{Component, RETRIES_VARIABLE, StepInput, value};
use serde_json::Value;

use super::child::Process;
use super::input::{executor_input, secret_variable};
use super::{Group, Layout, Program, StepEvent, outcome, outputs};
use crate::secret::Mask;
use crate::{Failure, private};

/// Everything that an attempt needs.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) component: Component,
    pub(crate) inputs: BTreeMap<String, Value>,
    /// The values of secret inputs, by the names of the inputs.
    pub(crate) secrets: BTreeMap<String, String>,
    /// Variables that are added to the inherited environment.
    pub(crate) environment: BTreeMap<String, String>,
    /// Variables that the step does not inherit, as they contain secrets.
    pub(crate) withheld: Vec<String>,
    /// The number of earlier attempts.
    pub(crate) retries: u32,
    pub(crate) layout: Layout,
    pub(crate) mask: Mask,
}

/// The result of an attempt: the outputs by name, or why it failed.
pub(crate) type AttemptResult = Result<BTreeMap<String, Value>, Failure>;

impl Attempt {
    /// Runs the process of the step until it ends, or its group is ended.
    pub(crate) fn execute(
        &self,
        program: &Program,
        group: &Group,
        report: &mut dyn FnMut(StepEvent),
    ) -> AttemptResult {
        let process = || self.run_process(program, group, report);
        let result = catch_unwind(AssertUnwindSafe(|| self.execute_with(process)));
        // Without a result, the scheduler would wait forever.
        let result = result.unwrap_or_else(|_| {
            Err(Failure::error("internal error of the runner: this is a bug in kfpc, please report it"))
        });
        self.finish(result)
    }

    /// Calls `simulate` in this process instead of running the process of the step.
    pub(crate) fn execute_here(
        &self,
        simulate: impl FnOnce(&StepInput<'_>) -> Result<(), Failure>,
    ) -> AttemptResult {
        let result = self.execute_with(|| {
            let path = self.layout.executor_input();
            let executor_input = fs::read_to_string(path).map_err(|error| self.unusable(&error))?;
            let retries = self.retries;
            simulate(&StepInput { executor_input: &executor_input, secrets: &self.secrets, retries })
        });
        self.finish(result)
    }

    /// Masks the message of a failure and closes the folder of the attempt.
    fn finish(&self, result: AttemptResult) -> AttemptResult {
        match result {
            Ok(outputs) => {
                self.layout.close();
                Ok(outputs)
            }
            Err(failure) => {
                self.layout.discard();
                Err(Failure { message: self.mask.apply(&failure.message), ..failure })
            }
        }
    }

    /// Writes the inputs, calls `run`, and reads the outputs.
    fn execute_with(&self, run: impl FnOnce() -> Result<(), Failure>) -> AttemptResult {
        let files = |error| self.unusable(&error);
        self.layout.prepare().map_err(files)?;
        let input = executor_input(&self.component, &self.inputs, &self.layout).map_err(files)?;
        private::write(&self.layout.executor_input(), &value::encode(&input)).map_err(files)?;
        run()?;
        let outputs = outputs::read(&self.component, &self.layout, &self.mask)?;
        self.layout.publish().map_err(files)?;
        Ok(outputs)
    }

    fn run_process(
        &self,
        program: &Program,
        group: &Group,
        report: &mut dyn FnMut(StepEvent),
    ) -> Result<(), Failure> {
        let command = program.command(self, group, report)?;
        let (container, log) = (program.container(&self.layout), self.layout.log());
        let process = Process { command, container, log: &log, mask: &self.mask };
        let status = process
            .run(group, &mut |process| report(StepEvent::Started(process)))
            .map_err(|error| Failure::error(format!("cannot start `{}`: {error}", program.name())))?;
        program.finish(status, self, group)
    }

    /// Returns the variables of the step: those of its policy, its secrets, and the number of retries.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let secrets = self.secrets.iter().map(|(input, secret)| (secret_variable(input), secret.clone()));
        let environment = self.environment.iter().map(|(name, value)| (name.clone(), value.clone()));
        let retries = (RETRIES_VARIABLE.to_owned(), self.retries.to_string());
        environment.chain(secrets).chain([retries]).collect()
    }

    fn unusable(&self, error: &io::Error) -> Failure {
        Failure::error(format!("cannot use `{}`: {error}", self.layout.folder().display()))
    }
}

/// Returns the failure of a simulated step that would have ended with that status, which must not be success.
pub(crate) fn failure_of(status: ExitStatus) -> Failure {
    outcome::failure(status, Path::new("no termination log"))
        .unwrap_or_else(|| Failure::error("a step with exit code 0 has not failed"))
}
