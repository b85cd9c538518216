//! What steps return, and the handles that stand for it in pipelines.

use kfp_model::Type;
use serde_json::Value as Json;

use crate::handle::Out;
use crate::notes::{Raw, TaskRef};
use crate::runtime::{Mismatch, Param, Result as StepResult, Step};
use crate::value::{NoFields, Optional, ReturnValue, Value};

/// What a step returns: nothing, a parameter, or several parameters as a struct with `#[derive(Outputs)]`.
///
/// ```
/// use kfp_sdk::prelude::*;
///
/// #[derive(Outputs)]
/// pub struct Fit {
///     pub accuracy: f64,
///     pub loss: f64,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a step can return",
    label = "neither a parameter nor a struct of parameters",
    note = "a step returns `()`, a parameter, or a struct with `#[derive(Outputs)]`, also in a `Result`; \
            artifacts are parameters of the function: `model: Output<Model>`"
)]
pub trait Outputs {
    /// The handles that stand for it.
    type Handles: Handles;

    /// The values by their names.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    fn encode(&self) -> Result<Vec<(&'static str, Json)>, Mismatch>;
}

/// A set of handles with names: what a task gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a pipeline can return",
    label = "expected a handle, the handles of `#[derive(Outputs)]`, or nothing",
    note = "the handles of a struct `Fit` with `#[derive(Outputs)]` are a `FitOut`"
)]
pub trait Handles: Copy {
    /// The names.
    const NAMES: &'static [&'static str];
    /// The same handles where the task may have failed: options.
    type Optional: Copy;

    /// The types and descriptions, in the order of the names.
    fn types() -> Vec<(Type, &'static str)>;
    /// The handles of a task's outputs.
    fn of_task(task: TaskRef) -> Self;
    /// The handles of the outputs of a task that may fail.
    fn optional(task: TaskRef) -> Self::Optional;
    /// The handles by themselves, in the order of the names.
    fn raws(&self) -> Vec<Raw>;
}

/// The outputs of a task, and what becomes of them where the task may fail.
#[diagnostic::on_unimplemented(
    message = "the outputs of this task cannot become options",
    label = "`continue_on_failure` and `max_depth` apply to calls of components and pipelines, one of them to each"
)]
pub trait TaskOutputs {
    /// The same outputs as options.
    type Optional;

    /// The outputs of a task that may fail.
    fn optional(task: TaskRef) -> Self::Optional;
}

/// The handle of a value that has no name of its own.
pub struct Returned<T: Value> {
    /// The value.
    pub output: Out<T>,
}

impl<T: Value> Clone for Returned<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Value> Copy for Returned<T> {}

/// What a pipeline function returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a pipeline can return",
    label = "expected a handle, the handles of `#[derive(Outputs)]`, or nothing",
    note = "the handles of a struct `Fit` with `#[derive(Outputs)]` are a `FitOut`"
)]
pub trait Returns {
    /// The handles with their names.
    type Handles: Handles;

    /// Names the handles.
    fn into_handles(self) -> Self::Handles;
}

#[diagnostic::do_not_recommend]
impl<T: ReturnValue> Outputs for T {
    type Handles = Returned<T>;

    fn encode(&self) -> Result<Vec<(&'static str, Json)>, Mismatch> {
        Param::encode(self).map(|json| vec![("output", json)]).map_err(|mismatch| mismatch.at_field("output"))
    }
}

impl Outputs for () {
    type Handles = NoFields;

    fn encode(&self) -> Result<Vec<(&'static str, Json)>, Mismatch> {
        Ok(Vec::new())
    }
}

impl<T: Value> Handles for Returned<T> {
    const NAMES: &'static [&'static str] = &["output"];
    type Optional = Returned<Optional<T>>;

    fn types() -> Vec<(Type, &'static str)> {
        vec![(T::value_type(), "")]
    }

    fn of_task(task: TaskRef) -> Self {
        Self { output: task.output("output") }
    }

    fn optional(task: TaskRef) -> Self::Optional {
        Returned { output: task.output("output") }
    }

    fn raws(&self) -> Vec<Raw> {
        vec![self.output.raw()]
    }
}

impl Handles for NoFields {
    const NAMES: &'static [&'static str] = &[];
    type Optional = Self;

    fn types() -> Vec<(Type, &'static str)> {
        Vec::new()
    }

    fn of_task(_: TaskRef) -> Self {
        Self
    }

    fn optional(_: TaskRef) -> Self {
        Self
    }

    fn raws(&self) -> Vec<Raw> {
        Vec::new()
    }
}

#[diagnostic::do_not_recommend]
impl<H: Handles> Returns for H {
    type Handles = H;

    fn into_handles(self) -> H {
        self
    }
}

impl<T: Value> Returns for Out<T> {
    type Handles = Returned<T>;

    fn into_handles(self) -> Returned<T> {
        Returned { output: self }
    }
}

impl Returns for () {
    type Handles = NoFields;

    fn into_handles(self) -> NoFields {
        NoFields
    }
}

impl Step<'_> {
    /// Takes what the step's function returned.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    pub fn returned<T: Outputs>(&mut self, value: &T) -> StepResult<()> {
        self.take(value.encode())
    }
}

/// The names and handles of what a pipeline returned.
pub fn yields_of(returned: impl Returns) -> Vec<(&'static str, Raw)> {
    fn named<H: Handles>(handles: H) -> Vec<(&'static str, Raw)> {
        H::NAMES.iter().copied().zip(handles.raws()).collect()
    }
    named(returned.into_handles())
}

/// The name and handle of the one value that a pipeline returned.
pub fn yield_named<T: Value>(name: &'static str, returned: Out<T>) -> Vec<(&'static str, Raw)> {
    vec![(name, returned.raw())]
}

/// Refuses, while a crate is compiled, an artifact that is called like a returned value.
pub const fn distinct(artifact: &str, returned: &[&str], message: &str) {
    let mut idx = 0;
    while idx < returned.len() {
        assert!(!same(artifact.as_bytes(), returned[idx].as_bytes()), "{}", message);
        idx += 1;
    }
}

/// `==`, which constant functions do not have for texts.
const fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut idx = 0;
    while idx < left.len() {
        if left[idx] != right[idx] {
            return false;
        }
        idx += 1;
    }
    true
}
