//! The process table in `/proc`.

use std::fs;

/// A process that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) pid: i64,
    pub(super) parent: i64,
    /// The start time in clock ticks since boot.
    pub(super) start: String,
}

/// Returns the process with this id, unless it has ended.
pub(super) fn entry(pid: i64) -> Option<Entry> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program name, in parentheses, may contain anything. The state is the first field after it.
    let fields: Vec<&str> = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().collect();
    // A zombie has ended but its parent has not reaped it yet.
    if matches!(fields.first(), Some(&"Z" | &"X")) {
        return None;
    }
    Some(Entry { pid, parent: fields.get(1)?.parse().ok()?, start: (*fields.get(19)?).to_owned() })
}

/// Returns the ids of all processes, in no particular order.
pub(super) fn ids() -> Vec<i64> {
    let Ok(folder) = fs::read_dir("/proc") else { return Vec::new() };
    folder.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Returns the children of the process, their children, and so on.
#[cfg(target_os = "linux")]
pub(crate) fn descendants(ancestor: i64) -> Vec<super::Identity> {
    let mut others: Vec<Entry> = ids().into_iter().filter_map(entry).collect();
    let (mut found, mut parents) = (Vec::new(), vec![ancestor]);
    while let Some(parent) = parents.pop() {
        for child in others.extract_if(.., |entry| entry.parent == parent && entry.pid != ancestor) {
            parents.push(child.pid);
            found.push(super::Identity::from(&child));
        }
    }
    found
}
