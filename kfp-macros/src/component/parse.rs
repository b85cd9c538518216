//! Parses a component from its function and arguments, and reports their errors.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::{Type, Visibility};

use super::modules::{self, Module};
use super::options::{Options, StepOptions};
use super::placeholders;
use crate::docs;
use crate::function::{Function, Parameter};
use crate::names;
use crate::problems::Problems;
use crate::python::{self, PythonError};
use crate::reserved;
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
    /// The return type without `Result`.
    pub(super) returned: Type,
    pub(super) fallible: bool,
    pub(super) output_name: Option<Ident>,
    /// Whether the Python file or notebook can be included.
    pub(super) source_exists: bool,
    /// The Python modules that the file or notebook can import.
    pub(super) modules: Vec<Module>,
}

/// A parameter of the function.
pub(super) struct Slot {
    pub(super) parameter: Parameter,
    pub(super) role: Role,
}

pub(super) enum Role {
    /// An input with a value of the type.
    Input(Type),
    /// An output artifact of the kind.
    Output { kind: Type, optional: bool },
}

impl Component {
    /// Parses a component. Reports errors in the signature, for which no code can be emitted, to `signature`, and other
    /// errors to `problems`.
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
        let ident = &function.signature.ident;
        let r#type = reserved::type_ident(options.r#type.as_ref(), ident, &name, "component", problems);
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
            modules: Vec::new(),
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

    /// Returns the output artifacts, each with its kind and whether it is optional.
    pub(super) fn artifacts(&self) -> impl Iterator<Item = (&Parameter, &Type, bool)> {
        self.slots.iter().filter_map(|slot| match &slot.role {
            Role::Output { kind, optional } => Some((&slot.parameter, kind, *optional)),
            Role::Input(_) => None,
        })
    }

    /// Reports generated types with the name of the return type, and outputs with the same name.
    fn reject_names(&self, function: &Function, signature: &mut Problems) {
        let (own, span) = (self.r#type.to_string(), function.signature.ident.span());
        if let Some(returned) = types::last_ident(&self.returned)
            && ["", "Call", "Inputs", "Outputs"].map(|ending| format!("{own}{ending}")).contains(&returned)
        {
            signature.push(syn::Error::new(
                span,
                format!(
                    "the generated type `{returned}` conflicts with the return type: rename the generated types with \
                     `#[component(type = \"{own}Step\")]`"
                ),
            ));
        }
        if let Some(output) = &self.output_name {
            if types::is_unit(&self.returned) {
                signature.at(output, "`#[output(..)]` requires a function that returns a value");
            }
            if self.artifacts().any(|(parameter, ..)| output.unraw() == parameter.name()) {
                signature.at(output, format!("duplicate output `{output}`: an artifact has the same name"));
            }
        }
    }

    fn reject_implementation(&self, function: &Function, problems: &mut Problems) {
        let ident = &function.signature.ident;
        match (&self.options.step, &function.body) {
            (StepOptions::Body, None) => problems.at(
                ident,
                format!(
                    "missing body of `{ident}`: add one, or set `python = \"…\"`, `notebook = \"…\"`, or \
                     `image = \"…\", command = […]`"
                ),
            ),
            (StepOptions::Python { file, .. }, Some(_)) => {
                problems.at(
                    file,
                    format!("a component with `python` cannot have a body: end `{ident}` with `;`"),
                );
            }
            (StepOptions::Notebook { file, .. }, Some(_)) => {
                problems.at(
                    file,
                    format!("a component with `notebook` cannot have a body: end `{ident}` with `;`"),
                );
            }
            (StepOptions::Command { .. }, Some(_)) => {
                problems.at(
                    ident,
                    format!("a component with `command` cannot have a body: end `{ident}` with `;`"),
                );
            }
            _ => {}
        }
        if let StepOptions::Command { command, args } = &self.options.step {
            let inputs: Vec<String> = self.inputs().map(|(parameter, _)| parameter.name()).collect();
            let mut outputs: Vec<String> = self.artifacts().map(|(parameter, ..)| parameter.name()).collect();
            outputs.extend(self.single_output());
            // The macro does not see the fields of a returned struct, so the compiler checks placeholders for them.
            if types::is_unit(&self.returned) || self.output_name.is_some() || types::is_plain(&self.returned)
            {
                let arguments: Vec<_> = command.iter().chain(args).cloned().collect();
                placeholders::reject(&arguments, &inputs, &outputs, problems);
            }
        }
    }

    /// Returns the name of the output, if the function returns a single value.
    fn single_output(&self) -> Option<String> {
        match &self.output_name {
            Some(name) => Some(name.unraw().to_string()),
            None if types::is_plain(&self.returned) => Some("output".to_owned()),
            None => None,
        }
    }

    fn with_source(mut self, problems: &mut Problems) -> Self {
        if let StepOptions::Python { file, modules, .. } | StepOptions::Notebook { file, modules, .. } =
            &self.options.step
        {
            self.modules = modules::find(&file.value(), modules, problems);
        }
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
            Err(PythonError::File(message)) => {
                problems.at(file, message);
                self.source_exists = false;
            }
            Err(PythonError::Function(message)) => match function {
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
                    "expected `Output<Model>` or `Option<Output<Model>>` for an output artifact",
                );
            }
            Role::Input(value) => {
                if let Some(message) = types::unsupported(value) {
                    problems.at(&parameter.r#type, message);
                }
                if let Some(inner) = ["In", "Out"].iter().find_map(|handle| types::inside(value, handle)) {
                    problems.at(
                        &parameter.r#type,
                        format!("a step takes values, not handles: use `{}`", types::spelled(inner)),
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
                "an artifact cannot have a default: use `Option<Input<..>>` for an optional artifact",
            );
        }
        Self { parameter, role }
    }
}

/// Reports a return type that is an artifact, a handle or an unsupported type.
fn reject_returned(returned: &Type, problems: &mut Problems) {
    const FORM: &str = "a step returns `()`, a parameter, or a struct with `#[derive(Outputs)]`";
    if types::mentions(returned, "Input") || types::mentions(returned, "Output") {
        problems.at(
            returned,
            format!(
                "a step cannot return an artifact: make it a parameter, such as `model: Output<Model>`; {FORM}"
            ),
        );
    } else if ["In", "Out"].iter().any(|handle| types::inside(returned, handle).is_some()) {
        problems.at(returned, format!("a step returns values, not handles; {FORM}"));
    } else if !types::is_unit(returned)
        && let Some(message) = types::unsupported(returned)
    {
        problems.at(returned, format!("{FORM}; {message}"));
    }
}
