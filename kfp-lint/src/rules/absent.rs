//! Values that may not be there are read with something in their place.

use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::flow::{ERRORED, Ends, FAILED, OMITTED, SKIPPED};
use crate::variables::{Form, Site, Text, for_each_text};
use crate::view::{Call, Spot, Target, Task, TemplateKind};

/// What there is only if a task has run.
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

/// What a tag reads of a task.
pub(super) struct Read<'n> {
    pub(super) task: usize,
    pub(super) field: &'n str,
}

/// The output of a task of the same template that the name stands for.
pub(super) fn output_of<'n>(text: &Text<'_, '_, '_, '_>, name: &'n str) -> Option<Read<'n>> {
    let rest = name.strip_prefix("tasks.").or_else(|| name.strip_prefix("steps."))?;
    let (task, field) = rest.split_once('.')?;
    let task = text.sight.graph?.task(task)?;
    MADE.into_iter().any(|start| field.starts_with(start)).then_some(Read { task, field })
}

/// How the task that is read may have ended by then, other than well.
pub(super) fn ends(text: &Text<'_, '_, '_, '_>, read: usize) -> Ends {
    let Some(graph) = text.sight.graph else { return 0 };
    let Some(outcomes) = text.sight.ctx.outcomes(graph) else { return 0 };
    let wanted = FAILED | ERRORED | SKIPPED | OMITTED;
    let all = match text.sight.site {
        Site::Task(own) | Site::Hook(own) if graph.is_before(read, own) => {
            outcomes.ends_before(graph, read, own, wanted)
        }
        // A template whose task failed has no outputs, so that nothing is read.
        Site::Outputs => outcomes.ends_well(graph, read),
        _ => 0,
    };
    all & wanted
}

fn read(ctx: &Ctx<'_, '_>, text: &Text<'_, '_, '_, '_>, name: &str, is_all: bool) -> Option<Diagnostic> {
    let Read { task, field } = output_of(text, name)?;
    let producer = text.sight.template()?.tasks.get(task)?;
    // Loops have their own rule.
    if producer.is_loop() || is_guarded(text, producer) {
        return None;
    }
    let ends = ends(text, task);
    // A container that failed has an exit code.
    let ends = if field == "exitCode" { ends & (SKIPPED | OMITTED) } else { ends };
    let failed = ends & (FAILED | ERRORED) != 0;
    if ends == 0 || (!failed && has_substitute(ctx, text, producer, field, is_all)) {
        return None;
    }
    let how = match (failed, ends & SKIPPED != 0) {
        (true, _) => "failed",
        (false, true) => "been skipped",
        (false, false) => "been left out",
    };
    let message = format!("`{name}` may not be there: `{}` may have {how}", producer.name);
    let diagnostic = Diagnostic::warning(codes::ARGO_ABSENT, &text.spot.place, message);
    let diagnostic = match (failed, field.starts_with("outputs.parameters.")) {
        (true, _) | (false, false) => diagnostic.label("the run then waits for it for ever"),
        (false, true) => diagnostic.label("this then fails"),
    };
    let diagnostic = match producer.when() {
        Some(when) if !failed => diagnostic.also(&when.place, "it is skipped unless this holds"),
        _ => diagnostic.also(&producer.names(), "it is made here"),
    };
    Some(help(diagnostic, text, producer, field, failed))
}

fn help(
    diagnostic: Diagnostic,
    text: &Text<'_, '_, '_, '_>,
    producer: &Task<'_>,
    field: &str,
    failed: bool,
) -> Diagnostic {
    let root = if text.sight.template().is_some_and(|template| template.is(TemplateKind::Steps)) {
        "steps"
    } else {
        "tasks"
    };
    let parameter = field.strip_prefix("outputs.parameters.");
    match (text.sight.site, parameter) {
        (Site::Outputs, _) => diagnostic.help("give the `valueFrom` a `default`"),
        (_, Some(parameter)) if failed => diagnostic.help(format!(
            "read it by its status: `{{{{={root}['{0}'].status == 'Succeeded' ? ({root}['{0}']?.outputs?.parameters?.['{parameter}'] \
             ?? 'null') : 'null'}}}}`, or depend on `{0}.Succeeded`",
            producer.name
        )),
        (_, Some(_)) => diagnostic.help("give the output, or the input that it is given to, a `default`"),
        _ => diagnostic.help(format!("depend on `{}.Succeeded`", producer.name)),
    }
}

/// Whether a condition of the reader asks how the task ended, or is that of the task.
pub(super) fn is_guarded(text: &Text<'_, '_, '_, '_>, producer: &Task<'_>) -> bool {
    let Some(reader) = text.sight.task() else { return false };
    let when = reader.when().filter(|when| when.place != text.spot.place);
    let condition = producer.when().and_then(|when| when.text());
    when.and_then(|when| when.text())
        .is_some_and(|when| when.contains(producer.name) || Some(when) == condition)
}

/// Whether there is something for a value that was never made.
fn has_substitute(
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
    if text.sight.site == Site::Outputs {
        return output_has_default(text);
    }
    if field.starts_with("outputs.artifacts.") {
        let is_steps = text.sight.template().is_some_and(|template| template.is(TemplateKind::Steps));
        return is_steps || argument(text).is_some_and(|argument| argument.is_true("optional"));
    }
    is_all && input_has_default(ctx, text)
}

/// Whether the output that the text is the source of has a default, or is an artifact that need not be there.
pub(super) fn output_has_default(text: &Text<'_, '_, '_, '_>) -> bool {
    let Some(template) = text.sight.template() else { return false };
    let within = |spot: &Spot<'_>| text.spot.place.as_str().starts_with(&format!("{}/", spot.place));
    let parameter = template.outputs.parameters.iter().find(|output| within(&output.spot));
    let artifact = template.outputs.artifacts.iter().find(|output| within(&output.spot));
    parameter.is_some_and(crate::view::Parameter::has_fallback)
        || artifact.is_some_and(crate::view::Artifact::is_optional)
}

/// The argument that the text is the value of.
fn argument<'a>(text: &Text<'_, '_, '_, 'a>) -> Option<Spot<'a>> {
    let task = text.sight.task()?;
    let within = |spot: &Spot<'_>| text.spot.place.as_str().starts_with(&format!("{}/", spot.place));
    let of = |arguments: &crate::view::Values<'a>| {
        let parameters = arguments.parameters.iter().map(|each| &each.spot);
        parameters.chain(arguments.artifacts.iter().map(|each| &each.spot)).find(|spot| within(spot)).cloned()
    };
    of(&task.arguments).or_else(|| task.hooks.iter().find_map(|hook| of(&hook.arguments)))
}

/// Whether the input that the argument is given to has a default, which then stands in.
fn input_has_default(ctx: &Ctx<'_, '_>, text: &Text<'_, '_, '_, '_>) -> bool {
    let Some(name) = argument(text).and_then(|argument| argument.text_at("name")) else { return false };
    let Some(task) = text.sight.task() else { return false };
    let call: &Call<'_> = &task.call;
    match ctx.project.target(ctx.manifest, call) {
        Target::Found(template, _) => template
            .inputs
            .parameter(name)
            .is_some_and(|input| input.spot.has("default") || input.spot.has("value")),
        Target::Unknown | Target::NoManifest | Target::NoTemplate(_) => true,
    }
}
