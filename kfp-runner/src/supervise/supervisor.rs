//! The supervisor: the process between the runner and the program of a step.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process_group};

use super::{own_program, protocol};

/// The time that processes have to end after they were killed. Only the kernel can delay it further.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);
/// The interval at which remaining processes are killed.
const KILL_INTERVAL: Duration = Duration::from_millis(5);

/// The arguments of a supervisor.
#[derive(Default)]
struct Arguments {
    /// The container engine and the name of the container that the program starts.
    container: Option<(OsString, OsString)>,
    program: Vec<OsString>,
}

/// An event of the step or the runner.
enum Event {
    /// The program has ended, with this wait status.
    Ended(i32),
    /// This process has no children, and therefore no descendants.
    NoChildren,
    /// The runner has sent this byte.
    Received(u8),
    /// The runner is gone.
    Orphaned,
}

/// Supervises the program in the arguments; the runner sends commands on standard input.
pub(super) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = parse(arguments);
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::FAILURE };
    let mut runner = UnixStream::from(socket);
    prepare(arguments.container.is_none());
    let mut byte = [0];
    if runner.read_exact(&mut byte).is_err() || byte != [protocol::START] {
        return ExitCode::SUCCESS;
    }
    let (kind, number, is_orphaned) = match launch(&arguments.program) {
        Ok(program) => {
            let mut step = Step::watch(program, &runner);
            step.wait();
            step.kill_descendants();
            // Without a status, the program is still alive although it was killed.
            (protocol::ENDED, step.status.unwrap_or(Signal::KILL.as_raw()), step.is_orphaned)
        }
        Err(error) => (protocol::NOT_STARTED, error.raw_os_error().unwrap_or_default(), false),
    };
    if let Some((engine, name)) = arguments.container.filter(|_| is_orphaned) {
        remove(&engine, &name);
    }
    let mut report = vec![kind];
    report.extend(number.to_le_bytes());
    // If the runner is gone, the report is not needed.
    let _ = runner.write_all(&report);
    ExitCode::SUCCESS
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Arguments {
    let mut parsed = Arguments::default();
    while let Some(argument) = arguments.next() {
        if argument == protocol::PROGRAM {
            parsed.program = arguments.by_ref().collect();
        } else if argument == protocol::CONTAINER {
            parsed.container = arguments.next().zip(arguments.next());
        }
    }
    parsed
}

/// Sets the name in the process table, and adopts orphaned descendants if `adopts` is set.
///
/// Orphans are not adopted for containers, as container engines leave processes that do not belong to the step.
#[cfg(target_os = "linux")]
fn prepare(adopts: bool) {
    // Errors are ignored: without these settings, fewer processes are found.
    if let Ok(name) = std::ffi::CString::new(super::NAME) {
        let _ = rustix::thread::set_name(&name);
    }
    if adopts {
        let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    }
}

#[cfg(not(target_os = "linux"))]
fn prepare(_: bool) {}

/// Starts the program, through a launcher.
fn launch(program: &[OsString]) -> io::Result<Pid> {
    let (mut errors, writer) = io::pipe()?;
    let own = own_program().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut command = Command::new(own);
    command.args([protocol::LAUNCH, &std::process::id().to_string()]).args(program);
    let child = command.stdin(Stdio::from(writer)).spawn()?;
    // The command keeps its end of the pipe open until it is dropped.
    drop(command);
    let mut number = Vec::new();
    errors.read_to_end(&mut number)?;
    if let Ok(number) = number.try_into() {
        return Err(io::Error::from_raw_os_error(i32::from_le_bytes(number)));
    }
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::Error::other("the process has no id"))
}

/// A running program and its descendants.
struct Step {
    program: Pid,
    events: Receiver<Event>,
    /// The wait status of the program, once it has ended.
    status: Option<i32>,
    is_empty: bool,
    is_orphaned: bool,
}

impl Step {
    fn watch(program: Pid, runner: &UnixStream) -> Self {
        let (sender, events) = channel();
        let reaper = sender.clone();
        thread::spawn(move || reap(program, &reaper));
        match runner.try_clone() {
            Ok(runner) => drop(thread::spawn(move || listen(runner, &sender))),
            Err(_) => drop(sender.send(Event::Orphaned)),
        }
        Self { program, events, status: None, is_empty: false, is_orphaned: false }
    }

    /// Waits until the program has ended, or has to be killed.
    fn wait(&mut self) {
        while self.status.is_none() && !self.is_orphaned {
            let Ok(event) = self.events.recv() else { return };
            match event {
                Event::Received(protocol::TERMINATE) => self.signal(Signal::TERM),
                Event::Received(protocol::KILL) => return,
                event => self.record(&event),
            }
        }
    }

    /// Kills all remaining processes, and waits until they have ended.
    fn kill_descendants(&mut self) {
        let start = Instant::now();
        // A program that has ended normally has usually left no processes.
        if self.status.is_some() {
            self.wait_briefly();
        }
        while !self.is_empty && start.elapsed() < KILL_TIMEOUT {
            self.kill();
            self.wait_briefly();
        }
    }

    /// Handles events for a short time.
    fn wait_briefly(&mut self) {
        let due = Instant::now() + KILL_INTERVAL;
        while !self.is_empty {
            match self.events.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(event) => self.record(&event),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => self.is_empty = true,
            }
        }
    }

    fn record(&mut self, event: &Event) {
        match event {
            Event::Ended(status) => self.status = Some(*status),
            Event::NoChildren => self.is_empty = true,
            Event::Orphaned => self.is_orphaned = true,
            Event::Received(_) => {}
        }
    }

    fn kill(&self) {
        // The id of a group is not reused while the group has a process or its leader has not been reaped.
        if self.status.is_none() || cfg!(not(target_os = "linux")) {
            self.signal(Signal::KILL);
        }
        #[cfg(target_os = "linux")]
        crate::process::descendants(i64::from(std::process::id()))
            .iter()
            .for_each(crate::process::Identity::kill);
    }

    fn signal(&self, signal: Signal) {
        // An error means that the group is already gone.
        let _ = kill_process_group(self.program, signal);
    }
}

/// Reaps all children, including adopted ones, until there are none.
fn reap(program: Pid, events: &Sender<Event>) {
    while let Ok(reaped) = rustix::io::retry_on_intr(|| rustix::process::wait(WaitOptions::empty())) {
        if let Some((_, status)) = reaped.filter(|(pid, _)| *pid == program) {
            let _ = events.send(Event::Ended(status.as_raw()));
        }
    }
    let _ = events.send(Event::NoChildren);
}

/// Forwards the bytes that the runner sends, until it is gone.
fn listen(mut runner: UnixStream, events: &Sender<Event>) {
    let mut byte = [0];
    while runner.read_exact(&mut byte).is_ok() {
        let _ = events.send(Event::Received(byte[0]));
    }
    let _ = events.send(Event::Orphaned);
}

/// Removes a container, which outlives the program that has started it.
fn remove(engine: &OsString, name: &OsString) {
    for arguments in [&["kill"][..], &["rm", "--force"]] {
        let mut command = Command::new(engine);
        command.args(arguments).arg(name);
        // The container may already be gone.
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
