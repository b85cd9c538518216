//! The list of failures in the final status of an exit handler: sorted, and bounded in the same way on every backend.

use kfp_model::FailureClass;
use kfp_model::status::{LISTED_FAILURES, PATH_CHARACTERS, UNLISTED, message_characters};
use serde_json::{Value, json};

use crate::Failure;

/// Returns the list of failures below a path, each with the path of its task.
pub(crate) fn list(below: &str, failures: &[(String, Failure)]) -> Value {
    let mut sorted: Vec<(String, &str, &Failure)> = failures
        .iter()
        .map(|(path, failure)| {
            let path = path.strip_prefix(below).unwrap_or(path);
            (sort_key(path), path, failure)
        })
        .collect();
    sorted.sort_by(|(left, ..), (right, ..)| left.cmp(right));
    let unlisted = sorted.len().saturating_sub(LISTED_FAILURES);
    sorted.truncate(LISTED_FAILURES);
    let limit = message_characters(sorted.len());
    let mut list: Vec<Value> = sorted.iter().map(|(_, path, failure)| entry(path, failure, limit)).collect();
    if unlisted > 0 {
        let verb = if unlisted == 1 { "failure is" } else { "failures are" };
        let message = format!("{unlisted} more {verb} not listed");
        list.push(json!({"task": UNLISTED, "message": message, "exit_code": null, "class": null}));
    }
    Value::Array(list)
}

fn entry(path: &str, failure: &Failure, limit: usize) -> Value {
    // A failure outside the step, such as a lost machine, has no class that a step can report.
    let is_reported = FailureClass::OF_STEPS.contains(&failure.class);
    let class = if is_reported { failure.class } else { FailureClass::Unknown };
    json!({
        "task": end_of(path),
        "message": beginning_of(&failure.message, limit),
        "exit_code": failure.exit_code,
        "class": failure.exit_code.map(|_| class.as_str()),
    })
}

/// Pads the numbers in a path to the same length, so that iterations are sorted by number.
fn sort_key(path: &str) -> String {
    let segment = |segment: &str| {
        let is_number = (1..=9).contains(&segment.len()) && segment.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { format!("{segment:0>9}") } else { segment.to_owned() }
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn beginning_of(message: &str, limit: usize) -> String {
    match message.char_indices().nth(limit) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}

fn end_of(path: &str) -> String {
    match path.chars().count().checked_sub(PATH_CHARACTERS) {
        Some(excess) if excess > 0 => format!("...{}", path.chars().skip(excess).collect::<String>()),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FailureClass, State};

    fn failed(message: &str) -> Failure {
        let (state, class) = (State::Failed, FailureClass::Data);
        Failure { state, class, message: message.to_owned(), exit_code: Some(10) }
    }

    fn tasks(list: &Value) -> Vec<&str> {
        list.as_array().unwrap().iter().map(|entry| entry["task"].as_str().unwrap()).collect()
    }

    #[test]
    fn failures_are_sorted_by_path_and_number() {
        let paths =
            ["g/all/10/b", "g/all/9/b", "g/all/9/a", "g/b", "g/all-2", "g/1000000000", "g/200", "g/Z"];
        let failures: Vec<_> = paths.iter().map(|path| ((*path).to_owned(), failed("no"))).collect();
        let expect = ["200", "1000000000", "Z", "all-2", "all/9/a", "all/9/b", "all/10/b", "b"];
        assert_eq!(tasks(&list("g/", &failures)), expect);
    }

    #[test]
    fn a_long_list_reports_the_number_of_omitted_failures() {
        for (count, last) in [(100, "99"), (101, UNLISTED), (137, UNLISTED)] {
            let failures: Vec<_> = (0..count).rev().map(|idx| (format!("{idx}"), failed("no"))).collect();
            let list = list("", &failures);
            assert_eq!(tasks(&list).last(), Some(&last), "{count}");
            assert_eq!(list[99]["task"], "99");
        }
        let many: Vec<_> = (0..137).map(|idx| (format!("{idx}"), failed("no"))).collect();
        let expect = json!({"task": "...", "message": "37 more failures are not listed", "exit_code": null, "class": null});
        assert_eq!(list("", &many)[100], expect);
        assert_eq!(list("", &many[..101])[100]["message"], "1 more failure is not listed");
    }

    #[test]
    fn messages_and_paths_are_truncated_at_characters() {
        let message = "é\"".repeat(2000);
        for (count, longest) in [(1, 2048), (16, 2048), (17, 1927), (60, 546), (100, 327), (200, 327)] {
            let failures: Vec<_> = (0..count).map(|idx| (format!("{idx}"), failed(&message))).collect();
            let truncated = list("", &failures)[0]["message"].as_str().unwrap().to_owned();
            assert_eq!(truncated.chars().count(), longest + 3, "{count}");
            assert!(truncated.ends_with("..."));
        }
        let whole = "é".repeat(2048);
        assert_eq!(list("", &[("a".to_owned(), failed(&whole))])[0]["message"], whole);
        let long = format!("{}/end", "é".repeat(300));
        let listed = list("", &[(long, failed("no"))]);
        let path = listed[0]["task"].as_str().unwrap();
        assert_eq!((path.chars().count(), path.ends_with("é/end")), (PATH_CHARACTERS + 3, true));
        let longest = "x".repeat(PATH_CHARACTERS);
        assert_eq!(tasks(&list("", &[(longest.clone(), failed("no"))])), [longest]);
    }

    #[test]
    fn only_failures_with_an_exit_code_have_a_class() {
        let lost = Failure { class: FailureClass::Oom, exit_code: Some(137), ..failed("killed") };
        let never_ran = Failure {
            state: State::Error,
            class: FailureClass::Permanent,
            exit_code: None,
            ..failed("no image")
        };
        let list = list("", &[("a".to_owned(), lost), ("b".to_owned(), never_ran)]);
        assert_eq!((&list[0]["class"], &list[1]["class"]), (&json!("unknown"), &json!(null)));
    }
}
