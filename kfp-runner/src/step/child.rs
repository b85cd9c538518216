//! Running one process to its end, in a group of its own, with what it prints in a log.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::{Group, log};
use crate::process::Identity;
use crate::secret::Mask;

/// Runs the command until its process ends, and ends what that leaves behind in its group.
pub(super) fn run(
    mut command: Command,
    group: &Group,
    log_file: &Path,
    mask: &Mask,
    started: &mut dyn FnMut(Identity),
) -> io::Result<ExitStatus> {
    let file = File::create(log_file)?;
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer).process_group(0);
    let child = command.spawn()?;
    // The command holds the writing end of the pipe, which would never be at its end otherwise.
    drop(command);
    started(Identity::of(i64::from(child.id())));
    let ended = Arc::new(AtomicBool::new(false));
    let pump = {
        let (mask, ended) = (mask.clone(), Arc::clone(&ended));
        thread::spawn(move || log::pump(reader, file, mask, &ended))
    };
    let status = wait(child, group);
    ended.store(true, Ordering::Release);
    // A log that cannot be written, on a full disk for instance, is no reason to fail: the outputs count.
    let _ = pump.join();
    status
}

fn wait(mut child: Child, group: &Group) -> io::Result<ExitStatus> {
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return child.wait() };
    group.enter(pid);
    // Not reaped yet, so that its number, which is the group's, belongs to nobody else.
    let ended =
        rustix::io::retry_on_intr(|| waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT));
    group.leave();
    let status = child.wait();
    ended?;
    status
}
