//! What a component is, from its function and its arguments, and all that is wrong with the two.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Type, Visibility};

use super::options::{Options, StepOptions};
use super::placeholders;
use crate::docs;
use crate::function::{Function, Parameter};
use crate::names;
use crate::problems::Problems;
use crate::python::{self, Refusal};
use crate::types;

pub(super) struct Component {
    pub(super) options: Options,
    pub(super) function: Ident,
    pub(super) visibility: Visibility,
    pub(super) name: String,
    pub(super) r#type: Ident,
    pub(super) description: String,
    /// The parameters in their order: inputs and outputs.
    pub(super) slots: Vec<Slot>,
    /// What is returned, without `Result`.
    pub(super) returned: Type,
    pub(super) fallible: bool,
    pub(super) output_name: Option<Ident>,
    /// The Python file can be included.
    pub(super) source_exists: bool,
}

/// A parameter of the function.
pub(super) struct Slot {
    pub(super) parameter: Parameter,
    pub(super) role: Role,
}

pub(super) enum Role {
    /// Takes a value of the type.
    Input(Type),
    /// Gives an artifact of the kind, or, where that is optional, perhaps none.
    Output { kind: Type, optional: bool },
}

impl Component {
    /// Reports what is wrong with the signature to `signature`, as nothing can be made of it, and all the rest
    /// to `problems`.
    pub(super) fn parse(
        function: &Function,
        options: Options,
        problems: &mut Problems,
        signature: &mut Problems,
    ) -> Self {
        function.reject_qualifiers("component", signature);
        let parameters = function.parameters("component", signature);
        let slots: Vec<Slot> = parameters.into_iter().map(|p| Slot::parse(p, signature)).collect();
        let (returned, fallible) = types::returned(&function.signature.output);
        reject_returned(&returned, signature);
        let name = function.name();
        let r#type = match &options.r#type {
            Some(literal) => type_ident(literal, problems),
            None => Ident::new(&names::camel(&name), function.signature.ident.span()),
        };
        let component = Self {
            function: function.signature.ident.clone(),
            visibility: function.visibility.clone(),
            name: options.name.as_ref().map_or_else(|| names::kebab(&name), syn::LitStr::value),
            r#type,
            description: docs::of(&function.attributes),
            slots,
            returned,
            fallible,
            output_name: function.output_name(problems),
            source_exists: true,
            options,
        };
        component.reject_names(function, signature);
        component.reject_implementation(function, problems);
        component.with_source(problems)
    }

    pub(super) fn inputs(&self) -> impl Iterator<Item = (&Parameter, &Type)> {
        self.slots.iter().filter_map(|slot| match &slot.role {
            Role::Input(value) => Some((&slot.parameter, value)),
            Role::Output { .. } => None,
        })
    }

    /// The artifacts that the function gives, each with its kind and whether it is optional.
    pub(super) fn artifacts(&self) -> impl Iterator<Item = (&Parameter, &Type, bool)> {
        self.slots.iter().filter_map(|slot| match &slot.role {
            Role::Output { kind, optional } => Some((&slot.parameter, kind, *optional)),
            Role::Input(_) => None,
        })
    }

    /// The types that are made must not be called like what is returned, nor outputs like each other.
    fn reject_names(&self, function: &Function, signature: &mut Problems) {
        let (own, span) = (self.r#type.to_string(), function.signature.ident.span());
        if let Some(returned) = types::last_ident(&self.returned)
            && ["", "Call", "Inputs", "Outputs"].map(|ending| format!("{own}{ending}")).contains(&returned)
        {
            signature.push(syn::Error::new(
                span,
                format!(
                    "the types for pipelines would be called like `{returned}`, which the function returns: name \
                     them by `#[component(type = \"{own}Step\")]`"
                ),
            ));
        }
        if let Some(output) = &self.output_name {
            if types::is_unit(&self.returned) {
                signature.at(output, "`#[output(..)]` names what the function returns, which is nothing");
            }
            if self.artifacts().any(|(parameter, ..)| output.unraw() == parameter.name()) {
                signature.at(output, format!("`{output}` is the name of an artifact already"));
            }
        }
    }

    fn reject_implementation(&self, function: &Function, problems: &mut Problems) {
        let ident = &function.signature.ident;
        match (&self.options.step, &function.body) {
            (StepOptions::Body, None) => problems.at(
                ident,
                format!(
                    "`{ident}` has no body: give it one, or say who does the work by `python = \"…\"`, by `notebook = \"…\"` or by \
                     `image = \"…\", command = […]`"
                ),
            ),
            (StepOptions::Python { file, .. }, Some(_)) => {
                problems.at(file, format!("the work is done in Python, so `{ident}` has no body: end it with `;`"));
            }
            (StepOptions::Notebook { file, .. }, Some(_)) => {
                problems.at(file, format!("the work is done by a notebook, so `{ident}` has no body: end it with `;`"));
            }
            (StepOptions::Command { .. }, Some(_)) => {
                problems.at(ident, format!("the work is done by a command, so `{ident}` has no body: end it with `;`"));
            }
            _ => {}
        }
        if let StepOptions::Command { command, args } = &self.options.step {
            let inputs: Vec<String> = self.inputs().map(|(parameter, _)| parameter.name()).collect();
            let mut outputs: Vec<String> = self.artifacts().map(|(parameter, ..)| parameter.name()).collect();
            outputs.extend(self.single_output());
            // The fields of a struct are not seen here, so only the checker knows its outputs.
            if types::is_unit(&self.returned) || self.output_name.is_some() || types::is_plain(&self.returned)
            {
                let texts: Vec<_> = command.iter().chain(args).cloned().collect();
                placeholders::reject(&texts, &inputs, &outputs, problems);
            }
        }
    }

    /// The name of the one value that is returned.
    fn single_output(&self) -> Option<String> {
        match &self.output_name {
            Some(name) => Some(name.unraw().to_string()),
            None if types::is_plain(&self.returned) => Some("output".to_owned()),
            None => None,
        }
    }

    fn with_source(mut self, problems: &mut Problems) -> Self {
        if let StepOptions::Notebook { file, .. } = &self.options.step
            && let Err(message) = python::read(&file.value())
        {
            problems.at(file, message);
            self.source_exists = false;
        }
        let StepOptions::Python { file, function, .. } = &self.options.step else { return self };
        let name = function.as_ref().map_or_else(|| self.function.unraw().to_string(), syn::LitStr::value);
        match python::check(&file.value(), &name) {
            Ok(()) => {}
            Err(Refusal::File(message)) => {
                problems.at(file, message);
                self.source_exists = false;
            }
            Err(Refusal::Function(message)) => match function {
                Some(literal) => problems.at(literal, message),
                None => problems.at(file, message),
            },
        }
        self
    }
}

