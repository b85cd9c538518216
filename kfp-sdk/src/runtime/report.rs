//! How the end of a step is reported: exit code, termination log and a line for people. Secrets in it are masked.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, io, thread};

use kfp_wire::value;
use serde_json::json;

use super::error::Error;
use super::failure::FailureClass;
use super::secret_values::Secrets;

/// The largest text that a termination log is given, in bytes.
const LARGEST_LOG: usize = 2048;

/// The variable that names the termination log.
const LOG_VARIABLE: &str = "KFP_TERMINATION_LOG";

/// The termination log of containers.
const LOG_OF_CONTAINERS: &str = "/dev/termination-log";

/// How a step failed.
///
/// Secrets are masked as soon as there is a message, as one that is cut would no longer be found.
pub(crate) struct Report {
    class: FailureClass,
    message: String,
}

impl Report {
    fn new(class: FailureClass, message: &str) -> Self {
        Self { class, message: Secrets::Environment.mask().apply(message) }
    }

    /// The exit code of the class.
    pub(crate) fn exit_code(&self) -> u8 {
        match self.class {
            FailureClass::Data => 10,
            FailureClass::Permanent => 11,
            FailureClass::Transient => 75,
            FailureClass::Unknown => 1,
        }
    }

    /// What went wrong.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Tells the failure to whoever started the step, and to people.
    pub(crate) fn tell(&self) {
        // A log that cannot be written must not hide the failure, which the exit code and this line tell too.
        let _ = writeln!(io::stderr().lock(), "error: {}", self.message);
        if let Some(path) = log_path() {
            let _ = write_log(&path, &self.line());
        }
    }

    /// Class and message as one line of JSON that fits into the termination log.
    fn line(&self) -> String {
        let line = |message: &str| value::encode(&json!({"class": self.class.as_str(), "message": message}));
        let whole = line(&self.message);
        if whole.len() <= LARGEST_LOG {
            return whole;
        }
        // Escapes make some characters longer than others, so the longest beginning that fits is searched.
        let ends: Vec<usize> = self.message.char_indices().map(|(end, _)| end).collect();
        let fits =
            ends.partition_point(|end| line(&format!("{}...", &self.message[..*end])).len() <= LARGEST_LOG);
        let end = ends.get(fits.saturating_sub(1)).copied().unwrap_or_default();
        line(&format!("{}...", &self.message[..end]))
    }
}

impl From<Error> for Report {
    fn from(error: Error) -> Self {
        Self::new(error.class(), &error.to_string())
    }
}

impl From<Panic> for Report {
    fn from(Panic(message): Panic) -> Self {
        Self::new(FailureClass::Unknown, &message)
    }
}

/// The log that the environment names, else that of containers where there is one.
fn log_path() -> Option<PathBuf> {
    if let Some(path) = env::var_os(LOG_VARIABLE) {
        return Some(path.into());
    }
    let path = Path::new(LOG_OF_CONTAINERS);
    path.exists().then(|| path.to_owned())
}

/// The log of containers is a mounted file: it is written in place and never replaced.
fn write_log(path: &Path, line: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().create(true).write(true).truncate(true).open(path)?.write_all(line.as_bytes())
}

/// What is called when a thread panics.
type Hook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send;

/// The message of a panic with its location.
pub(crate) struct Panic(String);

impl Panic {
    /// Runs `body` and gives its panic, if it does.
    pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Self> {
        static LAST: Mutex<Option<String>> = Mutex::new(None);
        let before: Arc<Hook> = panic::take_hook().into();
        let step = thread::current().id();
        let of_others = Arc::clone(&before);
        panic::set_hook(Box::new(move |info| {
            let is_own = thread::current().id() == step;
            if is_own {
                *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(message_of(info));
            }
            // What another thread says is in no report, and a report has no backtrace.
            if !is_own || env::var_os("RUST_BACKTRACE").is_some() {
                show_panic(info, &*of_others);
            }
        }));
        // Nothing that the body has touched is looked at after a panic, except to be thrown away.
        let result = panic::catch_unwind(panic::AssertUnwindSafe(body));
        panic::set_hook(Box::new(move |info| before(info)));
        result.map_err(|_| {
            let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
            Self(last.unwrap_or_else(|| "the step panicked".to_owned()))
        })
    }
}

/// Has the hook show the panic, unless the message may contain a secret.
fn show_panic(info: &PanicHookInfo<'_>, hook: &Hook) {
    let mask = Secrets::Environment.mask();
    if mask.is_empty() {
        return hook(info);
    }
    let current = thread::current();
    let message = mask.apply(&message_of(info));
    let mut text = format!("thread '{}' {message}\n", current.name().unwrap_or("<unnamed>"));
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        text.push_str(&format!("stack backtrace:\n{backtrace}"));
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn message_of(info: &PanicHookInfo<'_>) -> String {
    let message = text_of(info.payload()).unwrap_or("a value that is no text");
    match info.location() {
        Some(location) => format!("panicked at {location}: {message}"),
        None => format!("panicked: {message}"),
    }
}

/// What `panic!` has put into its payload.
pub(super) fn text_of(payload: &dyn Any) -> Option<&str> {
    payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn line(message: &str) -> String {
        Report::from(Error::data(message)).line()
    }

    #[test]
    fn the_line_is_canonical_json() {
        assert_eq!(line("no `{{x}}` é"), r#"{"class":"data","message":"no `{\u007bx}}` \u00e9"}"#);
    }

    #[test]
    fn long_messages_are_cut_to_fit() {
        for message in
            ["x".repeat(5000), "é".repeat(2000), "🦀".repeat(1000), format!("x{}", "🦀".repeat(1000))]
        {
            let line = line(&message);
            assert!(line.len() <= LARGEST_LOG && line.len() > LARGEST_LOG - 12, "{}", line.len());
            assert!(line.ends_with("...\"}"), "{line}");
        }
        let largest = "x".repeat(LARGEST_LOG - line("").len());
        assert_eq!(line(&largest).len(), LARGEST_LOG);
    }

    #[test]
    fn classes_have_exit_codes() {
        let code = |error: Error| Report::from(error).exit_code();
        assert_eq!(code(Error::data("")), 10);
        assert_eq!(code(Error::permanent("")), 11);
        assert_eq!(code(Error::transient("")), 75);
        assert_eq!(code(Error::unknown("")), 1);
    }
}
