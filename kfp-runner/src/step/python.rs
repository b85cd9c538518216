//! Python interpreters, and virtual environments with the packages that steps declare.
//!
//! An environment is created once for each set of packages and kept in the store. If the interpreter already has the
//! packages of a step, no environment is created.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kfp_compiler::digest::sha256_hex;
use kfp_compiler::shim;
use kfp_model::{PythonStep, split_credentials, value};
use serde_json::json;

use super::child::Process;
use super::program::withhold;
use super::uv::Uv;
use super::{Group, Layout, StepEvent, log};
use crate::process::Identity;
use crate::secret::Mask;
use crate::{Failure, FailureClass, State, environments, private};

/// The time that the processes of a killed runner have to end.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// The time that an interpreter has to print its version. Interpreters start slowly on busy machines.
const PROBE_TIMEOUT: Duration = Duration::from_secs(60);

/// The maximum number of bytes that are read of what an interpreter prints.
const ANSWER_LIMIT: u64 = 64 * 1024;

/// A working Python interpreter.
#[derive(Debug, Clone)]
pub(crate) struct Interpreter {
    pub(crate) path: PathBuf,
    /// Its full version, and its path according to itself.
    pub(crate) identity: String,
    /// Its implementation and version, such as `cpython 3.12.4`, which are part of cache keys.
    version: String,
    /// Variables that the installation of packages does not inherit.
    withheld: Vec<String>,
}

impl Interpreter {
    /// Runs the interpreter to find out its version.
    pub(crate) fn probe(path: &Path) -> Result<Self, String> {
        const SCRIPT: &str = "import sys; v = sys.version_info; \
                              name = getattr(getattr(sys, 'implementation', None), 'name', 'python'); \
                              print(v >= (3, 8), name, '.'.join(map(str, v[:3])), sys.version, sys.executable)";
        let printed = answer(path, SCRIPT, PROBE_TIMEOUT).map_err(|error| {
            let path = path.display();
            format!(
                "cannot run the Python interpreter `{path}` ({error}): install Python 3.8 or newer, or pass its path \
                 with `--python PATH`"
            )
        })?;
        let fields: Vec<&str> = printed.trim().splitn(4, ' ').collect();
        match fields[..] {
            ["True", implementation, version, identity] => Ok(Self {
                path: path.to_owned(),
                identity: identity.to_owned(),
                version: format!("{implementation} {version}"),
                withheld: Vec::new(),
            }),
            ["False", _, version, _] => Err(format!(
                "the Python interpreter `{}` is too old: expected 3.8 or newer, found {version}",
                path.display()
            )),
            _ => Err(format!("`{}` is not a working Python interpreter", path.display())),
        }
    }

    /// Returns the implementation and version, which are part of cache keys.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Returns the interpreter with variables that its processes do not inherit.
    pub(crate) fn without_variables(self, names: &[String]) -> Self {
        Self { withheld: names.to_vec(), ..self }
    }

    /// Returns whether all packages are installed according to the shim.
    fn has(&self, packages: &[String]) -> bool {
        // Modules in the working folder are not imported.
        const SCRIPT: &str = "import sys; sys.path = list(filter(None, sys.path)); names = {'__name__': 'shim'}; exec(sys.argv[1], names); \
                              sys.exit(not all(map(names['is_satisfied'], sys.argv[2:])))";
        // Extras and direct references are not checked.
        if packages.iter().any(|package| package.contains(['[', '@'])) {
            return false;
        }
        let mut command = Command::new(&self.path);
        command.args(["-c", SCRIPT, shim::SOURCE]).args(packages).stdin(Stdio::null());
        command.output().is_ok_and(|output| output.status.success())
    }

