//! Interprets the end of a process: success, or a failure of some class. Messages of the step are not masked here.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;

use serde_json::Value;

use super::files;
use crate::{Failure, FailureClass, State};

/// Returns the failure that the exit status indicates, if any.
pub(super) fn failure(status: ExitStatus, termination_log: &Path) -> Option<Failure> {
    if status.success() {
        return None;
    }
    if let Some(signal) = status.signal() {
        let mut message = format!("the step was terminated by signal {}", signal_name(signal));
        if signal == 9 {
            message.push_str(": the machine may have been out of memory");
        }
        return Some(Failure {
            state: State::Failed,
            class: FailureClass::of_exit_code(128 + signal),
            message,
            exit_code: Some(128 + signal),
        });
    }
    let code = status.code().unwrap_or(1);
    let (reported, problem) = match read_termination_log(termination_log) {
        Ok(reported) => (reported, None),
        Err(problem) => (None, Some(problem)),
    };
    let class = match FailureClass::of_exit_code(code) {
        // The exit codes of other programs have no defined class, but the termination log may contain one.
        FailureClass::Unknown => reported.as_ref().map_or(FailureClass::Unknown, |(class, _)| *class),
        class => class,
    };
    let mut message = match reported {
        Some((_, message)) => message,
        None => format!("the step ended with exit code {code}"),
    };
    if let Some(problem) = problem {
        message = format!("{message}, and {problem}");
    }
    Some(Failure { state: State::Failed, class, message, exit_code: Some(code) })
}

/// Reads the class and message from the termination log, if there is one.
///
/// # Errors
/// The termination log is not a regular file.
fn read_termination_log(termination_log: &Path) -> Result<Option<(FailureClass, String)>, String> {
    const LIMIT: u64 = 64 * 1024;
    let refused = |error: files::OpenError| error.describe("its termination log", "a regular file");
    let Some(file) = files::open_file(termination_log).map_err(refused)? else { return Ok(None) };
    let bytes = files::read(file, LIMIT).map_err(|error| refused(files::OpenError::Unreadable(error)))?;
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Option<(FailureClass, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let reported: Value = serde_json::from_str(text.lines().next()?).ok()?;
    let class = reported.get("class").and_then(Value::as_str).and_then(FailureClass::from_name);
    let message = reported.get("message").and_then(Value::as_str)?;
    Some((class.unwrap_or(FailureClass::Unknown), message.to_owned()))
}

fn signal_name(number: i32) -> String {
    let name = match number {
        1 => "HUP",
        2 => "INT",
        3 => "QUIT",
        4 => "ILL",
        6 => "ABRT",
        7 => "BUS",
        8 => "FPE",
        9 => "KILL",
        11 => "SEGV",
        13 => "PIPE",
        14 => "ALRM",
        15 => "TERM",
        24 => "XCPU",
        25 => "XFSZ",
        31 => "SYS",
        other => return other.to_string(),
    };
    format!("{number} (SIG{name})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_signals_and_termination_logs_are_read() {
        let exit = |code: i32| code << 8;
        for (raw, log, expect) in [
            (exit(10), "", (FailureClass::Data, "the step ended with exit code 10", Some(10))),
            (exit(10), r#"{"class":"data","message":"no rows"}"#, (FailureClass::Data, "no rows", Some(10))),
            (
                exit(3),
                r#"{"class":"transient","message":"busy"}"#,
                (FailureClass::Transient, "busy", Some(3)),
            ),
            (exit(137), "", (FailureClass::Oom, "the step ended with exit code 137", Some(137))),
            (
                15,
                "",
                (FailureClass::SpotReclaimed, "the step was terminated by signal 15 (SIGTERM)", Some(143)),
            ),
            (
                9,
                "",
                (
                    FailureClass::Oom,
                    "the step was terminated by signal 9 (SIGKILL): the machine may have been out of memory",
                    Some(137),
                ),
            ),
            (exit(75), "not JSON", (FailureClass::Transient, "the step ended with exit code 75", Some(75))),
            (11, "", (FailureClass::Unknown, "the step was terminated by signal 11 (SIGSEGV)", Some(139))),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("log");
            std::fs::write(&path, log).unwrap();
            let failure = failure(ExitStatus::from_raw(raw), &path).unwrap();
            assert_eq!((failure.class, failure.message.as_str(), failure.exit_code), expect);
        }
        assert_eq!(failure(ExitStatus::from_raw(0), Path::new("none")), None);
    }
}
