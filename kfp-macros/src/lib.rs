//! The macros of the kfp SDK; use them through `kfp-sdk`, which documents them.
//!
//! Each macro goes three ways: it is *parsed* into a typed view of what stands there, all that is wrong is
//! *rejected* at once with the smallest spans, and what is left is *emitted*, which cannot fail. The emitted
//! code is thin: everything that is done at run time is done by functions of the SDK. This crate depends on
//! none of ours.

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
mod spans;
mod text;
mod types;

use proc_macro::TokenStream;

/// Makes a step of a function.
///
/// The function stays what it is, so unit tests call it directly. Beside it stands a type for pipelines:
/// `TrainModel` for `train_model`. Its `new()` begins a call, and each input is a method of the call.
///
/// A function without a body is carried out elsewhere: by a function in a Python file (`python = "…"`), by a Jupyter
/// notebook (`notebook = "…"`), or by a command in an image (`image = "…", command = […]`).
///
/// A notebook has a cell with the tag `parameters` that holds the defaults of its parameters, as for papermill; what
/// the component is given is set behind it. What it gives back are the variables of the same names, as they are at
/// the end; artifacts are objects with `path`, `uri`, `name` and `metadata`.
///
/// | argument | meaning |
/// |---|---|
/// | `name = "…"` | the name of the component, otherwise that of the function in kebab case |
/// | `type = "…"` | the name of the type for pipelines |
/// | `image = "…"` | the container image |
/// | `python = "…"` | a Python file, by its path from the root of the crate |
/// | `notebook = "…"` | a Jupyter notebook in Python, likewise |
/// | `function = "…"` | the function in that file, where it is not called like this one |
/// | `packages = ["…"]`, `pip_index = "…"` | what pip installs, and where from |
/// | `command = ["…"]`, `args = ["…"]` | a command, with placeholders as `{inputs.name}` and `{outputs.name.path}` |
/// | `cpu = "1"`, `memory = "2Gi"`, `gpu = 1` | what the step needs |
/// | `retry = 3`, `timeout = "30m"` | how often it is tried again, and how long it may run |
/// | `cache = "24h"`, `cache_version = "2"` | whether and how long results are reused |
/// | `env = [("NAME", "value")]` | environment variables |
/// | `crate = path` | the SDK, where it is not called `kfp_sdk` |
///
/// Parameters may have `#[default(value)]` and doc comments; `#[output(name)]` on the function names a returned
/// value.
#[proc_macro_attribute]
pub fn component(attribute: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(attribute.into(), item.into()).into()
}

/// Makes a pipeline of a function that adds tasks to its first parameter, `p: &Pipeline`.
///
/// The other parameters are those of the pipeline, as `In<T>`, perhaps with `#[default(value)]`. Beside the
/// function stands a type, `Training` for `training`: `Training::definition()` is the pipeline's document, and
/// `Training::new()` calls the pipeline from another one.
///
/// | argument | meaning |
/// |---|---|
/// | `name = "…"` | the name of the pipeline, otherwise that of the function in kebab case |
/// | `version = "…"` | the version of its definition |
/// | `type = "…"` | the name of the type |
/// | `cache = "24h"` | the cache setting of steps that have none |
/// | `timeout = "2h"` | the longest that a run may take |
/// | `parallelism = 10` | the most steps that run at once |
/// | `crate = path` | the SDK, where it is not called `kfp_sdk` |
#[proc_macro_attribute]
pub fn pipeline(attribute: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::expand(attribute.into(), item.into()).into()
}

/// Lets a step return a struct, each field of which becomes an output.
///
/// For `Fit` the derive makes `FitOut`, which has a handle for each field.
#[proc_macro_derive(Outputs, attributes(kfp))]
pub fn outputs(item: TokenStream) -> TokenStream {
    outputs::expand(item.into()).into()
}

/// Makes a parameter of a struct with named fields, or of an enum without data.
///
/// Handles of a struct have a method for each field, which gives the field's handle; `Trial::of(..)` makes a
/// handle of a struct from handles and constants. `#[kfp(rename = "…")]` gives a field or variant another name in
/// JSON, `#[kfp(projection = "…")]` gives the method of a field another name.
#[proc_macro_derive(Param, attributes(kfp))]
pub fn param(item: TokenStream) -> TokenStream {
    param::expand(item.into()).into()
}

/// Puts handles into a text, as `format!` does with values: `text!("lr-{lr}")`.
#[proc_macro]
pub fn text(input: TokenStream) -> TokenStream {
    text::expand(input.into()).into()
}
