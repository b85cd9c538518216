//! Programs in Go that tell what others make of our output: engines of Argo, code of the API server.
//!
//! Their sources lie in `oracles/`. They are built where Go is and where their modules can be had, and asked
//! with one line of JSON for each question.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::workspace;

/// One of the programs, ready to be asked.
#[derive(Debug)]
pub struct Oracle {
    program: PathBuf,
}

impl Oracle {
    /// Builds the program into the folder.
    ///
    /// # Errors
    /// There is no Go here, or the modules cannot be downloaded: a text for people.
    ///
    /// # Panics
    /// The program does not compile, or is needed and cannot be built: CI sets `KFP_REQUIRE_ORACLES` where Go is.
    pub fn build(name: &str, target: &Path) -> Result<Self, String> {
        let built = Self::build_if_possible(name, target);
        if let Err(reason) = &built
            && std::env::var_os("KFP_REQUIRE_ORACLES").is_some()
        {
            panic!("the oracle `{name}` cannot be skipped: {reason}");
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
        let downloaded = downloaded.map_err(|error| format!("there is no Go here ({error})"))?;
        if !downloaded.status.success() {
            let remarks = String::from_utf8_lossy(&downloaded.stderr).into_owned();
            return Err(format!("the modules of the oracle `{name}` cannot be had ({})", remarks.trim()));
        }
        let program = target.join(format!("oracle-{name}"));
        let built = go(&["build".as_ref(), "-o".as_ref(), program.as_ref(), ".".as_ref()])?;
        assert!(built.status.success(), "{name}: {}", String::from_utf8_lossy(&built.stderr));
        Ok(Self { program })
    }

    /// The Python interpreter, if it has the module. The script that it runs is the first argument of a question.
    ///
    /// # Errors
    /// There is no Python, or it does not have the module: a message for people.
    pub fn python(module: &str) -> Result<Self, String> {
        let program = PathBuf::from("python3");
        let import = Command::new(&program).arg("-c").arg(format!("import {module}")).output();
        match import {
            Ok(output) if output.status.success() => Ok(Self { program }),
            Ok(_) => Err(format!("python3 does not have the module `{module}`")),
            Err(error) => Err(format!("python3 cannot be started ({error})")),
        }
    }

    /// The answers to the questions, in their order.
    ///
    /// # Panics
    /// The program does not answer all of them.
    pub fn ask(&self, arguments: &[PathBuf], questions: &[Value]) -> Vec<Value> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the oracle starts");
        let mut input = child.stdin.take().expect("the oracle can be written to");
        let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
        // The oracle answers while it reads, so one thread for both could wait for ever.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(lines.as_bytes()));
            child.wait_with_output().expect("the oracle answers")
        });
        assert!(output.status.success(), "the oracle failed");
        let answers: Vec<Value> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).expect("answers are JSON"))
            .collect();
        assert_eq!(answers.len(), questions.len(), "the oracle does not answer everything");
        answers
    }
}
