//! Which command carries out a step.

use std::path::{Path, PathBuf};
use std::process::Command;

use kfp_compiler::shim;
use kfp_model::{Component, PythonStep};

use super::{Group, Interpreter, Layout};
use crate::Failure;
use crate::secret::Mask;

/// What carries out a step.
#[derive(Debug, Clone)]
pub(crate) enum Program {
    /// The program that the pipeline is written in.
    Rust(PathBuf),
    /// The shim, in an interpreter.
    Python(Interpreter, PythonStep),
}

impl Program {
    /// The command, whose files are written and whose packages are installed.
    pub(super) fn command(
        &self,
        component: &Component,
        layout: &Layout,
        group: &Group,
        mask: &Mask,
    ) -> Result<Command, Failure> {
        match self {
            Self::Rust(binary) => {
                let mut command = Command::new(binary);
                command.args(["component", &component.name]).args(input_arguments(layout));
                Ok(command)
            }
            Self::Python(interpreter, step) => {
                let path = layout.step();
                std::fs::write(&path, shim::step_json(component, step)).map_err(|error| {
                    Failure::error(format!("`{}` cannot be written: {error}", path.display()))
                })?;
                let python = interpreter.with_packages(&component.name, step, layout, group, mask)?;
                let mut command = Command::new(python);
                command.args(["-c", shim::SOURCE, &from_file(&path)]).args(input_arguments(layout));
                // Otherwise what a step prints before it is ended by force would be lost.
                command.env("PYTHONUNBUFFERED", "1");
                Ok(command)
            }
        }
    }

    /// What messages call the program.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Rust(binary) => binary.display().to_string(),
            Self::Python(interpreter, _) => interpreter.path.display().to_string(),
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
