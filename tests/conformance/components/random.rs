//! Steps of random pipelines: they return what their inputs determine, or fail as their input `act` requests.

use std::fs;

use kfp_model::{Rehearsal, Runnable as _};
use kfp_sdk::prelude::*;

/// A struct of several types.
#[derive(Param, Debug, Clone, PartialEq)]
pub(crate) struct Record {
    /// An integer.
    pub number: i64,
    /// A string.
    pub text: String,
    /// A value that may be left out.
    pub note: Option<String>,
}

/// Does what `act` requests: nothing, or fail with a class.
fn perform(act: &str) -> Result<()> {
    let message = format!("failed as {act}: {{{{it}}}} \"is\"\n$(HOME) ü");
    match act {
        "" => Ok(()),
        "data" => Err(Error::data(message)),
        "permanent" => Err(Error::permanent(message)),
        "transient" => Err(Error::transient(message)),
        _ => Err(Error::unknown(message)),
    }
}

/// Steps that return the value that they receive.
macro_rules! echoes {
    ($($(#[$doc:meta])* $name:ident: $type:ty;)*) => {$(
        $(#[$doc])*
        #[component]
        pub(crate) fn $name(value: $type, #[default("")] act: String) -> Result<$type> {
            perform(&act)?;
            Ok(value)
        }
    )*};
}

echoes! {
    /// Returns an integer.
    random_a_integer: i64;
    /// Returns a string.
    random_text: String;
    /// Returns a float.
    random_float: f64;
    /// Returns a boolean.
    random_boolean: bool;
    /// Returns a list of integers.
    random_integers: Vec<i64>;
    /// Returns a list of strings.
    random_texts: Vec<String>;
    /// Returns a struct.
    random_record: Record;
    /// Returns a list of structs.
    random_records: Vec<Record>;
    /// Returns an integer or nothing.
    random_maybe_integer: Option<i64>;
    /// Returns a string or nothing.
    random_maybe_text: Option<String>;
}

/// Two values.
#[derive(Outputs)]
pub(crate) struct Pair {
    /// The sum of the numbers.
    pub sum: i64,
    /// The strings, joined.
    pub text: String,
}

/// Returns a number and a string computed from several inputs.
#[component]
pub(crate) fn random_pair(
    numbers: Vec<i64>,
    texts: Vec<String>,
    #[default("usual \"text\"")] text: String,
    note: Option<String>,
    #[default("")] act: String,
) -> Result<Pair> {
    perform(&act)?;
    let parts = texts.into_iter().chain([text]).chain(note).collect::<Vec<_>>();
    Ok(Pair { sum: numbers.into_iter().fold(0, i64::wrapping_add), text: parts.join("|") })
}

/// Returns nothing.
#[component]
pub(crate) fn random_nothing(#[default("")] act: String) -> Result<()> {
    perform(&act)
}

/// Writes a file.
#[component]
pub(crate) fn random_write(
    #[default("")] text: String,
    #[default("")] act: String,
    file: Output<Dataset>,
) -> Result<()> {
    fs::write(file.path(), text)?;
    perform(&act)
}

/// Writes a file, unless `text` is missing.
#[component]
pub(crate) fn random_maybe_write(text: Option<String>, file: Option<Output<Dataset>>) -> Result<()> {
    match (text, file) {
        (Some(text), Some(file)) => Ok(fs::write(file.path(), text)?),
        _ => Ok(()),
    }
}

/// Reads a file.
#[component]
pub(crate) fn random_read(file: Input<Dataset>) -> Result<String> {
    Ok(fs::read_to_string(file.path())?)
}

/// Reads a file that may be missing.
#[component]
pub(crate) fn random_maybe_read(file: Option<Input<Dataset>>) -> Result<Option<String>> {
    Ok(file.map(|file| fs::read_to_string(file.path())).transpose()?)
}

/// Reads files in order.
#[component]
pub(crate) fn random_read_all(files: Vec<Input<Dataset>>) -> Result<Vec<String>> {
    files.iter().map(|file| Ok(fs::read_to_string(file.path())?)).collect()
}

/// Returns the final state that an exit handler receives.
#[component]
pub(crate) fn random_state(state: State) -> State {
    state
}

/// Returns the failures that an exit handler receives.
#[component]
pub(crate) fn random_failures(failures: Vec<Failure>) -> Vec<Failure> {
    failures
}

/// Calls every step, so that all functions and interfaces are known.
#[pipeline(name = "random-steps")]
fn random_steps(p: &Pipeline) {
    p.exit_handler(|p| {
        let record = || Record { number: 1, text: String::new(), note: None };
        p.add(RandomAInteger::new().value(1));
        p.add(RandomText::new().value(""));
        p.add(RandomFloat::new().value(1.0));
        p.add(RandomBoolean::new().value(true));
        p.add(RandomIntegers::new().value(vec![1]));
        p.add(RandomTexts::new().value(vec![String::new()]));
        p.add(RandomRecord::new().value(record()));
        p.add(RandomRecords::new().value(vec![record()]));
        p.add(RandomMaybeInteger::new());
        p.add(RandomMaybeText::new());
        p.add(RandomPair::new().numbers(vec![1]).texts(vec![String::new()]));
        p.add(RandomNothing::new());
        let file = p.add(RandomWrite::new()).file;
        p.add(RandomMaybeWrite::new());
        p.add(RandomRead::new().file(file));
        p.add(RandomMaybeRead::new().file(file));
        p.add(RandomReadAll::new().files(vec![file]));
    })
    .finally(|p, status, ()| p.add(RandomEnd::new().status(status)).name("end"));
}

/// Calls the steps of exit handlers.
#[pipeline(name = "random-end")]
fn random_end(p: &Pipeline, status: In<FinalStatus>) {
    p.add(RandomState::new().state(status.state()));
    p.add(RandomFailures::new().failures(status.failures()));
}

/// Returns a rehearsal that can run the steps in a test.
pub(crate) fn steps() -> Rehearsal {
    RandomSteps::new().rehearsal().expect("the pipeline has no arguments")
}
