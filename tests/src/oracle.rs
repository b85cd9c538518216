//! Go programs that process our output with the code of Argo and of the Kubernetes API server.
//!
//! Their sources are in `oracles/`. They are built if Go is installed and their modules can be downloaded. Each
//! question and each answer is one line of JSON.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::workspace;

/// An oracle program that is ready to use.
#[derive(Debug)]
pub struct Oracle {
    program: PathBuf,
}

impl Oracle {
    /// Builds the oracle `name` into the folder `target`.
    ///
    /// # Errors
    /// Returns a message if Go is not installed or the modules cannot be downloaded.
    ///
    /// # Panics
    /// Panics if the program does not compile, or if it cannot be built and `KFP_REQUIRE_ORACLES` is set, as in CI.
    pub fn build(name: &str, target: &Path) -> Result<Self, String> {
        let built = Self::build_if_possible(name, target);
        if let Err(reason) = &built
            && std::env::var_os("KFP_REQUIRE_ORACLES").is_some()
        {
            panic!("cannot build the required oracle `{name}`: {reason}");
        }
        built
    }

    fn build_if_possible(name: &str, target: &Path) -> Result<Self, String> {
        let folder = workspace().join("tests/oracles").join(name);
        let go = |arguments: &[&OsStr]| {
            Command::new("go")
                .args(arguments)
                .current_dir(&folder)
                .output()
                .map_err(|error| error.to_string())
        };
        let downloaded = go(&["mod".as_ref(), "download".as_ref()]);
        let downloaded = downloaded.map_err(|error| format!("Go is not installed ({error})"))?;
        if !downloaded.status.success() {
            let stderr = String::from_utf8_lossy(&downloaded.stderr).into_owned();
            return Err(format!("cannot download the modules of the oracle `{name}` ({})", stderr.trim()));
        }
        let program = target.join(format!("oracle-{name}"));
        let built = go(&["build".as_ref(), "-o".as_ref(), program.as_ref(), ".".as_ref()])?;
        assert!(built.status.success(), "{name}: {}", String::from_utf8_lossy(&built.stderr));
        Ok(Self { program })
    }

    /// Returns the Python interpreter if it has the module. The script to run is the first argument of
    /// [`Self::answers`].
    ///
    /// # Errors
    /// Returns a message if Python is not installed or does not have the module.
    pub fn python(module: &str) -> Result<Self, String> {
        let program = PathBuf::from("python3");
        let import = Command::new(&program).arg("-c").arg(format!("import {module}")).output();
        match import {
            Ok(output) if output.status.success() => Ok(Self { program }),
            Ok(_) => Err(format!("python3 does not have the module `{module}`")),
            Err(error) => Err(format!("cannot start python3 ({error})")),
        }
    }

    /// Returns the answers to the questions, in order.
    ///
    /// # Panics
    /// Panics if the program does not answer all of them.
    pub fn answers(&self, arguments: &[PathBuf], questions: &[Value]) -> Vec<Value> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the oracle starts");
        let mut input = child.stdin.take().expect("the oracle can be written to");
        let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
        // The oracle answers while it reads, so a single thread for both could deadlock.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(lines.as_bytes()));
            child.wait_with_output().expect("the oracle answers")
        });
        assert!(output.status.success(), "the oracle failed");
        let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("answers are JSON"))
            .collect();
        assert_eq!(answers.len(), questions.len(), "the oracle did not answer every question");
        answers
    }
}
