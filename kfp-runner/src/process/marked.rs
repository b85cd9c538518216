//! Finding the processes of a run by a variable in their environment.
//!
//! Every process inherits its parent's environment, even in another session, so this also finds processes that have
//! left the process group of their step. It does not find programs that clear their environment or run as another user.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::{Identity, table};
use crate::supervise;

/// The environment variable of all processes of an attempt: the id of the run, `/`, and the id of the attempt.
pub(crate) const MARKER: &str = "KFP_ATTEMPT";

/// The time that processes have to end after they were killed.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);
/// The time that supervisors have to end their steps, before they are killed as well.
const SUPERVISOR_TIMEOUT: Duration = Duration::from_secs(2);

/// Kills all processes whose marker starts with this prefix, and waits until they are gone.
///
/// Returns the processes that could not be ended.
pub(crate) fn end_marked(prefix: &str) -> Vec<Identity> {
    let start = Instant::now();
    loop {
        let found = marked(prefix);
        if found.is_empty() || start.elapsed() > KILL_TIMEOUT {
            return found;
        }
        // A supervisor whose runner is gone ends its step, including processes that cannot be found here.
        let is_supervised =
            start.elapsed() < SUPERVISOR_TIMEOUT && found.iter().any(|process| is_supervisor(process.pid));
        if !is_supervised {
            found.iter().for_each(Identity::kill);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns the processes whose marker starts with this prefix, without this process.
fn marked(prefix: &str) -> Vec<Identity> {
    let wanted = format!("{MARKER}={prefix}");
    let own = i64::from(std::process::id());
    let is_marked = |pid: &i64| {
        *pid != own
            && fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
                environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()))
            })
    };
    let processes = table::ids().into_iter().filter(is_marked).map(Identity::of);
    processes.filter(|process| !process.start.is_empty()).collect()
}

fn is_supervisor(pid: i64) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim_end() == supervise::NAME)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn processes_are_found_by_their_marker_also_in_their_own_session() {
        let marker = format!("test-{}/", std::process::id());
        let spawn = |marker: &str| {
            let script = "setsid sleep 600 & sleep 600";
            let mut shell = Command::new("sh");
            shell.args(["-c", script]).env(MARKER, format!("{marker}attempt")).spawn().unwrap()
        };
        let (mut ours, mut other) = (spawn(&marker), spawn(&format!("other-{marker}")));
        let start = Instant::now();
        while marked(&marker).len() < 3 || marked(&format!("other-{marker}")).len() < 3 {
            assert!(start.elapsed() < KILL_TIMEOUT, "the processes start");
        }
        assert_eq!(end_marked(&marker), []);
        ours.wait().unwrap();
        assert_eq!(marked(&format!("other-{marker}")).len(), 3, "other processes are left alone");
        assert_eq!(end_marked(&format!("other-{marker}")), []);
        other.wait().unwrap();
    }
}
