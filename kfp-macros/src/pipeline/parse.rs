//! What a pipeline is, from its function and its arguments, and all that is wrong with the two.

use proc_macro2::Ident;
use syn::{FnArg, Type, Visibility};

use super::options::Options;
use crate::docs;
use crate::function::{Function, Parameter};
use crate::names;
use crate::problems::Problems;
use crate::types;

pub(super) struct Pipeline {
    pub(super) options: Options,
    pub(super) function: Ident,
    pub(super) visibility: Visibility,
    pub(super) name: String,
    pub(super) r#type: Ident,
    pub(super) description: String,
    /// Whether the function can be compiled without errors that only repeat a problem: there are no handles of types that
    /// no pipeline can carry, and bounds of generic parameters need not be those of handles.
    pub(super) compiles: bool,
    /// The parameters with the types of what travels.
    pub(super) inputs: Vec<(Parameter, Type)>,
    pub(super) returned: Type,
    /// The one value that is returned, under a name.
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
            signature.at(&function.signature, "a pipeline needs a body that adds its tasks");
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
                    "`#[output(..)]` names the one handle that a pipeline returns: `-> Out<Model>`",
                );
                None
            }
        });
        let name = function.name();
        let r#type = options.r#type.as_ref().and_then(|literal| match literal.parse::<Ident>() {
            Ok(ident) => Some(ident),
            Err(_) => {
                problems.at(literal, format!("`{}` is no name of a type", literal.value()));
                None
            }
        });
        Self {
            function: function.signature.ident.clone(),
            visibility: function.visibility.clone(),
            name: options.name.as_ref().map_or_else(|| names::kebab(&name), syn::LitStr::value),
            r#type: r#type
                .unwrap_or_else(|| Ident::new(&names::camel(&name), function.signature.ident.span())),
            description: docs::of(&function.attributes),
            compiles,
            inputs,
            returned,
            output,
            options,
        }
    }
}

/// The first parameter is the builder.
fn reject_builder(function: &Function, problems: &mut Problems) {
    let message = "the first parameter of a pipeline is `p: &Pipeline`, to which tasks are added";
    match function.signature.inputs.first() {
        None => problems.at(&function.signature.ident, message),
        Some(FnArg::Typed(typed)) => match &*typed.ty {
            Type::Reference(reference)
                if types::last_ident(&reference.elem).as_deref() == Some("Pipeline") =>
            {
                if let Some(mutability) = &reference.mutability {
                    problems.at(mutability, "a pipeline is shared, not borrowed mutably: use `p: &Pipeline`");
                }
            }
            _ => problems.at(&typed.ty, message),
        },
        // A receiver is reported with the other parameters.
        Some(_) => {}
    }
}

/// Pipelines return handles. What is no plain type may be the handles of a struct, which only rustc sees.
fn reject_returned(returned: &Type, problems: &mut Problems) {
    let spelled = types::spelled(returned);
    if matches!(types::last_ident(returned).as_deref(), Some("Result")) {
        problems.at(returned, "a pipeline is built and cannot fail: return the handle without `Result`");
    } else if let Some(kind) = types::inside(returned, "Input").or_else(|| types::inside(returned, "Output"))
    {
        let kind = types::spelled(kind);
        problems
            .at(returned, format!("`{spelled}` is for steps: a pipeline returns a handle, `Out<{kind}>`"));
    } else if matches!(returned, Type::Tuple(tuple) if !tuple.elems.is_empty()) {
        problems.at(
            returned,
            "several handles are returned as a struct: `FitOut`, which `#[derive(Outputs)] struct Fit` makes",
        );
    } else if types::is_plain(returned) {
        let value = types::spelled(&types::without(returned, "Out"));
        problems.at(
            returned,
            format!(
                "a pipeline returns handles of values, which are not there yet: use `Out<{value}>`; a constant or a \
                 list becomes a handle by `p.constant(..)`"
            ),
        );
    }
}

/// A parameter with the type of what travels, if it is a handle.
fn input(parameter: Parameter, values: &mut Problems, problems: &mut Problems) -> Option<(Parameter, Type)> {
    let r#type = &parameter.r#type;
    if let Some(value) = types::inside(r#type, "In").or_else(|| types::inside(r#type, "Out")) {
        if let Some(message) = types::refused(value) {
            values.at(value, message);
            return None;
        }
        let value = value.clone();
        return Some((parameter, value));
    }
    let spelled = types::spelled(r#type);
    let message = match types::inside(r#type, "Input").or_else(|| types::inside(r#type, "Output")) {
        Some(_) => format!(
            "`{spelled}` is for steps: a pipeline takes a handle, as `In<Dataset>`, and returns `Out<Model>`"
        ),
        None => format!("a pipeline takes handles of values, which are not there yet: use `In<{spelled}>`"),
    };
    problems.at(r#type, message);
    None
}
