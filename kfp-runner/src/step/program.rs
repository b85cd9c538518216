//! Which command carries out a step.

use std::path::Path;
use std::process::{Command, ExitStatus};

use kfp_compiler::shim;
use kfp_model::{ContainerStep, PythonStep};

use super::{Attempt, Binary, Engine, Group, Interpreter, Layout, container, outcome};
use crate::Failure;
use crate::process::Identity;
use crate::supervise::Container;

/// What carries out a step.
#[derive(Debug, Clone)]
pub(crate) enum Program {
    /// The program that the pipeline is written in.
    Rust(Binary),
    /// The shim, in an interpreter.
    Python(Interpreter, PythonStep),
    /// An image, in a container.
    Container(Engine, ContainerStep),
}

impl Program {
    /// The command, whose files are written and whose packages are installed.
    pub(super) fn command(
        &self,
        attempt: &Attempt,
        group: &Group,
        started: &mut dyn FnMut(Identity),
    ) -> Result<Command, Failure> {
        let Attempt { component, layout, mask, .. } = attempt;
        let mut command = match self {
            Self::Container(engine, step) => return engine.command(attempt, step),
            Self::Rust(binary) => {
                let mut command = binary.command()?;
                command.args(["component", &component.name]).args(input_arguments(layout));
                command
            }
            Self::Python(interpreter, step) => {
                let path = layout.step();
                std::fs::write(&path, shim::step_json(component, step)).map_err(|error| {
                    Failure::error(format!("`{}` cannot be written: {error}", path.display()))
                })?;
                let python =
                    interpreter.with_packages(&component.name, step, layout, mask, group, started)?;
                let mut command = Command::new(python);
                command.args(["-c", shim::SOURCE, &from_file(&path)]).args(input_arguments(layout));
                // Otherwise what a step prints before it is ended by force would be lost.
                command.env("PYTHONUNBUFFERED", "1");
                command
            }
        };
        command.envs(attempt.variables()).env("KFP_TERMINATION_LOG", layout.termination_log());
        Ok(command)
    }

    /// The failure of a process that ended with this status, or of one that left what cannot be used.
    pub(super) fn finish(&self, status: ExitStatus, attempt: &Attempt, group: &Group) -> Result<(), Failure> {
        let Attempt { component, layout, mask, .. } = attempt;
        if let Self::Container(engine, step) = self {
            if group.is_condemned() || status.code().is_none() {
                engine.end(layout);
            }
            if let Some(failure) = engine.failure(status, layout, step) {
                return Err(failure);
            }
        }
        match (outcome::failure(status, &layout.termination_log(), mask), self) {
            (Some(failure), _) => Err(failure),
            (None, Self::Container(..)) => container::collect(component, layout),
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

    /// What messages call the program.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Rust(binary) => binary.path().display().to_string(),
            Self::Python(interpreter, _) => interpreter.path.display().to_string(),
            Self::Container(engine, _) => engine.name(),
        }
    }
}

fn input_arguments(layout: &Layout) -> [String; 2] {
    ["--executor_input".to_owned(), from_file(&layout.executor_input())]
}

/// An argument that stands for the content of a file, as arguments have a limit in size.
fn from_file(path: &Path) -> String {
    format!("@{}", path.display())
}
