//! Runs one process until it ends, with its output in a log.

use std::fs::File;
use std::io::{self, PipeReader};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

use super::group::Leader;
use super::{Group, log};
use crate::private;
use crate::process::{Identity, MARKER, end_marked};
use crate::secret::Mask;
use crate::supervise::{self, Container, Control, Report};

/// A process to run.
pub(super) struct Process<'a> {
    pub(super) command: Command,
    /// The container that the command starts.
    pub(super) container: Option<Container>,
    pub(super) log: &'a Path,
    pub(super) mask: &'a Mask,
}

impl Process<'_> {
    /// Runs the process until it ends, and then kills the processes that it has left.
    ///
    /// A supervised process does not start before [`Group::start`].
    pub(super) fn run(mut self, group: &Group, started: &mut dyn FnMut(Identity)) -> io::Result<ExitStatus> {
        // A link instead of the log, created by an earlier process of the attempt, is not followed.
        let file = private::create(self.log)?;
        self.command.env(MARKER, &group.marker);
        let (mut command, control) = match &group.supervisor {
            Some(supervisor) => {
                let supervised = supervise::command(supervisor, &self.command, self.container.as_ref())?;
                (supervised.0, Some(supervised.1))
            }
            None => {
                self.command.stdin(Stdio::null());
                (self.command, None)
            }
        };
        let (reader, writer) = io::pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer).process_group(0);
        let child = command.spawn()?;
        // The command keeps its ends of pipes and sockets open until it is dropped.
        drop(command);
        let pump = Pump::start(reader, file, self.mask);
        let identity = Identity::of(i64::from(child.id()));
        let status = match control {
            Some(control) => supervised(child, control, group, || started(identity)),
            None => unsupervised(child, group, || started(identity)),
        };
        pump.finish();
        status
    }
}

/// Waits for the report of the supervisor.
fn supervised(
    mut child: Child,
    control: Control,
    group: &Group,
    started: impl FnOnce(),
) -> io::Result<ExitStatus> {
    if let Some(pid) = pid(&child) {
        group.enter(Leader::Supervisor(pid, control.try_clone()?));
    }
    started();
    let report = control.report();
    group.leave();
    let status = child.wait()?;
    match report {
        Report::Ended(status) => Ok(status),
        Report::NotStarted(error) => Err(error),
        Report::Missing => {
            // The supervisor was killed, so its processes are still running.
            end_marked(&group.marker);
            Ok(if status.success() { ExitStatus::from_raw(Signal::KILL.as_raw()) } else { status })
        }
    }
}

/// Waits for a process without a supervisor.
fn unsupervised(mut child: Child, group: &Group, started: impl FnOnce()) -> io::Result<ExitStatus> {
    started();
    let Some(pid) = pid(&child) else { return child.wait() };
    group.enter(Leader::Program(pid));
    // The process is not reaped yet, so that its id, which is also that of the group, is not reused.
    let ended =
        rustix::io::retry_on_intr(|| waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT));
    group.leave();
    end_marked(&group.marker);
    let status = child.wait();
    ended?;
    status
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// The thread that writes the log.
struct Pump {
    ended: Arc<AtomicBool>,
    thread: thread::JoinHandle<io::Result<()>>,
}

impl Pump {
    fn start(reader: PipeReader, file: File, mask: &Mask) -> Self {
        let ended = Arc::new(AtomicBool::new(false));
        let (mask, flag) = (mask.clone(), Arc::clone(&ended));
        Self { ended, thread: thread::spawn(move || log::pump(reader, file, mask, &flag)) }
    }

    fn finish(self) {
        self.ended.store(true, Ordering::Release);
        // A log that cannot be written, for example because the disk is full, does not fail the step.
        let _ = self.thread.join();
    }
}
