//! The values that steps and pipelines return, and their handles.

use kfp_model::Type;
use serde_json::Value as Json;

use crate::handle::Out;
use crate::notes::{Raw, TaskRef};
use crate::runtime::{Mismatch, Param, Result as StepResult, Step};
use crate::value::{NoFields, Optional, ReturnValue, Value};

/// A type that a step can return: `()`, a parameter, or a struct of parameters with `#[derive(Outputs)]`.
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
    message = "a step cannot return `{Self}`",
    label = "neither a parameter type nor a struct of parameters",
    note = "a step returns `()`, a parameter or a struct with `#[derive(Outputs)]`, or a `Result` of these; artifacts \
            are parameters of the function: `model: Output<Model>`"
)]
pub trait Outputs {
    /// The handles of the values.
    type Handles: Handles;

    /// Returns the values with their names.
    ///
    /// # Errors
    /// A value cannot be represented in JSON.
    fn encode(&self) -> Result<Vec<(&'static str, Json)>, Mismatch>;
}

/// The named handles of the outputs of a task or pipeline.
#[diagnostic::on_unimplemented(
    message = "a pipeline cannot return `{Self}`",
    label = "expected a handle, a struct of handles, or `()`",
    note = "`#[derive(Outputs)]` on a struct `Fit` generates its struct of handles, `FitOut`"
)]
pub trait Handles: Copy {
    /// The names of the outputs.
    const NAMES: &'static [&'static str];
    /// The handles of the same outputs as options.
    type Optional: Copy;

    /// Returns the types and descriptions, in the order of the names.
    fn types() -> Vec<(Type, &'static str)>;
    /// Returns the handles of the outputs of a task.
    fn of_task(task: TaskRef) -> Self;
    /// Returns the handles of the outputs of a task that may fail.
    fn optional(task: TaskRef) -> Self::Optional;
    /// Returns the handles without their types, in the order of the names.
    fn raws(&self) -> Vec<Raw>;
}

/// The outputs of a task that may be allowed to fail.
#[diagnostic::on_unimplemented(
    message = "the outputs of this task cannot become options",
    label = "call `continue_on_failure` or `max_depth` once, on a call of a component or pipeline"
)]
pub trait TaskOutputs {
    /// The same outputs as options.
    type Optional;

    /// Returns the outputs of a task that may fail.
    fn optional(task: TaskRef) -> Self::Optional;
}

/// The output of a task whose function returns a single value: `task.output`.
pub struct Returned<T: Value> {
    /// The handle of the returned value.
    pub output: Out<T>,
}

impl<T: Value> Clone for Returned<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Value> Copy for Returned<T> {}

/// A type that a pipeline can return: a handle, the handles of a struct with `#[derive(Outputs)]`, or `()`.
#[diagnostic::on_unimplemented(
    message = "a pipeline cannot return `{Self}`",
    label = "expected a handle, a struct of handles, or `()`",
    note = "`#[derive(Outputs)]` on a struct `Fit` generates its struct of handles, `FitOut`"
)]
pub trait Returns {
    /// The named handles.
    type Handles: Handles;

    /// Returns the named handles.
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
    /// Sets the outputs to the value that the step's function returned.
    ///
    /// # Errors
    /// A value cannot be represented in JSON.
    pub fn returned<T: Outputs>(&mut self, value: &T) -> StepResult<()> {
        self.set_outputs(value.encode())
    }
}

/// Returns the names and handles of the outputs of a pipeline.
pub fn yields_of(returned: impl Returns) -> Vec<(&'static str, Raw)> {
    fn named<H: Handles>(handles: H) -> Vec<(&'static str, Raw)> {
        H::NAMES.iter().copied().zip(handles.raws()).collect()
    }
    named(returned.into_handles())
}

/// Returns the name and handle of the single output of a pipeline.
pub fn yield_named<T: Value>(name: &'static str, returned: Out<T>) -> Vec<(&'static str, Raw)> {
    vec![(name, returned.raw())]
}

/// Fails compilation if an artifact has the same name as a returned value.
pub const fn distinct(artifact: &str, returned: &[&str], message: &str) {
    let mut idx = 0;
    while idx < returned.len() {
        assert!(!same(artifact.as_bytes(), returned[idx].as_bytes()), "{}", message);
        idx += 1;
    }
}

/// Compares byte strings; `==` is not available in `const fn`.
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
