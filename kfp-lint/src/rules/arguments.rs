//! Every call gives the template what it needs, and nothing that it does not know.

use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::view::{Artifact, Call, Hook, Manifest, Parameter, Spot, Target, Template, Values};

/// One call, with what messages say of it.
struct Caller<'c, 'a> {
    spot: &'c Spot<'a>,
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
        let caller = Caller { spot: &task.spot, call: &task.call, arguments: &task.arguments };
        one(ctx, ctx.manifest, &caller, found);
        for hook in &task.hooks {
            of_hook(ctx, ctx.manifest, hook, found);
        }
    }
}

fn of_hook(ctx: &Ctx<'_, '_>, from: &Manifest<'_>, hook: &Hook<'_>, found: &mut Vec<Diagnostic>) {
    let caller = Caller { spot: &hook.spot, call: &hook.call, arguments: &hook.arguments };
    // An `onExit` is given what its surroundings were given, which is more than it needs.
    if hook.spot.tree.text().is_some() {
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
    let parameters = caller.arguments.parameters.iter().map(|parameter| (parameter.name, &parameter.spot));
    for (name, spot) in parameters.filter(|(name, _)| template.inputs.parameter(name).is_none()) {
        // An expression is evaluated all the same, and may be there to fail.
        if spot.text_at("value").is_some_and(|value| value.contains("{{=")) {
            continue;
        }
        let names: Vec<&str> = template.inputs.parameters.iter().map(|input| input.name).collect();
        found.extend(unknown("parameter", name, spot, template, &names));
    }
    let artifacts = caller.arguments.artifacts.iter().map(|artifact| (artifact.name, &artifact.spot));
    for (name, spot) in artifacts.filter(|(name, _)| template.inputs.artifact(name).is_none()) {
        let names: Vec<&str> = template.inputs.artifacts.iter().map(|input| input.name).collect();
        found.extend(unknown("artifact", name, spot, template, &names));
    }
}

fn unknown(
    what: &str,
    name: &str,
    spot: &Spot<'_>,
    template: &Template<'_>,
    names: &[&str],
) -> Option<Diagnostic> {
    if name.is_empty() {
        return None;
    }
    let message = format!("{} has no input {what} `{name}`, so it is ignored", template.named());
    let diagnostic = Diagnostic::warning(codes::ARGO_UNKNOWN_ARGUMENT, &spot.place_of("name"), message);
    Some(match nearest(name, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic
            .note(format!("it has {}", having(&format!("input {what}"), names)))
            .help("remove it, or add the input to the template"),
    })
}

fn missing(caller: &Caller<'_, '_>, template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    for input in named(template) {
        if !input.has_value() && caller.arguments.parameter(input.name).is_none() {
            found.push(lacks("parameter", caller, template, input.name, &input.spot));
        }
    }
    for input in &template.inputs.artifacts {
        if needs_argument(input) && caller.arguments.artifact(input.name).is_none() {
            found.push(lacks("artifact", caller, template, input.name, &input.spot));
        }
    }
}

/// The parameters that it takes. That one has no name is told of elsewhere.
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
    input: &Spot<'_>,
) -> Diagnostic {
    let message = format!("{} needs the {what} `{name}`, which it is not given", template.named());
    let diagnostic = Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &caller.place(), message);
    let diagnostic = if matches!(caller.call, Call::Reference { .. }) {
        // The input may stand in another file.
        diagnostic
    } else {
        diagnostic.also(&input.place_of("name"), "the input is here")
    };
    let help = if what == "parameter" {
        format!("add `{name}` to `arguments.parameters`, or give the input a `default`")
    } else {
        format!("add `{name}` to `arguments.artifacts`, or make the input `optional`")
    };
    diagnostic.help(help)
}

impl Caller<'_, '_> {
    fn place(&self) -> Place {
        if self.spot.has("arguments") { self.spot.place.key("arguments") } else { self.spot.place_of("name") }
    }
}

/// What a workflow starts with gets the arguments of the workflow.
fn entry(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some((template, home)) = ctx.entry() else { return };
    if ctx.manifest.is_library() {
        return;
    }
    let given =
        |name: &str| ctx.manifest.arguments.parameter(name).or_else(|| home.arguments.parameter(name));
    let place = ctx.manifest.spec.place_of("entrypoint");
    let is_here = std::ptr::eq(home, ctx.manifest);
    for input in named(template) {
        let is_given = match given(input.name) {
            Some(argument) => {
                argument.spot.has("value") || argument.spot.at(&["valueFrom", "configMapKeyRef"]).is_some()
            }
            None => input.has_value(),
        };
        if !is_given {
            let message =
                format!("the workflow starts with {}, which is not given `{}`", template.named(), input.name);
            let diagnostic = Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &place, message);
            found.push(also_input(diagnostic, is_here, input).help(format!(
                "give the workflow an argument `{0}` with a value, or read `workflow.parameters.{0}` in the template",
                input.name
            )));
        }
    }
    for input in &template.inputs.artifacts {
        let is_given =
            ctx.manifest.arguments.artifact(input.name).or_else(|| home.arguments.artifact(input.name));
        if needs_argument(input) && is_given.is_none() {
            let message =
                format!("the workflow starts with {}, which is not given `{}`", template.named(), input.name);
            found.push(
                Diagnostic::error(codes::ARGO_MISSING_ARGUMENT, &place, message)
                    .help(format!("give the workflow an artifact `{}` as an argument", input.name)),
            );
        }
    }
}

fn also_input(diagnostic: Diagnostic, is_here: bool, input: &Parameter<'_>) -> Diagnostic {
    if is_here { diagnostic.also(&input.spot.place_of("name"), "the input is here") } else { diagnostic }
}
