//! Fields that were removed from Argo.

/// A removed field.
pub(super) struct Removed {
    pub(super) note: &'static str,
    pub(super) help: &'static str,
}

/// Type, field, note and help.
const REMOVED: [(&str, &str, &str, &str); 6] = [
    ("CronWorkflowSpec", "schedule", "the field was removed in Argo 4.0", "use `schedules`, which is a list"),
    ("Synchronization", "mutex", "the field was removed in Argo 4.0", "use `mutexes`, which is a list"),
    (
        "Synchronization",
        "semaphore",
        "the field was removed in Argo 4.0",
        "use `semaphores`, which is a list",
    ),
    ("WorkflowSpec", "podPriority", "the field was removed in Argo 3.7", "use `podPriorityClassName`"),
    ("Template", "priority", "the field was removed in Argo 3.7", "use `priorityClassName`"),
    (
        "WorkflowSpec",
        "ttlSecondsAfterFinished",
        "the field was removed in Argo 3.0",
        "use `ttlStrategy.secondsAfterCompletion`",
    ),
];

/// Returns the note and help for a field of the type that was removed.
pub(super) fn removed(r#type: &str, field: &str) -> Option<Removed> {
    let mut rows = REMOVED.iter().filter(|(owner, name, ..)| *owner == r#type && *name == field);
    rows.next().map(|(_, _, note, help)| Removed { note, help })
}
