//! One attempt of one step, from its folder to its outputs.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kfp_model::{Component, value};
use serde_json::Value;

use super::input::{executor_input, secret_variable};
use super::{Group, Layout, Program, child, outcome, outputs};
use crate::Failure;
use crate::process::Identity;
use crate::secret::Mask;

/// All that an attempt needs.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) component: Component,
    pub(crate) program: Program,
    pub(crate) inputs: BTreeMap<String, Value>,
    /// The values of secret inputs, by the names of the inputs.
    pub(crate) secrets: BTreeMap<String, String>,
    /// Variables that are added to the environment of this program.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) layout: Layout,
    pub(crate) mask: Mask,
}

/// How an attempt ended: the outputs by name, or why there are none.
pub(crate) type Ended = Result<BTreeMap<String, Value>, Failure>;

impl Attempt {
    /// Runs the step until it ends, by itself or because its group was told to.
    pub(crate) fn execute(&self, group: &Group, started: &mut dyn FnMut(Identity)) -> Ended {
        let ended = catch_unwind(AssertUnwindSafe(|| self.execute_unguarded(group, started)));
        // A scheduler that is never told of the end would wait for ever.
        let ended = ended.unwrap_or_else(|_| {
            Err(Failure::error("the runner itself failed: this is a bug in kfpc, please report it"))
        });
        if ended.is_err() {
            self.layout.discard();
        }
        ended
    }

    fn execute_unguarded(&self, group: &Group, started: &mut dyn FnMut(Identity)) -> Ended {
        let files = |error: std::io::Error| {
            Failure::error(format!("`{}` cannot be used: {error}", self.layout.folder().display()))
        };
        self.layout.prepare().map_err(files)?;
        let input = executor_input(&self.component, &self.inputs, &self.layout).map_err(files)?;
        fs::write(self.layout.executor_input(), value::encode(&input)).map_err(files)?;
        let mut command = self.program.command(&self.component, &self.layout, group, &self.mask)?;
        command.envs(&self.environment);
        command.env("KFP_TERMINATION_LOG", self.layout.termination_log());
        for (input, secret) in &self.secrets {
            command.env(secret_variable(input), secret);
        }
        let status =
            child::run(command, group, &self.layout.log(), &self.mask, started).map_err(|error| {
                Failure::error(format!("`{}` cannot be started: {error}", self.program.name()))
            })?;
        if let Some(failure) = outcome::failure(status, &self.layout.termination_log(), &self.mask) {
            return Err(failure);
        }
        let outputs = outputs::read(&self.component, &self.layout)?;
        self.layout.publish().map_err(files)?;
        Ok(outputs)
    }
}