    /// Returns an interpreter with the packages of the step: this one if it has them all, else that of an environment.
    pub(super) fn with_packages(
        &self,
        component: &str,
        step: &PythonStep,
        layout: &Layout,
        mask: &Mask,
        group: &Group,
        report: &mut dyn FnMut(StepEvent),
    ) -> Result<PathBuf, Failure> {
        if step.packages.is_empty() {
            return Ok(self.path.clone());
        }
        // Credentials are not part of the key, as they could be guessed from its digest.
        let index = step.pip_index.as_deref().map(|index| split_credentials(index).0);
        let key = value::encode(&json!([self.identity, step.packages, index]));
        let folder = environments::folder(layout.store()).join(sha256_hex(key.as_bytes()));
        let python = folder.join("bin").join("python");
        if is_complete(&folder) {
            // If this fails, the environment may be removed earlier than others.
            let _ = environments::mark_used(&folder);
            return Ok(python);
        }
        if self.has(&step.packages) {
            return Ok(self.path.clone());
        }
        let build = Build { interpreter: self, component, step, folder: &folder, layout, group, mask };
        let lock = build.lock(report)?;
        // Another step or run may have created it while this one waited.
        if !is_complete(&folder) {
            let start = Instant::now();
            let log = layout.pip_log();
            let packages = step.packages.len();
            report(StepEvent::InstallStarted { packages, log: log.clone() });
            build.create(&python, &lock, report)?;
            let last_line = log::tail(&log, 1).pop();
            report(StepEvent::InstallFinished { packages, duration: start.elapsed(), last_line });
        }
        Ok(python)
    }
}

/// Returns what a script prints. It must only import modules that are part of the interpreter, such as `sys`, because
/// others could be in the working folder.
fn answer(interpreter: &Path, script: &str, timeout: Duration) -> io::Result<String> {
    let mut command = Command::new(interpreter);
    command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let stdout = child.stdout.take();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut printed = Vec::new();
        let read = stdout.map(|stdout| stdout.take(ANSWER_LIMIT).read_to_end(&mut printed));
        // The receiver is gone after the timeout.
        let _ = sender.send(read.transpose().map(|_| printed));
    });
    let printed = receiver.recv_timeout(timeout);
    // It has printed everything, or takes too long.
    let _ = child.kill();
    child.wait()?;
    let late =
        |_| io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {} s", timeout.as_secs()));
    Ok(String::from_utf8_lossy(&printed.map_err(late)??).into_owned())
}

/// Returns whether an environment is complete.
fn is_complete(folder: &Path) -> bool {
    environments::marker(folder).exists()
}

/// An environment that is being created.
struct Build<'a> {
    interpreter: &'a Interpreter,
    component: &'a str,
    step: &'a PythonStep,
    folder: &'a Path,
    layout: &'a Layout,
    group: &'a Group,
    mask: &'a Mask,
}

