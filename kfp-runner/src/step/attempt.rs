//! One attempt of one step, from its folder to its outputs.

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
use super::{Group, Layout, Program, outcome, outputs};
use crate::process::Identity;
use crate::secret::Mask;
use crate::{Failure, private};

/// All that an attempt needs.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) component: Component,
    pub(crate) inputs: BTreeMap<String, Value>,
    /// The values of secret inputs, by the names of the inputs.
    pub(crate) secrets: BTreeMap<String, String>,
    /// Variables that are added to the environment of this program.
    pub(crate) environment: BTreeMap<String, String>,
    /// Variables of this program that the step must not see, as they have the values of secrets.
    pub(crate) withheld: Vec<String>,
    /// How often the step was tried before.
    pub(crate) retries: u32,
    pub(crate) layout: Layout,
    pub(crate) mask: Mask,
}

/// How an attempt ended: the outputs by name, or why there are none.
pub(crate) type Ended = Result<BTreeMap<String, Value>, Failure>;

impl Attempt {
    /// Runs the step until it ends, by itself or because its group was told to.
    pub(crate) fn execute(
        &self,
        program: &Program,
        group: &Group,
        started: &mut dyn FnMut(Identity),
    ) -> Ended {
        let process = || self.run_process(program, group, started);
        let ended = catch_unwind(AssertUnwindSafe(|| self.execute_with(process)));
        // A scheduler that is never told of the end would wait for ever.
        let ended = ended.unwrap_or_else(|_| {
            Err(Failure::error("the runner itself failed: this is a bug in kfpc, please report it"))
        });
        self.closed(ended)
    }

    /// Has `play` do inside of this process what the step's own process would do.
    pub(crate) fn execute_here(&self, play: impl FnOnce(&StepInput<'_>) -> Result<(), Failure>) -> Ended {
        let ended = self.execute_with(|| {
            let path = self.layout.executor_input();
            let executor_input = fs::read_to_string(path).map_err(|error| self.unusable(&error))?;
            let retries = self.retries;
            play(&StepInput { executor_input: &executor_input, secrets: &self.secrets, retries })
        });
        self.closed(ended)
    }

    /// Masks the message of a failure and closes the folder of the attempt.
    fn closed(&self, ended: Ended) -> Ended {
        match ended {
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

    /// Has `carry_out` do what is between the files of the inputs and those of the outputs.
    fn execute_with(&self, carry_out: impl FnOnce() -> Result<(), Failure>) -> Ended {
        let files = |error| self.unusable(&error);
        self.layout.prepare().map_err(files)?;
        let input = executor_input(&self.component, &self.inputs, &self.layout).map_err(files)?;
        private::write(&self.layout.executor_input(), &value::encode(&input)).map_err(files)?;
        carry_out()?;
        let outputs = outputs::read(&self.component, &self.layout, &self.mask)?;
        self.layout.publish().map_err(files)?;
        Ok(outputs)
    }

    fn run_process(
        &self,
        program: &Program,
        group: &Group,
        started: &mut dyn FnMut(Identity),
    ) -> Result<(), Failure> {
        let command = program.command(self, group, started)?;
        let (container, log) = (program.container(&self.layout), self.layout.log());
        let process = Process { command, container, log: &log, mask: &self.mask };
        let status = process
            .run(group, started)
            .map_err(|error| Failure::error(format!("cannot start `{}`: {error}", program.name())))?;
        program.finish(status, self, group)
    }

    /// The variables of the step: those of its policy, its secrets, and how often it was tried before.
    pub(super) fn variables(&self) -> BTreeMap<String, String> {
        let secrets = self.secrets.iter().map(|(input, secret)| (secret_variable(input), secret.clone()));
        let environment = self.environment.iter().map(|(name, value)| (name.clone(), value.clone()));
        let retries = (RETRIES_VARIABLE.to_owned(), self.retries.to_string());
        environment.chain(secrets).chain([retries]).collect()
    }

    fn unusable(&self, error: &io::Error) -> Failure {
        Failure::error(format!("`{}` cannot be used: {error}", self.layout.folder().display()))
    }
}

/// The failure of a step that was played and would have ended with that status, which is none of success.
pub(crate) fn failure_of(status: ExitStatus) -> Failure {
    outcome::failure(status, Path::new("no termination log"))
        .unwrap_or_else(|| Failure::error("a step that ends with exit code 0 has not failed"))
}
