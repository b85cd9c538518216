//! Reports the failure of a step: exit code, termination log and a message on standard error. Secrets are masked.

use std::any::Any;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fmt, io, thread};

use kfp_wire::{FailureClass, value};
use serde_json::json;

use super::backtrace;
use super::error::Error;
use super::secret_values::Secrets;

/// The maximum length of the termination log in bytes.
const MAX_LOG: usize = 2048;

/// The environment variable with the path of the termination log.
const LOG_VARIABLE: &str = "KFP_TERMINATION_LOG";

/// The path of the termination log in containers.
const CONTAINER_LOG: &str = "/dev/termination-log";

/// The failure of a step.
///
/// Secrets are masked before the message is truncated, because a truncated secret would not be found.
pub(crate) struct Report {
    class: FailureClass,
    message: String,
}

impl Report {
    fn new(class: FailureClass, message: &str) -> Self {
        Self { class, message: Secrets::Environment.mask().apply(message) }
    }

    /// Returns the exit code of the class.
    pub(crate) fn exit_code(&self) -> u8 {
        self.class.exit_code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
    }

    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Prints the failure to standard error and writes it to the termination log.
    pub(crate) fn write(&self) {
        // A termination log that cannot be written must not hide the failure.
        let _ = writeln!(io::stderr().lock(), "error: {}", self.message);
        if let Some(path) = log_path() {
            let _ = write_log(&path, &self.line());
        }
    }

    /// Returns the class and message as one line of JSON that fits into the termination log.
    fn line(&self) -> String {
        let line = |message: &str| value::encode(&json!({"class": self.class.as_str(), "message": message}));
        let whole = line(&self.message);
        if whole.len() <= MAX_LOG {
            return whole;
        }
        // Escaped characters differ in length, so search for the longest prefix that fits.
        let ends: Vec<usize> = self.message.char_indices().map(|(end, _)| end).collect();
        let fits =
            ends.partition_point(|end| line(&format!("{}...", &self.message[..*end])).len() <= MAX_LOG);
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
    fn from(panic: Panic) -> Self {
        Self::new(FailureClass::Unknown, &panic.to_string())
    }
}

/// Returns the log that the environment names, or the log of the container if there is one.
fn log_path() -> Option<PathBuf> {
    if let Some(path) = env::var_os(LOG_VARIABLE) {
        return Some(path.into());
    }
    let path = Path::new(CONTAINER_LOG);
    path.exists().then(|| path.to_owned())
}

/// Writes the log in place: in a container, it is a mounted file that cannot be replaced.
fn write_log(path: &Path, line: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().create(true).write(true).truncate(true).open(path)?.write_all(line.as_bytes())
}

/// A panic hook.
type Hook = dyn Fn(&PanicHookInfo<'_>) + Sync + Send;

/// A panic that was caught.
pub(crate) struct Panic {
    pub(crate) message: String,
    /// The file, line and column.
    pub(crate) location: Option<(String, u32, u32)>,
}

impl Panic {
    /// Runs `body` and returns its panic as an error.
    pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Self> {
        static LAST: Mutex<Option<Panic>> = Mutex::new(None);
        let before: Arc<Hook> = panic::take_hook().into();
        let step = thread::current().id();
        let original = Arc::clone(&before);
        panic::set_hook(Box::new(move |info| {
            let is_step = thread::current().id() == step;
            if is_step {
                *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Self::of(info));
            }
            // Reports do not contain panics of other threads, and have no backtrace.
            if !is_step || env::var_os("RUST_BACKTRACE").is_some() {
                print_panic(info, &*original);
            }
        }));
        // After a panic, the state of the body is dropped and not used.
        let result = panic::catch_unwind(panic::AssertUnwindSafe(body));
        panic::set_hook(Box::new(move |info| before(info)));
        result.map_err(|_| {
            let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
            last.unwrap_or_else(|| Self { message: "unknown panic".to_owned(), location: None })
        })
    }

    fn of(info: &PanicHookInfo<'_>) -> Self {
        let message = payload_message(info.payload()).unwrap_or("a value that is not a string").to_owned();
        let location = info.location();
        Self { message, location: location.map(|at| (at.file().to_owned(), at.line(), at.column())) }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Some((file, line, column)) => write!(f, "panicked at {file}:{line}:{column}: {}", self.message),
            None => write!(f, "panicked: {}", self.message),
        }
    }
}

/// Prints the panic with the hook, or with masked secrets or a short backtrace if there are any. The message is first.
fn print_panic(info: &PanicHookInfo<'_>, hook: &Hook) {
    let (mask, backtrace) = (Secrets::Environment.mask(), backtrace::capture());
    if mask.is_empty() && backtrace.is_none() {
        return hook(info);
    }
    let current = thread::current();
    let message = mask.apply(&Panic::of(info).to_string());
    let mut text = format!("thread '{}' {message}\n", current.name().unwrap_or("<unnamed>"));
    if let Some(backtrace) = backtrace {
        text.push_str(&format!("stack backtrace:\n{backtrace}"));
    }
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Returns the message of a panic, if its payload is a string.
pub(super) fn payload_message(payload: &dyn Any) -> Option<&str> {
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
    fn long_messages_are_truncated() {
        for message in
            ["x".repeat(5000), "é".repeat(2000), "🦀".repeat(1000), format!("x{}", "🦀".repeat(1000))]
        {
            let line = line(&message);
            assert!(line.len() <= MAX_LOG && line.len() > MAX_LOG - 12, "{}", line.len());
            assert!(line.ends_with("...\"}"), "{line}");
        }
        let longest = "x".repeat(MAX_LOG - line("").len());
        assert_eq!(line(&longest).len(), MAX_LOG);
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
