//! The programs of the workspace, built once for all tests of a process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The programs that tests start.
#[derive(Debug)]
pub struct Programs {
    /// The compiler's command line.
    pub kfpc: PathBuf,
    /// The example `llm-finetuning`.
    pub llm_finetuning: PathBuf,
    /// The example `hpo-pipeline`.
    pub hpo_pipeline: PathBuf,
    /// A binary with a step that does nothing.
    pub no_op: PathBuf,
    /// A binary with a pipeline of 1,000 tasks and one of 100.
    pub fan: PathBuf,
    /// A binary whose pipelines have mistakes.
    pub mistaken: PathBuf,
    /// A binary with a step that waits for a FIFO.
    pub gate: PathBuf,
    /// A binary whose steps are those of the script `KFP_TEST_SCRIPT`, run by `KFP_TEST_PYTHON`.
    pub hand_over: PathBuf,
}

impl Programs {
    /// Returns the programs, built with the profile of this build.
    ///
    /// # Panics
    /// Panics if the workspace does not build.
    pub fn get() -> &'static Self {
        static PROGRAMS: OnceLock<Programs> = OnceLock::new();
        PROGRAMS.get_or_init(|| Self::build(if cfg!(debug_assertions) { "dev" } else { "release" }))
    }

    /// Builds the programs with a profile.
    ///
    /// # Panics
    /// Panics if the workspace does not build.
    pub fn build(profile: &str) -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--message-format=json"])
            .args(["--package", "kfpc", "--package", "examples", "--package", "tests"])
            .args(["--bins", "--profile", profile])
            .current_dir(workspace())
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo can be started");
        assert!(output.status.success(), "cannot build the programs");
        let messages = String::from_utf8_lossy(&output.stdout).into_owned();
        let find = |name: &str| {
            messages
                .lines()
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .filter(|message| message["target"]["name"] == name)
                .find_map(|message| message["executable"].as_str().map(PathBuf::from))
                .unwrap_or_else(|| panic!("cargo reports no executable `{name}`"))
        };
        Self {
            kfpc: find("kfpc"),
            llm_finetuning: find("llm-finetuning"),
            hpo_pipeline: find("hpo-pipeline"),
            no_op: find("no-op"),
            fan: find("fan"),
            mistaken: find("mistaken"),
            gate: find("gate"),
            hand_over: find("hand-over"),
        }
    }

    /// Returns a `kfpc` command in the folder, independent of the environment of the tests.
    pub fn kfpc(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.kfpc);
        command.current_dir(folder).env("NO_COLOR", "1").env_remove("RUST_BACKTRACE").stdin(Stdio::null());
        command
    }
}

/// Returns the root of the workspace.
///
/// # Panics
/// Never: this crate is in the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace")
}
