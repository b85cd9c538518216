//! How the parameters of a step's function are made of the executor input.

use std::path::Path;

use kfp_wire::secret_variable;
use serde_json::Value as Json;

use super::artifact::ArtifactKind;
use super::error::{Error, Result};
use super::input::Input;
use super::param::Param;
use super::secret::Secret;
use super::step::Step;

/// What a step's function can take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing that a step can take",
    label = "neither a parameter nor an `Input<..>` of an artifact",
    note = "parameters are `String`, `bool`, `i32`, `i64`, `u32`, `f32`, `f64`, `Secret`, `serde_json::Value`, \
            `Vec<T>`, `BTreeMap<String, T>`, `Option<T>`, and structs and enums with `#[derive(Param)]`",
    note = "artifacts are taken as `Input<Dataset>`, `Option<Input<Dataset>>` or `Vec<Input<Dataset>>`, and given \
            as `Output<Dataset>`"
)]
pub trait StepInput: Sized {
    /// The value of the input of that name.
    ///
    /// # Errors
    /// The executor input has no such value, or one of another type.
    fn read(step: &Step<'_>, name: &str) -> Result<Self>;
}

impl Step<'_> {
    /// The value of an input.
    ///
    /// # Errors
    /// There is none, or one of another type.
    pub fn input<T: StepInput>(&self, name: &str) -> Result<T> {
        T::read(self, name)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param> StepInput for T {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        let given = match step.executor_input().parameter(name) {
            Json::Null => step.default_of(name).unwrap_or(&Json::Null),
            value => value,
        };
        let input = format_args!("input `{name}` of `{}`", step.name());
        T::decode(given).map_err(|mismatch| match given {
            Json::Null => Error::data(format!("{input} has no value")),
            _ => Error::data(format!("{input}: {mismatch}")),
        })
    }
}

impl<T: ArtifactKind> StepInput for Input<T> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Option::read(step, name)?
            .ok_or_else(|| Error::data(format!("input `{name}` of `{}` has no artifact", step.name())))
    }
}

impl<T: ArtifactKind> StepInput for Option<Input<T>> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        match step.executor_input().artifacts(name) {
            [] | [Json::Null] => Ok(None),
            [Json::Object(entry)] => {
                Ok(Some(Input::of(step.executor_input().input_path(name)?, entry.clone())))
            }
            _ => Err(Error::data(format!("input `{name}` of `{}` is not one artifact", step.name()))),
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
            _ => Err(Error::data(format!("input `{name}` of `{}` is no list of lists", step.name()))),
        };
        entries.iter().map(row).collect()
    }
}

impl StepInput for Secret {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Option::read(step, name)?.ok_or_else(|| {
            let (step, variable) = (step.name(), secret_variable(name));
            Error::permanent(format!("secret `{name}` of `{step}` has no value: `{variable}` is not set"))
        })
    }
}

impl StepInput for Option<Secret> {
    fn read(step: &Step<'_>, name: &str) -> Result<Self> {
        Ok(step.secret(name)?.map(Secret::from_value))
    }
}

/// An artifact of a list: a folder shows each one under its whole key, as what stands in one list may come
/// from several places.
fn item<T: ArtifactKind>(step: &Step<'_>, name: &str, entry: &Json, folder: &Path) -> Result<Input<T>> {
    let step_name = step.name();
    let Json::Object(entry) = entry else {
        return Err(Error::data(format!("an item of input `{name}` of `{step_name}` is no artifact")));
    };
    let key = entry.get("key").and_then(Json::as_str).unwrap_or_default().trim_start_matches('/');
    if key.is_empty() || key.split('/').any(|part| part == "..") {
        return Err(Error::data(format!("an item of input `{name}` of `{step_name}` has no usable key")));
    }
    Ok(Input::of(folder.join(key), entry.clone()))
}
