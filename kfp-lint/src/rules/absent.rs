//! Values that may be absent are read with a fallback.

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::flow::{ERRORED, FAILED, OMITTED, OutcomeSet, SKIPPED};
use crate::variables::{Form, Site, Text, for_each_text};
use crate::view::{Call, Target, Task, TemplateKind, YamlNode};

/// Prefixes of variables that exist only if the task has run.
const MADE: [&str; 2] = ["outputs.", "exitCode"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for_each_text(ctx, &mut |text| {
        if text.form == Form::Expression {
            return;
        }
        for tag in tags(text.written).flatten().filter(|tag| tag.kind == TagKind::Simple) {
            found.extend(read(ctx, text, tag.name(), tag.is_all_of(text.written)));
        }
    });
}

/// An output of a task that a tag reads.
pub(super) struct Read<'n> {
    pub(super) task: usize,
    pub(super) field: &'n str,
}

/// Returns the output of a task of the same template that the name refers to.
pub(super) fn output_of<'n>(text: &Text<'_, '_, '_, '_>, name: &'n str) -> Option<Read<'n>> {
    let rest = name.strip_prefix("tasks.").or_else(|| name.strip_prefix("steps."))?;
    let (task, field) = rest.split_once('.')?;
    let task = text.scope.graph?.task(task)?;
    MADE.into_iter().any(|start| field.starts_with(start)).then_some(Read { task, field })
}

/// Returns the unsuccessful outcomes that the task may have at the time of reading.
pub(super) fn ends(text: &Text<'_, '_, '_, '_>, read: usize) -> OutcomeSet {
    let Some(graph) = text.scope.graph else { return 0 };
    let Some(outcomes) = text.scope.ctx.outcomes(graph) else { return 0 };
    let wanted = FAILED | ERRORED | SKIPPED | OMITTED;
    let all = match text.scope.site {
        Site::Task(own) | Site::Hook(own) if graph.is_before(read, own) => {
            outcomes.ends_before(graph, read, own, wanted)
        }
        // If a task fails, the template has no outputs, so nothing is read.
        Site::Outputs => outcomes.ends_without_failures(graph, read),
        _ => 0,
    };
    all & wanted
}

fn read(ctx: &Ctx<'_, '_>, text: &Text<'_, '_, '_, '_>, name: &str, is_all: bool) -> Option<Diagnostic> {
    let Read { task, field } = output_of(text, name)?;
    let producer = text.scope.template()?.tasks.get(task)?;
    if let Some(diagnostic) = of_failed_owner(ctx, text, task, field) {
        return Some(diagnostic);
    }
    // `fan_in` checks loops.
    if producer.is_loop() || is_guarded(text, producer) {
        return None;
    }
    let ends = ends(text, task);
    // A failed container has an exit code.
    let ends = if field == "exitCode" { ends & (SKIPPED | OMITTED) } else { ends };
    let failed = ends & (FAILED | ERRORED) != 0;
    if ends == 0 || (!failed && has_fallback_for(ctx, text, producer, field, is_all)) {
        return None;
    }
    let how = match (failed, ends & SKIPPED != 0) {
        (true, _) => "may fail",
        (false, true) => "may be skipped",
        (false, false) => "may be omitted",
    };
    let message = format!("`{name}` may be missing: `{}` {how}", producer.name);
    let diagnostic = Diagnostic::warning(codes::ARGO_ABSENT, &text.node.place, message);
    let diagnostic = match (failed, field.starts_with("outputs.parameters.")) {
        (true, _) | (false, false) => diagnostic.label("the run then hangs"),
        (false, true) => diagnostic.label("this fails if it is missing"),
    };
    let diagnostic = match producer.when() {
        Some(when) if !failed => diagnostic.also(&when.place, "runs only if this is true"),
        _ => diagnostic.also(&producer.name_place(), "defined here"),
    };
    Some(help(diagnostic, text, producer, field, failed))
}

/// Reports an exit hook that reads an output of its own task, which may have failed.
fn of_failed_owner(
    ctx: &Ctx<'_, '_>,
    text: &Text<'_, '_, '_, '_>,
    task: usize,
    field: &str,
) -> Option<Diagnostic> {
    let Site::Hook(own) = text.scope.site else { return None };
    let owner = text.scope.task().filter(|_| own == task)?;
    let within = |place: &Place| text.node.place.as_str().starts_with(&format!("{place}/"));
    let hook = owner.hooks.iter().find(|hook| hook.name == "exit" && within(&hook.node.place))?;
    let parameter = field.strip_prefix("outputs.parameters.")?;
    let made_by = ctx.project.target(ctx.manifest, &owner.call).template();
    let output = made_by.and_then(|template| template.outputs.parameter(parameter))?;
    if hook.node.has("expression") || output.has_fallback() {
        return None;
    }
    let message =
        format!("`{parameter}` is missing if `{}` fails, but the hook `exit` also runs then", owner.name);
    let help = format!("add `expression: {}.status == \"Succeeded\"` to the hook", owner_path(text, owner));
    Some(
        Diagnostic::warning(codes::ARGO_ABSENT, &text.node.place, message)
            .label("the value is then empty")
            .help(help),
    )
}

