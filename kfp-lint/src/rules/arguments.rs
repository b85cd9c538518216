//! Every call passes the inputs that the template requires, and no unknown ones.

use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::view::{Artifact, Call, Hook, Manifest, Parameter, Target, Template, Values, YamlNode};

/// A call and its arguments.
struct Caller<'c, 'a> {
    node: &'c YamlNode<'a>,
    call: &'c Call<'a>,
    arguments: &'c Values<'a>,
}

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    entry(ctx, found);
    for hook in &ctx.manifest.hooks {
        if let Some(home) = ctx.home() {
            of_hook(ctx, home, hook, found);
        }
    }
    for (_, task) in ctx.tasks() {
        let caller = Caller { node: &task.node, call: &task.call, arguments: &task.arguments };
        one(ctx, ctx.manifest, &caller, found);
        for hook in &task.hooks {
            of_hook(ctx, ctx.manifest, hook, found);
        }
    }
}

fn of_hook(ctx: &Ctx<'_, '_>, from: &Manifest<'_>, hook: &Hook<'_>, found: &mut Vec<Diagnostic>) {
    let caller = Caller { node: &hook.node, call: &hook.call, arguments: &hook.arguments };
    // An `onExit` receives all arguments of its context, so unknown ones are expected.
    if hook.node.tree.text().is_some() {
        if let Target::Found(template, _) = ctx.project.target(from, &hook.call) {
            missing(&caller, template, found);
        }
    } else {
        one(ctx, from, &caller, found);
    }
}

fn one<'a>(ctx: &Ctx<'_, 'a>, from: &Manifest<'a>, caller: &Caller<'_, 'a>, found: &mut Vec<Diagnostic>) {
    let Target::Found(template, _) = ctx.project.target(from, caller.call) else { return };
    missing(caller, template, found);
    let parameters = caller.arguments.parameters.iter().map(|parameter| (parameter.name, &parameter.node));
    for (name, node) in parameters.filter(|(name, _)| template.inputs.parameter(name).is_none()) {
        // Argo still evaluates the expression, which may be there to fail on purpose.
        if node.text_at("value").is_some_and(|value| value.contains("{{=")) {
            continue;
        }
        let names: Vec<&str> = template.inputs.parameters.iter().map(|input| input.name).collect();
        found.extend(unknown("parameter", name, node, template, &names));
    }
    let artifacts = caller.arguments.artifacts.iter().map(|artifact| (artifact.name, &artifact.node));
    for (name, node) in artifacts.filter(|(name, _)| template.inputs.artifact(name).is_none()) {
        let names: Vec<&str> = template.inputs.artifacts.iter().map(|input| input.name).collect();
        found.extend(unknown("artifact", name, node, template, &names));
    }
}

fn unknown(
    what: &str,
    name: &str,
    node: &YamlNode<'_>,
    template: &Template<'_>,
    names: &[&str],
) -> Option<Diagnostic> {
    if name.is_empty() {
        return None;
    }
    let message = format!("{} has no input {what} `{name}`, so it is ignored", template.describe());
    let diagnostic = Diagnostic::warning(codes::ARGO_UNKNOWN_ARGUMENT, &node.place_of("name"), message);
    Some(match nearest(name, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic
            .note(format!("the template has {}", having(&format!("input {what}"), names)))
            .help("remove it, or add the input to the template"),
    })
}

fn missing(caller: &Caller<'_, '_>, template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    for input in named(template) {
        if !input.has_value() && caller.arguments.parameter(input.name).is_none() {
            found.push(lacks("parameter", caller, template, input.name, &input.node));
        }
    }
    for input in &template.inputs.artifacts {
        if needs_argument(input) && caller.arguments.artifact(input.name).is_none() {
            found.push(lacks("artifact", caller, template, input.name, &input.node));
        }
    }
}

/// Returns the input parameters that have names. Missing names are reported by `names`.
fn named<'t, 'a>(template: &'t Template<'a>) -> impl Iterator<Item = &'t Parameter<'a>> {
    template.inputs.parameters.iter().filter(|input| !input.name.is_empty())
}

fn needs_argument(input: &Artifact<'_>) -> bool {
    !input.is_optional() && !input.has_location()
}

fn lacks(
    what: &str,
    caller: &Caller<'_, '_>,
    template: &Template<'_>,
    name: &str,
    input: &YamlNode<'_>,
) -> Diagnostic {
    let message = format!("missing argument: {} requires the {what} `{name}`", template.describe());
    let diagnostic = Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &caller.place(), message);
    let diagnostic = if matches!(caller.call, Call::Reference { .. }) {
        // The input may be in another file.
        diagnostic
    } else {
        diagnostic.also(&input.place_of("name"), "the input is defined here")
    };
    let help = if what == "parameter" {
        format!("add `{name}` to `arguments.parameters`, or add a `default` to the input")
    } else {
        format!("add `{name}` to `arguments.artifacts`, or set `optional: true` on the input")
    };
    diagnostic.help(help)
}

impl Caller<'_, '_> {
    fn place(&self) -> Place {
        if self.node.has("arguments") { self.node.place.key("arguments") } else { self.node.place_of("name") }
    }
}

/// Checks that the arguments of the workflow cover the inputs of the entrypoint.
fn entry(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some((template, home)) = ctx.entry() else { return };
    if ctx.manifest.is_library() {
        return;
    }
    let argument_of =
        |name: &str| ctx.manifest.arguments.parameter(name).or_else(|| home.arguments.parameter(name));
    let place = ctx.manifest.spec.place_of("entrypoint");
    let is_here = std::ptr::eq(home, ctx.manifest);
    for input in named(template) {
        let is_passed = match argument_of(input.name) {
            Some(argument) => {
                argument.node.has("value") || argument.node.at(&["valueFrom", "configMapKeyRef"]).is_some()
            }
            None => input.has_value(),
        };
        if !is_passed {
            let message = format!(
                "missing argument: the entrypoint, {}, requires `{}`",
                template.describe(),
                input.name
            );
            let diagnostic = Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &place, message);
            found.push(also_input(diagnostic, is_here, input).help(format!(
                "add an argument `{0}` with a value to the workflow, or read `workflow.parameters.{0}` in the template",
                input.name
            )));
        }
    }
    for input in &template.inputs.artifacts {
        let argument =
            ctx.manifest.arguments.artifact(input.name).or_else(|| home.arguments.artifact(input.name));
        if needs_argument(input) && argument.is_none() {
            let message = format!(
                "missing argument: the entrypoint, {}, requires `{}`",
                template.describe(),
                input.name
            );
            found.push(
                Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &place, message)
                    .help(format!("add the artifact `{}` to the arguments of the workflow", input.name)),
            );
        }
    }
}

fn also_input(diagnostic: Diagnostic, is_here: bool, input: &Parameter<'_>) -> Diagnostic {
    if is_here {
        diagnostic.also(&input.node.place_of("name"), "the input is defined here")
    } else {
        diagnostic
    }
}
