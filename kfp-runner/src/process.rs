//! Which process a number means: process ids are used again, a process's start time tells them apart.
//!
//! The facts come from `/proc`. Where there is none, no process is recognised, and none is ended.

use std::fs;

use rustix::process::{Pid, Signal, kill_process_group};

/// A process that stays itself when its number is used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) pid: i64,
    /// The boot of the machine and the start of the process in it; empty where nothing is known.
    pub(crate) start: String,
}

impl Identity {
    /// This program.
    pub(crate) fn own() -> Self {
        Self::of(i64::from(std::process::id()))
    }

    /// The process that has the number now.
    pub(crate) fn of(pid: i64) -> Self {
        Self { pid, start: start(pid).unwrap_or_default() }
    }

    /// Whether that very process is still there.
    pub(crate) fn is_alive(&self) -> bool {
        !self.start.is_empty() && start(self.pid).as_deref() == Some(&self.start)
    }

    /// Ends the process group that the process leads, if it is still that process.
    pub(crate) fn kill_group(&self) {
        if !self.is_alive() {
            return;
        }
        if let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) {
            // It may be gone by now, which is what is wanted.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

fn start(pid: i64) -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything; the start is the 20th field behind it.
    let behind_name = &stat[stat.rfind(')')? + 1..];
    let fields: Vec<&str> = behind_name.split_ascii_whitespace().collect();
    // A zombie has ended: only its parent has not asked yet.
    if matches!(fields.first(), Some(&"Z" | &"X")) {
        return None;
    }
    Some(format!("{}:{}", boot.trim(), fields.get(19)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_used_again_is_another_process() {
        let own = Identity::own();
        assert!(own.is_alive());
        assert!(!Identity { start: format!("{}0", own.start), ..own.clone() }.is_alive());
        assert!(!Identity { start: String::new(), ..own }.is_alive());
    }
}
