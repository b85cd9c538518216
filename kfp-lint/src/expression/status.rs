//! The values of status variables.

use kfp_diag::spelling::{list, nearest};

/// The statuses of tasks and steps. A status is empty until the task starts.
const OF_TASKS: [&str; 8] = ["", "Pending", "Running", "Succeeded", "Skipped", "Failed", "Error", "Omitted"];
/// The statuses of workflows.
const OF_WORKFLOWS: [&str; 6] = ["", "Pending", "Running", "Succeeded", "Failed", "Error"];

/// Values of other tools, with the status that they correspond to.
const SYNONYMS: [(&str, &str); 9] = [
    ("success", "Succeeded"),
    ("successful", "Succeeded"),
    ("completed", "Succeeded"),
    ("complete", "Succeeded"),
    ("done", "Succeeded"),
    ("passed", "Succeeded"),
    ("failure", "Failed"),
    ("fail", "Failed"),
    ("errored", "Error"),
];

/// Returns whether the variable is a status.
pub(super) fn is_status(path: &[&str]) -> bool {
    matches!(path, ["tasks" | "steps", _, "status"] | ["workflow" | "lastRetry", "status"])
}

/// Returns the message and the help for a value that the status never has; `None` for a valid one.
pub(super) fn unknown(path: &[&str], status: &str) -> Option<(String, String)> {
    let known = if path.first() == Some(&"workflow") { &OF_WORKFLOWS[..] } else { &OF_TASKS[..] };
    if known.contains(&status) {
        return None;
    }
    let synonym = SYNONYMS.iter().find(|(other, _)| other.eq_ignore_ascii_case(status));
    let near = synonym.map(|(_, right)| *right).or_else(|| nearest(status, known.iter().skip(1)));
    let help = match near {
        Some(right) => format!("use `{right}`"),
        None => format!("use one of {}", list(&known[1..])),
    };
    Some((format!("unknown status `{status}`"), help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_the_spelling_of_argo() {
        for (root, status, help) in [
            ("tasks", "Succeeded", None),
            ("tasks", "Omitted", None),
            ("workflow", "Failed", None),
            ("workflow", "Success", Some("use `Succeeded`")),
            ("steps", "succeeded", Some("use `Succeeded`")),
            ("steps", "Errored", Some("use `Error`")),
            ("lastRetry", "Faild", Some("use `Failed`")),
            (
                "workflow",
                "Skipped",
                Some("use one of `Pending`, `Running`, `Succeeded`, `Failed` and `Error`"),
            ),
        ] {
            let found = unknown(&[root, "status"], status).map(|(_, help)| help);
            assert_eq!(found.as_deref(), help, "{root} {status}");
        }
    }
}
