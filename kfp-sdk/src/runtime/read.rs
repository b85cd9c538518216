//! Reads the parameters of a step's function from the executor input.

use std::path::Path;

use kfp_wire::secret_variable;
use serde_json::Value as Json;

use super::artifact::ArtifactKind;
use super::error::{Error, Result};
use super::input::Input;
use super::param::Param;
use super::secret::Secret;
use super::step::Step;

/// A type that a step's function can take as an input.
#[diagnostic::on_unimplemented(
    message = "a step cannot take `{Self}` as an input",
    label = "neither a parameter type nor an `Input<..>` of an artifact kind",
    note = "parameter types are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, `serde_json::Value`, \
            `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`",
    note = "use `Input<Dataset>`, `Option<Input<Dataset>>` or `Vec<Input<Dataset>>` for input artifacts, and \
            `Output<Dataset>` for output artifacts"
)]
pub trait StepInput: Sized {
    /// Reads the input of that name.
    ///
    /// # Errors
    /// The executor input has no value for it, or the value has another type.
    fn read(step: &Step<'_>, name: &str) -> Result<Self>;
}

impl Step<'_> {
    /// Reads an input.
    ///
    /// # Errors
    /// The executor input has no value for it, or the value has another type.
    pub fn input<T: StepInput>(&self, name: &str) -> Result<T> {
        T::read(self, name)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param> StepInput for T {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        let value = match step.executor_input().parameter(name) {
            Json::Null => step.default_of(name).unwrap_or(&Json::Null),
            value => value,
        };
        let input = format_args!("input `{name}` of `{}`", step.name());
        T::decode(value).map_err(|mismatch| match value {
            Json::Null => Error::data(format!("missing value for {input}")),
            _ => Error::data(format!("invalid {input}: {mismatch}")),
        })
    }
}

impl<T: ArtifactKind> StepInput for Input<T> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Option::read(step, name)?
            .ok_or_else(|| Error::data(format!("missing artifact for input `{name}` of `{}`", step.name())))
    }
}

impl<T: ArtifactKind> StepInput for Option<Input<T>> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        match step.executor_input().artifacts(name) {
            [] | [Json::Null] => Ok(None),
            [Json::Object(entry)] => {
                Ok(Some(Input::of(step.executor_input().input_path(name)?, entry.clone())))
            }
            _ => Err(Error::data(format!(
                "invalid input `{name}` of `{}`: expected one artifact",
                step.name()
            ))),
        }
    }
}

impl<T: ArtifactKind> StepInput for Vec<Input<T>> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        let entries = step.executor_input().artifacts(name);
        if entries.is_empty() {
            return Ok(Self::new());
        }
        let folder = step.executor_input().input_path(name)?;
        entries.iter().map(|entry| item(step, name, entry, &folder)).collect()
    }
}

impl<T: ArtifactKind> StepInput for Vec<Option<Input<T>>> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        let entries = step.executor_input().artifacts(name);
        if entries.is_empty() {
            return Ok(Self::new());
        }
        let folder = step.executor_input().input_path(name)?;
        let optional = |entry: &Json| match entry {
            Json::Null => Ok(None),
            entry => item(step, name, entry, &folder).map(Some),
        };
        entries.iter().map(optional).collect()
    }
}

impl<T: ArtifactKind> StepInput for Vec<Vec<Input<T>>> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        let entries = step.executor_input().artifacts(name);
        if entries.is_empty() {
            return Ok(Self::new());
        }
        let folder = step.executor_input().input_path(name)?;
        let row = |row: &Json| match row {
            Json::Array(items) => items.iter().map(|entry| item(step, name, entry, &folder)).collect(),
            _ => Err(Error::data(format!(
                "invalid input `{name}` of `{}`: expected a list of lists",
                step.name()
            ))),
        };
        entries.iter().map(row).collect()
    }
}

impl StepInput for Secret {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Option::read(step, name)?.ok_or_else(|| {
            let (step, variable) = (step.name(), secret_variable(name));
            Error::permanent(format!(
                "missing value for secret `{name}` of `{step}`: `{variable}` is not set"
            ))
        })
    }
}

impl StepInput for Option<Secret> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Ok(step.secret(name)?.map(Secret::from_value))
    }
}

/// Returns one artifact of a list. The folder contains each artifact under its full key, because the artifacts of a
/// list may come from different steps.
fn item<T: ArtifactKind>(step: &Step<'_>, name: &str, entry: &Json, folder: &Path) -> Result<Input<T>> {
    let step_name = step.name();
    let Json::Object(entry) = entry else {
        return Err(Error::data(format!(
            "invalid input `{name}` of `{step_name}`: an item is not an artifact"
        )));
    };
    let key = entry.get("key").and_then(Json::as_str).unwrap_or_default().trim_start_matches('/');
    if key.is_empty() || key.split('/').any(|part| part == "..") {
        return Err(Error::data(format!(
            "invalid input `{name}` of `{step_name}`: an item has an invalid key"
        )));
    }
    Ok(Input::of(folder.join(key), entry.clone()))
}
