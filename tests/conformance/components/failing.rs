//! Steps that fail in every way there is.

use kfp_sdk::prelude::*;

/// Fail with a class.
#[component]
pub(crate) fn fail(
    #[default("unknown")] class: String,
    #[default("it was to fail")] message: String,
) -> Result<i64> {
    Err(error(&class, message))
}

/// Give back a number, unless it is the bad one.
#[component]
pub(crate) fn fail_if(
    value: i64,
    bad: i64,
    #[default("data")] class: String,
    #[default("the number is bad")] message: String,
) -> Result<i64> {
    if value == bad { Err(error(&class, message)) } else { Ok(value) }
}

/// Panic.
#[component]
pub(crate) fn panics() -> i64 {
    panic!("it was to panic")
}

/// End with an exit code, without a word.
#[component]
#[expect(clippy::exit, reason = "a step may end like that")]
pub(crate) fn exits(code: i64) -> i64 {
    std::process::exit(i32::try_from(code).unwrap_or(1))
}

fn error(class: &str, message: String) -> Error {
    match class {
        "data" => Error::data(message),
        "permanent" => Error::permanent(message),
        "transient" => Error::transient(message),
        _ => Error::unknown(message),
    }
}

/// Count the calls of a step in a file, and fail until there were enough. Only where steps share a disk.
#[component]
pub(crate) fn succeeds_at(
    counter: String,
    attempt: i64,
    #[default("transient")] class: String,
) -> Result<i64> {
    let count = count_up(&counter)?;
    if count < attempt { Err(error(&class, format!("try {count} is not yet {attempt}"))) } else { Ok(count) }
}

/// Count the calls of a step in a file.
#[component]
pub(crate) fn count_calls(counter: String) -> Result<i64> {
    count_up(&counter)
}

/// Raise the number in a file by one.
pub(super) fn count_up(path: &str) -> Result<i64> {
    let count = match std::fs::read_to_string(path) {
        Ok(text) => text.trim().parse::<i64>()? + 1,
        Err(_) => 1,
    };
    std::fs::write(path, count.to_string())?;
    Ok(count)
}

/// Fail until a time has come, in milliseconds since 1970, and tell then whether there was a failure before.
#[component]
pub(crate) fn fail_before(time: i64) -> Result<bool> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    if now < u128::try_from(time)? { Err(Error::transient("it is too early")) } else { Ok(true) }
}

/// The time in so many milliseconds, counted from 1970.
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

/// Hang at the first call, and give the number of the call at later ones. Only where steps share a disk.
#[component]
pub(crate) fn hang_once(counter: String) -> Result<i64> {
    let count = count_up(&counter)?;
    if count == 1 {
        std::thread::sleep(std::time::Duration::from_secs(45));
    }
    Ok(count)
}

/// Write down when each try was made, fail until there was one more than pauses, and tell whether the pauses
/// between them were at least that long, in milliseconds. Only where steps share a disk.
#[component]
pub(crate) fn waited(log: String, pauses: Vec<i64>) -> Result<bool> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis();
    let text = std::fs::read_to_string(&log).unwrap_or_default() + &format!("{now}\n");
    std::fs::write(&log, &text)?;
    let times: Vec<i64> = text.lines().map(str::parse).collect::<std::result::Result<_, _>>()?;
    if times.len() <= pauses.len() {
        return Err(Error::transient("not yet"));
    }
    Ok(times.windows(2).zip(pauses).all(|(pair, pause)| pair[1] - pair[0] >= pause))
}
