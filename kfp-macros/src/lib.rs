//! The macros of the kfp SDK. Use them through `kfp-sdk`, which re-exports them.
//!
//! Each macro has three stages: it *parses* its input into typed data, *rejects* all errors at once with the smallest
//! spans, and *emits* code, which cannot fail. The emitted code is thin: functions of the SDK do all work at run time.
//! This crate does not depend on the other crates of the workspace.

mod attributes;
mod call;
mod component;
mod docs;
#[cfg(test)]
mod expansions;
mod function;
mod names;
mod outputs;
mod param;
mod pipeline;
mod problems;
mod python;
mod quantity;
mod rename;
mod reserved;
mod spans;
mod text;
mod types;

use proc_macro::TokenStream;

/// Defines a component from a function.
///
/// The function is unchanged, so unit tests can call it. The macro adds a type for use in pipelines, such as
/// `TrainModel` for `train_model`. `TrainModel::new()` starts a call; the call has a method for each input.
///
/// A function without a body is implemented by a function in a Python file (`python = "…"`), a Jupyter notebook
/// (`notebook = "…"`) or a command in an image (`image = "…", command = […]`).
///
/// As for papermill, a notebook has a cell with the tag `parameters` that sets default values. The arguments of the
/// component are set in a new cell after it. The outputs are the values of the variables with their names when the
/// notebook ends. Artifacts are objects with `path`, `uri`, `name` and `metadata`.
///
/// | argument | meaning |
/// |---|---|
/// | `name = "…"` | name of the component; default: the name of the function in kebab case |
/// | `type = "…"` | name of the type for pipelines; default: the name of the function in camel case |
/// | `image = "…"` | container image |
/// | `python = "…"` | Python file, relative to the root of the crate |
/// | `notebook = "…"` | Jupyter notebook in Python, relative to the root of the crate |
/// | `function = "…"` | Python function; default: the name of this function |
/// | `modules = ["…"]` | Python modules to import: files such as `helpers.py` and folders such as `lib/`, relative to the folder of the Python file or notebook |
/// | `packages = ["…"]`, `pip_index = "…"` | packages to install with pip, and the index to use |
/// | `command = ["…"]`, `args = ["…"]` | command, with placeholders such as `{inputs.name}` and `{outputs.name.path}` |
/// | `cpu = 2` or `cpu = "500m"`, `memory = "2Gi"`, `gpu = 1` | resource requests |
/// | `retry = 3`, `timeout = "30m"` | maximum number of retries, and maximum duration of each attempt |
/// | `cache = "24h"`, `cache_version = "2"` | maximum age of reused results, and the version that invalidates them |
/// | `env = [("NAME", "value")]` | environment variables |
/// | `crate = path` | path of the SDK; default: `::kfp_sdk` |
///
/// Parameters can have doc comments and `#[default(value)]`. `#[output(name)]` on the function names its return value.
#[proc_macro_attribute]
pub fn component(attribute: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(attribute.into(), item.into()).into()
}

/// Defines a pipeline from a function that adds tasks to its first parameter, `p: &Pipeline`.
///
/// The other parameters are the parameters of the pipeline. They have types `In<T>`, and can have doc comments and
/// `#[default(value)]`. The macro adds a type, such as `Training` for `training`: `Training::definition()` returns the
/// document of the pipeline, and `Training::new()` calls the pipeline from another pipeline.
///
/// | argument | meaning |
/// |---|---|
/// | `name = "…"` | name of the pipeline; default: the name of the function in kebab case |
/// | `version = "…"` | version of the pipeline |
/// | `type = "…"` | name of the type; default: the name of the function in camel case |
/// | `cache = "24h"` | default cache setting of steps |
/// | `timeout = "2h"` | maximum duration of a run |
/// | `parallelism = 10` | maximum number of steps that run at once |
/// | `crate = path` | path of the SDK; default: `::kfp_sdk` |
#[proc_macro_attribute]
pub fn pipeline(attribute: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::expand(attribute.into(), item.into()).into()
}

/// Lets a step return a struct, and makes each field an output.
///
/// For a struct `Fit`, the derive generates `FitOut`, which has a handle for each field. `#[kfp(rename = "…")]` sets the
/// name of an output, and `#[kfp(rename_all = "…")]` on the struct the case of all names, as for [`Param`].
#[proc_macro_derive(Outputs, attributes(kfp))]
pub fn outputs(item: TokenStream) -> TokenStream {
    outputs::expand(item.into()).into()
}

/// Makes a struct with named fields, or an enum without data, a parameter type.
///
/// The handle of a struct has a method for each field, which returns the handle of the field. `Trial::of(..)` returns a
/// handle of a struct from handles and constants. `#[kfp(rename = "…")]` sets the name of a field or variant in JSON;
/// `#[kfp(projection = "…")]` sets the name of the method of a field.
///
/// `#[kfp(rename_all = "…")]` on the struct or enum sets the case of all names in JSON. The values are those of serde:
/// `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case` and
/// `SCREAMING-KEBAB-CASE`.
#[proc_macro_derive(Param, attributes(kfp))]
pub fn param(item: TokenStream) -> TokenStream {
    param::expand(item.into()).into()
}

/// Interpolates handles into a string, like `format!` does with values: `text!("lr-{lr}")`.
#[proc_macro]
pub fn text(input: TokenStream) -> TokenStream {
    text::expand(input.into()).into()
}
