//! Fields that earlier releases of Argo had.

/// What became of a field.
pub(super) struct Removed {
    pub(super) fate: &'static str,
    pub(super) help: &'static str,
}

/// Type, field, what became of it, and what to write.
const REMOVED: [(&str, &str, &str, &str); 6] = [
    ("CronWorkflowSpec", "schedule", "it was removed in 4.0", "use `schedules`, a list"),
    ("Synchronization", "mutex", "it was removed in 4.0", "use `mutexes`, a list"),
    ("Synchronization", "semaphore", "it was removed in 4.0", "use `semaphores`, a list"),
    ("WorkflowSpec", "podPriority", "it was removed in 3.7", "use `podPriorityClassName`"),
    ("Template", "priority", "it was removed in 3.7", "use `priorityClassName`"),
    (
        "WorkflowSpec",
        "ttlSecondsAfterFinished",
        "it was removed in 3.0",
        "use `ttlStrategy.secondsAfterCompletion`",
    ),
];

/// What became of the field of the type, where an earlier release had it.
pub(super) fn removed(r#type: &str, field: &str) -> Option<Removed> {
    let mut rows = REMOVED.iter().filter(|(owner, name, ..)| *owner == r#type && *name == field);
    rows.next().map(|(_, _, fate, help)| Removed { fate, help })
}
