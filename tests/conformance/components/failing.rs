//! Steps that fail, in every possible way.

use kfp_sdk::prelude::*;
use kfp_sdk::retries;

/// Fail with a class.
#[component]
pub(crate) fn fail(
    #[default("unknown")] class: String,
    #[default("it was to fail")] message: String,
) -> Result<i64> {
    Err(error(&class, message))
}

/// Return a number, or fail if it is the bad one.
#[component]
pub(crate) fn fail_if(
    value: i64,
    bad: i64,
    #[default("data")] class: String,
    #[default("the number is bad")] message: String,
) -> Result<i64> {
    if value == bad { Err(error(&class, message)) } else { Ok(value) }
}

/// Fail with a message of that many characters: the number followed by the repeated text.
#[component]
pub(crate) fn fail_at_length(number: i64, text: String, characters: u32) -> Result<i64> {
    let repeated = text.chars().cycle().take(usize::try_from(characters)?);
    Err(Error::data(format!("{number}: {}", repeated.collect::<String>())))
}

/// Return the task of each failure, with the length and both ends of its message.
#[component]
pub(crate) fn outline(failures: Vec<Failure>) -> Vec<String> {
    let outline = |failure: Failure| {
        let characters: Vec<char> = failure.message.chars().collect();
        let first: String = characters.iter().take(24).collect();
        let last: String = characters.iter().skip(characters.len().saturating_sub(8)).collect();
        format!("{} {} {first} {last}", failure.task, characters.len())
    };
    failures.into_iter().map(outline).collect()
}

/// Panic.
#[component]
pub(crate) fn panics() -> i64 {
    panic!("it was to panic")
}

/// Exit with an exit code and without output.
#[component]
#[expect(clippy::exit, reason = "the step must exit with this code")]
pub(crate) fn exits(code: i64) -> i64 {
    std::process::exit(i32::try_from(code).unwrap_or(1))
}

/// Be killed by SIGKILL, as a step that runs out of memory.
#[component]
pub(crate) fn killed() -> Result<i64> {
    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)?;
    Ok(0)
}

fn error(class: &str, message: String) -> Error {
    match class {
        "data" => Error::data(message),
        "permanent" => Error::permanent(message),
        "transient" => Error::transient(message),
        _ => Error::unknown(message),
    }
}

/// Fail until this attempt, counted from 1, and return its number.
#[component]
pub(crate) fn succeeds_at(attempt: i64, #[default("transient")] class: String) -> Result<i64> {
    let count = i64::from(retries()) + 1;
    if count < attempt { Err(error(&class, format!("try {count} is not yet {attempt}"))) } else { Ok(count) }
}

/// Fail while an environment variable is `down`, and return its value otherwise.
#[component]
pub(crate) fn ask_service(variable: String) -> Result<String> {
    match std::env::var(variable)?.as_str() {
        "down" => Err(Error::transient("the service is down")),
        state => Ok(state.to_owned()),
    }
}

/// Fail until a time, in milliseconds since 1970, and return whether there was a failure before.
#[component]
pub(crate) fn fail_before(time: i64) -> Result<bool> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    if now < u128::try_from(time)? { Err(Error::transient("it is too early")) } else { Ok(true) }
}

/// Return the time in that many milliseconds from now, in milliseconds since 1970.
#[component]
pub(crate) fn time_in(milliseconds: i64) -> Result<i64> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    Ok(i64::try_from(now)? + milliseconds)
}

/// Do nothing for a long time.
#[component]
pub(crate) fn hang(#[default(45)] seconds: u32) -> i64 {
    std::thread::sleep(std::time::Duration::from_secs(u64::from(seconds)));
    0
}

/// Hang at the first attempt, and return the number of later ones.
#[component]
pub(crate) fn hang_once() -> i64 {
    if retries() == 0 {
        std::thread::sleep(std::time::Duration::from_secs(45));
    }
    i64::from(retries()) + 1
}

/// Fail once per pause, and then return whether the time since `begun` is at least the sum of the pauses, all in
/// milliseconds.
#[component]
pub(crate) fn waited(begun: i64, pauses: Vec<i64>) -> Result<bool> {
    if usize::try_from(retries())? < pauses.len() {
        return Err(Error::transient("not yet"));
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    Ok(i64::try_from(now)? - begun >= pauses.iter().sum())
}
