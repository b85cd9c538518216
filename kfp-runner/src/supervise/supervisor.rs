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

/// How long processes may take to end after they were killed. Only the kernel can keep a process for longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The time between two rounds of killing what is left.
const ROUND: Duration = Duration::from_millis(5);

/// What a supervisor is started with.
#[derive(Default)]
struct Order {
    /// The container engine and the name of the container that the program starts.
    container: Option<(OsString, OsString)>,
    program: Vec<OsString>,
}

/// Something that happened to the step or to the runner.
enum Notice {
    /// The program has ended, with this wait status.
    Ended(i32),
    /// This process has no children left, and so no descendants.
    NothingLeft,
    /// The runner sent this byte.
    Sent(u8),
    /// The runner is gone.
    Orphaned,
}

/// Carries out the order, as the runner says on standard input.
pub(super) fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let order = order(arguments);
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else { return ExitCode::FAILURE };
    let mut runner = UnixStream::from(socket);
    prepare(order.container.is_none());
    let mut word = [0];
    if runner.read_exact(&mut word).is_err() || word != [protocol::START] {
        return ExitCode::SUCCESS;
    }
    let (kind, number, is_orphaned) = match launch(&order.program) {
        Ok(program) => {
            let mut step = Step::watch(program, &runner);
            step.follow();
            step.sweep();
            // Without a status, the program has survived being killed.
            (protocol::ENDED, step.status.unwrap_or(Signal::KILL.as_raw()), step.is_orphaned)
        }
        Err(error) => (protocol::NOT_STARTED, error.raw_os_error().unwrap_or_default(), false),
    };
    if let Some((engine, name)) = order.container.filter(|_| is_orphaned) {
        remove(&engine, &name);
    }
    let mut report = vec![kind];
    report.extend(number.to_le_bytes());
    // A runner that is gone needs no report.
    let _ = runner.write_all(&report);
    ExitCode::SUCCESS
}

fn order(mut arguments: impl Iterator<Item = OsString>) -> Order {
    let mut order = Order::default();
    while let Some(argument) = arguments.next() {
        if argument == protocol::PROGRAM {
            order.program = arguments.by_ref().collect();
        } else if argument == protocol::CONTAINER {
            order.container = arguments.next().zip(arguments.next());
        }
    }
    order
}

/// Takes on the role in the process table: the name, and where `adopts` is set, the orphans among its descendants.
///
/// Container engines leave processes of their own behind, which are not the step's.
#[cfg(target_os = "linux")]
fn prepare(adopts: bool) {
    // None of this is essential: without it, fewer processes are found.
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
fn launch(words: &[OsString]) -> io::Result<Pid> {
    let (mut answers, writer) = io::pipe()?;
    let own = own_program().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut command = Command::new(own);
    command.args([protocol::LAUNCH, &std::process::id().to_string()]).args(words);
    let child = command.stdin(Stdio::from(writer)).spawn()?;
    // The command keeps its end of the pipe, which would never be closed otherwise.
    drop(command);
    let mut number = Vec::new();
    answers.read_to_end(&mut number)?;
    if let Ok(number) = number.try_into() {
        return Err(io::Error::from_raw_os_error(i32::from_le_bytes(number)));
    }
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::Error::other("the process has no id"))
}

/// A program that was started, and all of its descendants.
struct Step {
    program: Pid,
    notices: Receiver<Notice>,
    /// The wait status of the program, once it has ended.
    status: Option<i32>,
    is_empty: bool,
    is_orphaned: bool,
}

impl Step {
    fn watch(program: Pid, runner: &UnixStream) -> Self {
        let (sender, notices) = channel();
        let reaper = sender.clone();
        thread::spawn(move || reap(program, &reaper));
        match runner.try_clone() {
            Ok(runner) => drop(thread::spawn(move || listen(runner, &sender))),
            Err(_) => drop(sender.send(Notice::Orphaned)),
        }
        Self { program, notices, status: None, is_empty: false, is_orphaned: false }
    }

    /// Returns when the program has ended, or is to be killed.
    fn follow(&mut self) {
        while self.status.is_none() && !self.is_orphaned {
            let Ok(notice) = self.notices.recv() else { return };
            match notice {
                Notice::Sent(protocol::TERMINATE) => self.signal(Signal::TERM),
                Notice::Sent(protocol::KILL) => return,
                notice => self.note(&notice),
            }
        }
    }

    /// Kills what is left, until nothing is.
    fn sweep(&mut self) {
        let begun = Instant::now();
        // A program that ends by itself mostly leaves nothing.
        if self.status.is_some() {
            self.pause();
        }
        while !self.is_empty && begun.elapsed() < PATIENCE {
            self.kill();
            self.pause();
        }
    }

    /// Waits for a notice, but not for long.
    fn pause(&mut self) {
        let due = Instant::now() + ROUND;
        while !self.is_empty {
            match self.notices.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(notice) => self.note(&notice),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => self.is_empty = true,
            }
        }
    }

    fn note(&mut self, notice: &Notice) {
        match notice {
            Notice::Ended(status) => self.status = Some(*status),
            Notice::NothingLeft => self.is_empty = true,
            Notice::Orphaned => self.is_orphaned = true,
            Notice::Sent(_) => {}
        }
    }

    fn kill(&self) {
        // The id of a group is not reused while a process is in the group or its leader was not reaped.
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

/// Reaps all children, the adopted ones as well, until there are none.
fn reap(program: Pid, notices: &Sender<Notice>) {
    while let Ok(reaped) = rustix::io::retry_on_intr(|| rustix::process::wait(WaitOptions::empty())) {
        if let Some((_, status)) = reaped.filter(|(pid, _)| *pid == program) {
            let _ = notices.send(Notice::Ended(status.as_raw()));
        }
    }
    let _ = notices.send(Notice::NothingLeft);
}

/// Passes on what the runner sends, until it is gone.
fn listen(mut runner: UnixStream, notices: &Sender<Notice>) {
    let mut word = [0];
    while runner.read_exact(&mut word).is_ok() {
        let _ = notices.send(Notice::Sent(word[0]));
    }
    let _ = notices.send(Notice::Orphaned);
}

/// Ends a container, which does not end with the program that has started it.
fn remove(engine: &OsString, name: &OsString) {
    for arguments in [&["kill"][..], &["rm", "--force"]] {
        let mut command = Command::new(engine);
        command.args(arguments).arg(name);
        // The container may be gone already.
        let _ = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}
