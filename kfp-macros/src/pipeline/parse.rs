//! Parses a pipeline from its function and arguments, and reports their errors.

use proc_macro2::Ident;
use syn::{FnArg, Type, Visibility};

use super::options::Options;
use crate::docs;
use crate::function::{Function, Parameter};
use crate::names;
use crate::problems::Problems;
use crate::reserved;
use crate::types;

pub(super) struct Pipeline {
    pub(super) options: Options,
    pub(super) function: Ident,
    pub(super) visibility: Visibility,
    pub(super) name: String,
    pub(super) r#type: Ident,
    pub(super) description: String,
    /// Whether to emit the function. Otherwise rustc would report problems again: handles of unsupported types, or
    /// generic parameters without the bounds of handles.
    pub(super) compiles: bool,
    /// The parameters and the types of their values.
    pub(super) inputs: Vec<(Parameter, Type)>,
    pub(super) returned: Type,
    /// The name and type of the single output that `#[output(name)]` names.
    pub(super) output: Option<(Ident, Type)>,
}

impl Pipeline {
    pub(super) fn parse(
        function: &Function,
        options: Options,
        problems: &mut Problems,
        signature: &mut Problems,
    ) -> Self {
        function.reject_qualifiers("pipeline", signature);
        reject_builder(function, signature);
        if function.body.is_none() {
            signature.at(&function.signature, "missing function body: a pipeline adds its tasks in it");
        }
        let parameters = function.parameters("pipeline", signature).into_iter().skip(1);
        let mut values = Problems::default();
        let inputs = parameters.filter_map(|parameter| input(parameter, &mut values, signature)).collect();
        let compiles = values.is_empty() && function.signature.generics.params.is_empty();
        signature.extend(values);
        let returned = match &function.signature.output {
            syn::ReturnType::Default => syn::parse_quote!(()),
            syn::ReturnType::Type(_, r#type) => (**r#type).clone(),
        };
        reject_returned(&returned, signature);
        let output = function.output_name(problems).and_then(|name| match types::inside(&returned, "Out") {
            Some(value) => Some((name, value.clone())),
            None => {
                signature.at(
                    &name,
                    "`#[output(..)]` requires a pipeline that returns one handle, such as `-> Out<Model>`",
                );
                None
            }
        });
        let name = function.name();
        let ident = &function.signature.ident;
        let r#type = reserved::type_ident(options.r#type.as_ref(), ident, &name, "pipeline", problems);
        Self {
            function: function.signature.ident.clone(),
            visibility: function.visibility.clone(),
            name: options.name.as_ref().map_or_else(|| names::kebab(&name), syn::LitStr::value),
            r#type,
            description: docs::of(&function.attributes),
            compiles,
            inputs,
            returned,
            output,
            options,
        }
    }
}

/// Reports a first parameter that is not the builder.
fn reject_builder(function: &Function, problems: &mut Problems) {
    let message = "the first parameter of a pipeline must be `p: &Pipeline`";
    match function.signature.inputs.first() {
        None => problems.at(&function.signature.ident, message),
        Some(FnArg::Typed(typed)) => match &*typed.ty {
            Type::Reference(reference)
                if types::last_ident(&reference.elem).as_deref() == Some("Pipeline") =>
            {
                if let Some(mutability) = &reference.mutability {
                    problems
                        .at(mutability, "the pipeline builder is borrowed without `mut`: use `p: &Pipeline`");
                }
            }
            _ => problems.at(&typed.ty, message),
        },
        // A receiver is reported with the other parameters.
        Some(_) => {}
    }
}

/// Reports a return type that cannot be a handle. Other types may be structs of handles, which only rustc can check.
fn reject_returned(returned: &Type, problems: &mut Problems) {
    let spelled = types::spelled(returned);
    if matches!(types::last_ident(returned).as_deref(), Some("Result")) {
        problems.at(returned, "a pipeline cannot return a `Result`: return the handle without it");
    } else if let Some(kind) = types::inside(returned, "Input").or_else(|| types::inside(returned, "Output"))
    {
        let kind = types::spelled(kind);
        problems
            .at(returned, format!("a pipeline cannot return `{spelled}`: return a handle, `Out<{kind}>`"));
    } else if matches!(returned, Type::Tuple(tuple) if !tuple.elems.is_empty()) {
        problems.at(
            returned,
            "a pipeline cannot return a tuple: return a struct of handles, such as `FitOut`, which \
             `#[derive(Outputs)] struct Fit` generates",
        );
    } else if types::is_plain(returned) {
        let value = types::spelled(&types::without(returned, "Out"));
        problems.at(
            returned,
            format!(
                "a pipeline cannot return values, which exist only when it runs: return a handle, `Out<{value}>`; use \
                 `p.constant(..)` to turn a constant or a list into a handle"
            ),
        );
    }
}

/// Returns a parameter and the type of its value, if the parameter is a handle.
fn input(parameter: Parameter, values: &mut Problems, problems: &mut Problems) -> Option<(Parameter, Type)> {
    let r#type = &parameter.r#type;
    if let Some(value) = types::inside(r#type, "In").or_else(|| types::inside(r#type, "Out")) {
        if let Some(message) = types::unsupported(value) {
            values.at(value, message);
            return None;
        }
        let value = value.clone();
        return Some((parameter, value));
    }
    let spelled = types::spelled(r#type);
    let message = match types::inside(r#type, "Input").or_else(|| types::inside(r#type, "Output")) {
        Some(_) => format!(
            "a pipeline cannot take `{spelled}`: take a handle, such as `In<Dataset>`, and return handles, such as \
             `Out<Model>`"
        ),
        None => format!("a pipeline cannot take values, which exist only when it runs: use `In<{spelled}>`"),
    };
    problems.at(r#type, message);
    None
}
