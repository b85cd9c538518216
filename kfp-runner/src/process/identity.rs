//! Identification of a process even if its id is reused.

use std::fs;
use std::sync::OnceLock;

use rustix::process::{Pid, Signal, kill_process_group};

use super::table::{self, Entry};

/// A process, identified by its id and start time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) pid: i64,
    /// The boot id of the machine and the start time since boot; empty if unknown.
    pub(crate) start: String,
}

impl Identity {
    /// Returns the identity of the process that has this id now.
    pub(crate) fn of(pid: i64) -> Self {
        table::entry(pid).map_or(Self { pid, start: String::new() }, |entry| Self::from(&entry))
    }

    /// Returns whether the process has not ended.
    pub(crate) fn is_alive(&self) -> bool {
        !self.start.is_empty() && Self::of(self.pid).start == self.start
    }

    /// Kills the process group that the process leads, if it is alive.
    pub(crate) fn kill_group(&self) {
        if let Some(pid) = self.raw().filter(|_| self.is_alive()) {
            // An error means that the group is already gone.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    /// Kills the process if it is alive, but never another process with the same id.
    pub(crate) fn kill(&self) {
        let Some(pid) = self.raw() else { return };
        #[cfg(target_os = "linux")]
        if let Ok(process) = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
            // The descriptor refers to one process, whose identity is therefore checked after opening it.
            if self.is_alive() {
                let _ = rustix::process::pidfd_send_signal(process, Signal::KILL);
            }
            return;
        }
        if self.is_alive() {
            let _ = rustix::process::kill_process(pid, Signal::KILL);
        }
    }

    fn raw(&self) -> Option<Pid> {
        i32::try_from(self.pid).ok().and_then(Pid::from_raw)
    }
}

impl From<&Entry> for Identity {
    fn from(entry: &Entry) -> Self {
        let start = boot().map(|boot| format!("{boot}:{}", entry.start)).unwrap_or_default();
        Self { pid: entry.pid, start }
    }
}

/// Returns the id of this boot of the machine.
fn boot() -> Option<&'static str> {
    static BOOT: OnceLock<Option<String>> = OnceLock::new();
    let read_id = || Some(fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned());
    BOOT.get_or_init(read_id).as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_with_a_reused_id_is_another_one() {
        let own = Identity::of(i64::from(std::process::id()));
        assert!(own.is_alive());
        assert!(!Identity { start: format!("{}0", own.start), ..own.clone() }.is_alive());
        assert!(!Identity { start: String::new(), ..own }.is_alive());
    }

    #[test]
    fn only_the_process_itself_is_killed() {
        let mut child = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let identity = Identity::of(i64::from(child.id()));
        Identity { start: format!("{}0", identity.start), ..identity.clone() }.kill();
        assert!(identity.is_alive());
        identity.kill();
        child.wait().unwrap();
        assert!(!identity.is_alive());
    }
}