impl Slot {
    fn parse(parameter: Parameter, problems: &mut Problems) -> Self {
        let option = types::inside(&parameter.r#type, "Option");
        let role = match types::inside(option.unwrap_or(&parameter.r#type), "Output") {
            Some(kind) => Role::Output { kind: kind.clone(), optional: option.is_some() },
            None => Role::Input(types::without(&parameter.r#type, "Input")),
        };
        let artifact = types::mentions(&parameter.r#type, "Input");
        match &role {
            Role::Input(_) if types::mentions(&parameter.r#type, "Output") => {
                problems.at(
                    &parameter.r#type,
                    "an artifact that a step gives is `Output<Model>`, or `Option<Output<Model>>`",
                );
            }
            Role::Input(value) => {
                if let Some(message) = types::refused(value) {
                    problems.at(&parameter.r#type, message);
                }
                if let Some(inner) = ["In", "Out"].iter().find_map(|handle| types::inside(value, handle)) {
                    problems.at(
                        &parameter.r#type,
                        format!(
                            "a step takes values and no handles, which are for pipelines: use `{}`",
                            types::spelled(inner)
                        ),
                    );
                }
            }
            Role::Output { .. } => {}
        }
        if let Some(default) = &parameter.default
            && (artifact || matches!(role, Role::Output { .. }))
        {
            problems.at(
                default,
                "an artifact has no default: a parameter has, and `Option<Input<..>>` may be absent",
            );
        }
        Self { parameter, role }
    }
}

/// What is returned is a value or several ones; artifacts are written, and handles are for pipelines.
fn reject_returned(returned: &Type, problems: &mut Problems) {
    const FORM: &str = "a step returns `()`, a parameter, or a struct with `#[derive(Outputs)]`";
    if types::mentions(returned, "Input") || types::mentions(returned, "Output") {
        problems.at(
            returned,
            format!(
                "an artifact is no value that is returned but a parameter: `model: Output<Model>`; {FORM}"
            ),
        );
    } else if ["In", "Out"].iter().any(|handle| types::inside(returned, handle).is_some()) {
        problems.at(returned, format!("a step returns values and no handles; {FORM}"));
    } else if !types::is_unit(returned)
        && let Some(message) = types::refused(returned)
    {
        problems.at(returned, format!("{FORM}; {message}"));
    }
}

/// The type that `type = ".."` names.
fn type_ident(literal: &syn::LitStr, problems: &mut Problems) -> Ident {
    match literal.parse::<Ident>() {
        Ok(ident) => ident,
        Err(_) => {
            problems.at(literal, format!("{} is no name of a type", literal.to_token_stream()));
            Ident::new("Component", Span::call_site().located_at(literal.span()))
        }
    }
}
