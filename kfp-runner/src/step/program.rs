//! The command that executes a step.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitStatus};

use kfp_compiler::shim;
use kfp_model::{ContainerStep, PythonStep, split_credentials};

use super::{Attempt, Binary, Engine, Group, Interpreter, Layout, StepEvent, container, outcome};
use crate::supervise::Container;
use crate::{Failure, private};

/// The program that executes a step.
#[derive(Debug, Clone)]
pub(crate) enum Program {
    /// The pipeline binary.
    Rust(Binary),
    /// The shim, run by an interpreter.
    Python(Interpreter, PythonStep),
    /// An image, run by a container engine.
    Container(Engine, ContainerStep),
}

impl Program {
    /// Returns the command, after writing its files and installing its packages.
    pub(super) fn command(
        &self,
        attempt: &Attempt,
        group: &Group,
        report: &mut dyn FnMut(StepEvent),
    ) -> Result<Command, Failure> {
        let Attempt { component, layout, mask, .. } = attempt;
        let mut command = match self {
            Self::Container(engine, step) => {
                let mut command = engine.command(attempt, step)?;
                withhold(&mut command, &attempt.withheld);
                return Ok(command);
            }
            Self::Rust(binary) => {
                let mut command = binary.command()?;
                command.args(["component", &component.name]).args(input_arguments(layout));
                command
            }
            Self::Python(interpreter, step) => {
                let path = layout.step();
                // Packages are installed by the runner, and not by the step.
                let pip_index = step.pip_index.as_deref().map(|index| split_credentials(index).0);
                let step_json = shim::step_json(component, &PythonStep { pip_index, ..step.clone() });
                private::write(&path, &step_json)
                    .map_err(|error| Failure::error(format!("cannot write `{}`: {error}", path.display())))?;
                let python = interpreter.with_packages(&component.name, step, layout, mask, group, report)?;
                let mut command = Command::new(python);
                command.args(["-c", shim::SOURCE, &from_file(&path)]).args(input_arguments(layout));
                // Without this, output that a step has printed before it is killed would be lost.
                command.env("PYTHONUNBUFFERED", "1");
                command
            }
        };
        withhold(&mut command, &attempt.withheld);
        command.envs(attempt.variables()).env("KFP_TERMINATION_LOG", layout.termination_log());
        Ok(command)
    }

    /// Returns the failure of a process that ended with this status, or whose outputs cannot be used.
    pub(super) fn finish(&self, status: ExitStatus, attempt: &Attempt, group: &Group) -> Result<(), Failure> {
        let Attempt { component, layout, mask, .. } = attempt;
        if let Self::Container(engine, step) = self {
            if group.is_ending() || status.code().is_none() {
                engine.end(layout);
            }
            if let Some(failure) = engine.failure(status, layout, step) {
                return Err(failure);
            }
        }
        match (outcome::failure(status, &layout.termination_log()), self) {
            (Some(failure), _) => Err(failure),
            (None, Self::Container(..)) => container::collect(component, layout, mask),
            (None, _) => Ok(()),
        }
    }

    /// Returns the container that the command starts.
    pub(super) fn container(&self, layout: &Layout) -> Option<Container> {
        match self {
            Self::Container(engine, _) => Some(engine.container(layout)),
            Self::Rust(_) | Self::Python(..) => None,
        }
    }

    /// Returns the name of the program in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Rust(binary) => binary.path().display().to_string(),
            Self::Python(interpreter, _) => interpreter.path.display().to_string(),
            Self::Container(engine, _) => engine.name(),
        }
    }
}

/// Prevents the command from inheriting these variables, unless it sets them itself.
pub(super) fn withhold(command: &mut Command, names: &[String]) {
    for name in names {
        let is_own = command.get_envs().any(|(own, value)| own == OsStr::new(name) && value.is_some());
        if !is_own {
            command.env_remove(name);
        }
    }
}

fn input_arguments(layout: &Layout) -> [String; 2] {
    ["--executor_input".to_owned(), from_file(&layout.executor_input())]
}

/// Returns an argument that refers to the content of a file, as the size of arguments is limited.
fn from_file(path: &Path) -> String {
    format!("@{}", path.display())
}