impl Build<'_> {
    /// Prevents other steps and runs from creating the same environment.
    fn lock(&self, report: &mut dyn FnMut(StepEvent)) -> Result<File, Failure> {
        let path = self.folder.with_extension("lock");
        let open = || -> io::Result<File> {
            if let Some(parent) = path.parent() {
                private::create_folder(parent)?;
            }
            private::open(&path)
        };
        let file = open().map_err(|error| unusable(&path, &error))?;
        let mut is_reported = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(unusable(&path, &error)),
                // Polled, as a blocking lock could not be abandoned when the run is cancelled.
                Err(TryLockError::WouldBlock) if self.group.is_ending() => {
                    return Err(Failure::error("the step was ended before it started"));
                }
                Err(TryLockError::WouldBlock) => {
                    if !std::mem::replace(&mut is_reported, true) {
                        report(StepEvent::InstallAwaited);
                    }
                    thread::sleep(Duration::from_millis(100));
                }
            }
        }
    }

    fn create(&self, python: &Path, lock: &File, report: &mut dyn FnMut(StepEvent)) -> Result<(), Failure> {
        // A lock ends with its runner, whose processes may end a little later.
        self.end_previous(lock).map_err(|error| unusable(self.folder, &error))?;
        match fs::remove_dir_all(self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(unusable(self.folder, &error));
            }
            _ => {}
        }
        let mut venv = Command::new(&self.interpreter.path);
        venv.args(["-m", "venv"]).arg(self.folder);
        self.run(venv, lock, report, |tail| {
            let python = self.interpreter.path.display();
            Failure::error(format!(
                "`{python} -m venv` failed to create an environment: install the venv module of that Python \
                 (on Debian and Ubuntu `apt install python3-venv`)\n{tail}"
            ))
        })?;
        if !self.install_with_uv(python, lock, report)? {
            self.install_with_pip(python, lock, report)?;
        }
        File::create(environments::marker(self.folder)).map_err(|error| unusable(self.folder, &error))?;
        private::restrict(self.folder);
        Ok(())
    }

    /// Returns whether the packages were installed; `false` also if uv is missing or might install others than pip.
    fn install_with_uv(
        &self,
        python: &Path,
        lock: &File,
        report: &mut dyn FnMut(StepEvent),
    ) -> Result<bool, Failure> {
        let Some(uv) = Uv::find(python, &self.interpreter.withheld) else { return Ok(false) };
        let command = uv.install(python, self.step.pip_index.as_deref(), &self.step.packages);
        let Err(failure) = self.run(command, lock, report, Failure::error) else { return Ok(true) };
        if self.group.is_ending() {
            return Err(failure);
        }
        let last_line = failure.message.lines().last().unwrap_or_default().to_owned();
        report(StepEvent::UvFailed { last_line });
        Ok(false)
    }

    fn install_with_pip(
        &self,
        python: &Path,
        lock: &File,
        report: &mut dyn FnMut(StepEvent),
    ) -> Result<(), Failure> {
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--no-input"]);
        if let Some(index) = &self.step.pip_index {
            // Other users can read arguments, and the index may contain credentials.
            pip.env("PIP_INDEX_URL", index);
        }
        pip.arg("--").args(&self.step.packages);
        self.run(pip, lock, report, |tail| Failure {
            // The index may be reachable on a retry.
            state: State::Error,
            class: FailureClass::Transient,
            message: format!("pip could not install the packages of `{}`\n{tail}", self.component),
            exit_code: None,
        })
    }

    /// Waits until the process that last worked on the environment has ended.
    fn end_previous(&self, mut lock: &File) -> io::Result<()> {
        let mut text = String::new();
        lock.seek(SeekFrom::Start(0))?;
        lock.read_to_string(&mut text)?;
        let Some((pid, start)) = text.trim().split_once(' ') else { return Ok(()) };
        let previous = Identity { pid: pid.parse().unwrap_or(0), start: start.to_owned() };
        let start = Instant::now();
        while previous.is_alive() && !self.group.is_ending() {
            if start.elapsed() > END_TIMEOUT {
                previous.kill_group();
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Runs a command that must succeed. `failed` receives the end of its output.
    fn run(
        &self,
        mut command: Command,
        lock: &File,
        report: &mut dyn FnMut(StepEvent),
        failed: impl FnOnce(String) -> Failure,
    ) -> Result<(), Failure> {
        const LINES: usize = 15;
        withhold(&mut command, &self.interpreter.withheld);
        let path = self.layout.pip_log();
        let process = Process { command, container: None, log: &path, mask: self.mask };
        let mut started = |process: Identity| {
            // If this fails and this runner is killed, its process may disturb the next runner for a moment.
            let _ = record_process(lock, &process);
            report(StepEvent::Started(process));
        };
        match process.run(self.group, &mut started) {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(failed(log::tail(&path, LINES).join("\n"))),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}

/// Records in the lock file which process works on the environment.
fn record_process(mut lock: &File, process: &Identity) -> io::Result<()> {
    lock.set_len(0)?;
    writeln!(lock, "{} {}", process.pid, process.start)
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::error(format!("cannot use `{}`: {error}", path.display()))
}