/// Returns the variable of the task in an expression.
fn owner_path(text: &Text<'_, '_, '_, '_>, owner: &Task<'_>) -> String {
    let is_steps = text.scope.template().is_some_and(|template| template.is(TemplateKind::Steps));
    format!("{}['{}']", if is_steps { "steps" } else { "tasks" }, owner.name)
}

fn help(
    diagnostic: Diagnostic,
    text: &Text<'_, '_, '_, '_>,
    producer: &Task<'_>,
    field: &str,
    failed: bool,
) -> Diagnostic {
    let root = if text.scope.template().is_some_and(|template| template.is(TemplateKind::Steps)) {
        "steps"
    } else {
        "tasks"
    };
    let parameter = field.strip_prefix("outputs.parameters.");
    match (text.scope.site, parameter) {
        (Site::Outputs, _) => diagnostic.help("add a `default` to the `valueFrom`"),
        (_, Some(parameter)) if failed => diagnostic.help(format!(
            "check the status before reading it: `{{{{={root}['{0}'].status == 'Succeeded' ? ({root}['{0}']?.outputs?.parameters?.['{parameter}'] \
             ?? 'null') : 'null'}}}}`, or depend on `{0}.Succeeded`",
            producer.name
        )),
        (_, Some(_)) => diagnostic.help("add a `default` to the output, or to the input that receives it"),
        _ => diagnostic.help(format!("depend on `{}.Succeeded`", producer.name)),
    }
}

/// Returns whether the `when` of the reader mentions the task, or equals the `when` of the task.
pub(super) fn is_guarded(text: &Text<'_, '_, '_, '_>, producer: &Task<'_>) -> bool {
    let Some(reader) = text.scope.task() else { return false };
    let when = reader.when().filter(|when| when.place != text.node.place);
    let condition = producer.when().and_then(|when| when.text());
    when.and_then(|when| when.text())
        .is_some_and(|when| when.contains(producer.name) || Some(when) == condition)
}

/// Returns whether there is a fallback for the missing value.
fn has_fallback_for(
    ctx: &Ctx<'_, '_>,
    text: &Text<'_, '_, '_, '_>,
    producer: &Task<'_>,
    field: &str,
    is_all: bool,
) -> bool {
    let made_by = ctx.project.target(ctx.manifest, &producer.call).template();
    if let Some(parameter) = field.strip_prefix("outputs.parameters.") {
        let output = made_by.and_then(|template| template.outputs.parameter(parameter));
        if made_by.is_none() || output.is_some_and(crate::view::Parameter::has_fallback) {
            return true;
        }
    }
    if text.scope.site == Site::Outputs {
        return output_has_default(text);
    }
    if field.starts_with("outputs.artifacts.") {
        let is_steps = text.scope.template().is_some_and(|template| template.is(TemplateKind::Steps));
        return is_steps || argument(text).is_some_and(|argument| argument.is_true("optional"));
    }
    is_all && input_has_default(ctx, text)
}

/// Returns whether the output that contains the text has a default, or is an optional artifact.
pub(super) fn output_has_default(text: &Text<'_, '_, '_, '_>) -> bool {
    let Some(template) = text.scope.template() else { return false };
    let within = |node: &YamlNode<'_>| text.node.place.as_str().starts_with(&format!("{}/", node.place));
    let parameter = template.outputs.parameters.iter().find(|output| within(&output.node));
    let artifact = template.outputs.artifacts.iter().find(|output| within(&output.node));
    parameter.is_some_and(crate::view::Parameter::has_fallback)
        || artifact.is_some_and(crate::view::Artifact::is_optional)
}

/// Returns the argument that contains the text.
fn argument<'a>(text: &Text<'_, '_, '_, 'a>) -> Option<YamlNode<'a>> {
    let task = text.scope.task()?;
    let within = |node: &YamlNode<'_>| text.node.place.as_str().starts_with(&format!("{}/", node.place));
    let of = |arguments: &crate::view::Values<'a>| {
        let parameters = arguments.parameters.iter().map(|each| &each.node);
        parameters.chain(arguments.artifacts.iter().map(|each| &each.node)).find(|node| within(node)).cloned()
    };
    of(&task.arguments).or_else(|| task.hooks.iter().find_map(|hook| of(&hook.arguments)))
}

/// Returns whether the input that receives the argument has a default.
fn input_has_default(ctx: &Ctx<'_, '_>, text: &Text<'_, '_, '_, '_>) -> bool {
    let Some(name) = argument(text).and_then(|argument| argument.text_at("name")) else { return false };
    let Some(task) = text.scope.task() else { return false };
    let call: &Call<'_> = &task.call;
    match ctx.project.target(ctx.manifest, call) {
        Target::Found(template, _) => template
            .inputs
            .parameter(name)
            .is_some_and(|input| input.node.has("default") || input.node.has("value")),
        Target::Unknown | Target::NoManifest | Target::NoTemplate(_) => true,
    }
}
