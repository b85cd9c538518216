//! What the `target` of a DAG names is there, with the values that Argo knows when it checks a workflow.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::tag::{Tag, TagKind, tags};
use kfp_diag::{Diagnostic, codes};

use super::dag::spelled;
use crate::ctx::Ctx;
use crate::variables::{Sight, Site, Verdict};
use crate::view::{Parameter, Spot, Template, TemplateKind};

const OF_WORKFLOW: &str = "workflow.parameters.";
const OF_INPUTS: &str = "inputs.parameters.";

/// Stands for what is not known, and in no name.
const UNKNOWN: char = '\0';

/// Argo replaces tags once with what the whole workflow has, and once more with the inputs of the template.
const PASSES: usize = 2;

/// Most tags that are replaced, and most bytes of what they are replaced by: nobody names more tasks by tags.
const TAGS: usize = 100;
const LENGTH: usize = 65_536;

/// What the `target` of a DAG comes to.
pub(super) struct Targets<'a> {
    /// Names with a blank between them.
    text: String,
    reads: Vec<Read<'a>>,
}

/// A tag, also one in a value that is read.
struct Read<'a> {
    name: String,
    value: Value<'a>,
}

#[derive(Debug, Clone)]
enum Value<'a> {
    /// What is written there.
    Given(Spot<'a>),
    /// The argument is there and has no value.
    Lacking(Spot<'a>),
    /// An input of a template that others call.
    OfCaller,
    /// What the run alone knows.
    OfRun,
    /// Nothing that Argo knows, so that the tag stays.
    Foreign,
    /// It may be right, or is told of elsewhere.
    Open,
}

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        let Some(targets) = Targets::of(ctx, template) else { continue };
        for read in &targets.reads {
            found.extend(no_value(template, read));
        }
        let sources = targets.sources();
        for name in targets.of_nobody(template) {
            found.extend(no_task(template, name, sources.get(name).map(|(_, value)| *value)));
        }
    }
    if !ctx.manifest.is_library() {
        for (template, manifest) in ctx.reached(ctx.roots()) {
            if !std::ptr::eq(manifest, ctx.manifest) {
                elsewhere(ctx, template, found);
            }
        }
    }
}

impl<'a> Targets<'a> {
    /// Nothing for templates without a target, or with one that comes to nothing.
    pub(super) fn of(ctx: &Ctx<'_, 'a>, template: &Template<'a>) -> Option<Self> {
        let written = target(template)?.text()?;
        let mut targets = Self { text: written.to_owned(), reads: Vec::new() };
        for _ in 0..PASSES {
            let text = std::mem::take(&mut targets.text);
            targets.replace(ctx, template, &text);
        }
        (!targets.text.is_empty()).then_some(targets)
    }

    /// The names, where all of them are known.
    pub(super) fn names(&self) -> Option<BTreeSet<&str>> {
        (!self.text.contains(UNKNOWN)).then(|| self.text.split(' ').collect())
    }

    fn replace(&mut self, ctx: &Ctx<'_, 'a>, template: &Template<'a>, text: &str) {
        let mut from = 0;
        for (idx, tag) in tags(text).map_while(Result::ok).enumerate() {
            let span = tag.span();
            self.text.push_str(&text[from..span.start]);
            from = span.end;
            let is_short = idx < TAGS && self.text.len() < LENGTH;
            match name(&tag).filter(|_| is_short) {
                Some(name) => self.read(name, value(ctx, template, name)),
                None => self.text.push(UNKNOWN),
            }
        }
        self.text.push_str(&text[from..]);
    }

    fn read(&mut self, name: &str, value: Value<'a>) {
        match &value {
            Value::Given(spot) => self.text.push_str(&spot.scalar().unwrap_or_default()),
            Value::Foreign => self.text.push_str(&format!("{{{{{name}}}}}")),
            Value::Lacking(_) | Value::OfCaller | Value::OfRun | Value::Open => self.text.push(UNKNOWN),
        }
        if self.reads.iter().all(|read| read.name != name) {
            self.reads.push(Read { name: name.to_owned(), value });
        }
    }

    /// The names that come from values, each with the variable and where it is written.
    fn sources(&self) -> BTreeMap<&'a str, (&str, &Spot<'a>)> {
        let mut sources = BTreeMap::new();
        for read in &self.reads {
            let Value::Given(value) = &read.value else { continue };
            for name in value.tree.text().into_iter().flat_map(|text| text.split(' ')) {
                sources.entry(name).or_insert((read.name.as_str(), value));
            }
        }
        sources
    }

    /// What is named and is no task, each once.
    fn of_nobody(&self, template: &Template<'_>) -> BTreeSet<&str> {
        let tasks: BTreeSet<&str> = template.tasks.iter().map(|task| task.name).collect();
        let names = self.text.split(' ').filter(|name| !name.contains(UNKNOWN));
        names.filter(|name| !tasks.contains(name)).collect()
    }
}

fn target<'a>(template: &Template<'a>) -> Option<Spot<'a>> {
    template.is(TemplateKind::Dag).then(|| template.spot.at(&["dag", "target"]))?
}

/// The variable that the tag reads; nothing where its name is put together or its expression does more than that.
fn name<'t>(tag: &Tag<'t>) -> Option<&'t str> {
    let is_simple = match tag.kind {
        TagKind::Simple => tag.nested().is_none(),
        TagKind::Expression => tag.name().split('.').all(|step| {
            step.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && step.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        }),
    };
    is_simple.then(|| tag.name())
}

fn value<'a>(ctx: &Ctx<'_, 'a>, template: &Template<'a>, name: &str) -> Value<'a> {
    if let Some(parameter) = name.strip_prefix(OF_WORKFLOW) {
        return match argument(ctx, parameter) {
            Some(argument) => given(argument),
            None if ctx.globals.names.contains(name) => Value::OfRun,
            None => Value::Open,
        };
    }
    if let Some(input) = name.strip_prefix(OF_INPUTS) {
        let Some(input) = template.inputs.parameter(input) else { return Value::Open };
        return input_of(ctx, template, input);
    }
    if let Some(priority) = ctx.manifest.spec.get("priority").filter(|_| name == "workflow.priority") {
        return Value::Given(priority);
    }
    let sight = Sight { ctx, graph: None, site: Site::Body, outer: None };
    match sight.look(name, false) {
        Verdict::Known => Value::OfRun,
        Verdict::Foreign => Value::Foreign,
        Verdict::Missing(_) | Verdict::NotBefore(_) => Value::Open,
    }
}

/// The argument of the workflow, or of what it is a run of.
fn argument<'p, 'a>(ctx: &Ctx<'p, 'a>, name: &str) -> Option<&'p Parameter<'a>> {
    let own = ctx.manifest.arguments.parameter(name);
    own.or_else(|| ctx.home()?.arguments.parameter(name))
}

fn given<'a>(argument: &Parameter<'a>) -> Value<'a> {
    argument.value().map_or_else(|| Value::Lacking(argument.spot.clone()), Value::Given)
}

/// An input of what the workflow starts or ends with is known, as it is given the arguments of the workflow.
fn input_of<'a>(ctx: &Ctx<'_, 'a>, template: &Template<'a>, input: &Parameter<'a>) -> Value<'a> {
    let is_it = |other: &Template<'_>| std::ptr::eq(other, template);
    if ctx.is_inline(template) {
        // In a template that stands in a task the inputs of the outer one are replaced first.
        return Value::Open;
    }
    let entry = ctx.entry().filter(|_| !ctx.manifest.is_library());
    let is_entry = entry.is_some_and(|(entry, _)| is_it(entry));
    if !is_entry && !is_exit(ctx, template) {
        return Value::OfCaller;
    }
    let value = match argument(ctx, input.name) {
        Some(argument) => argument.value(),
        None => input.value().or_else(|| input.spot.get("default")),
    };
    value.map_or(Value::Open, Value::Given)
}

/// Whether `onExit` names the template and nothing has called it before.
fn is_exit(ctx: &Ctx<'_, '_>, template: &Template<'_>) -> bool {
    let on_exit = ctx.manifest.spec.text_at("onExit");
    let is_named = on_exit.is_some_and(|name| name == template.name);
    is_named && !ctx.reached(ctx.entry()).iter().any(|(other, _)| std::ptr::eq(*other, template))
}

/// A tag has no value that Argo could look for among the tasks.
fn no_value(template: &Template<'_>, read: &Read<'_>) -> Option<Diagnostic> {
    let place = target(template)?.place;
    let name = &read.name;
    let report = |why: &str| {
        let message = format!("the target reads `{name}`, {why}");
        Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &place, message)
    };
    Some(match &read.value {
        Value::Lacking(argument) => report("which has no `value`")
            .also(&argument.place_of("name"), "none is written here")
            .help("give it a `value` that names tasks; whoever submits the workflow may give another one"),
        Value::OfCaller => report("which is not known before the template is called")
            .note("targets are looked at before anything runs, when only the inputs of the entrypoint have values")
            .help(format!("read `{OF_WORKFLOW}…`, or name the tasks")),
        Value::OfRun => report("which is known only when the workflow runs")
            .help(format!("name the tasks, or read `{OF_WORKFLOW}…`")),
        Value::Given(_) | Value::Foreign | Value::Open => return None,
    })
}

/// What is named is no task, with where it is named.
fn no_task(template: &Template<'_>, name: &str, value: Option<&Spot<'_>>) -> Option<Diagnostic> {
    let place = target(template)?.place;
    let report = |message: String| {
        let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &place, message);
        match value {
            Some(value) => diagnostic.also(&value.place, "this is what it reads"),
            None => diagnostic,
        }
    };
    if name.is_empty() {
        let diagnostic = report("between two targets is one blank".to_owned());
        return Some(diagnostic.help("write no other blanks, neither before the first nor after the last"));
    }
    let diagnostic = report(format!("the target `{name}` is no task of this DAG"));
    Some(if name.starts_with("{{") {
        diagnostic
            .note("nothing has that name, so that the tag stays as it is written")
            .help(format!("name the tasks, or read `{OF_WORKFLOW}…`"))
    } else {
        spelled(template, diagnostic, name)
    })
}

/// The target of a template of another file, which is looked at with the arguments of this workflow.
fn elsewhere(ctx: &Ctx<'_, '_>, template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    let Some(targets) = Targets::of(ctx, template) else { return };
    let own = |read: &str| {
        let name = read.strip_prefix(OF_WORKFLOW).or_else(|| read.strip_prefix(OF_INPUTS))?;
        ctx.manifest.arguments.parameter(name)
    };
    for read in &targets.reads {
        if let (Value::Lacking(_), Some(argument)) = (&read.value, own(&read.name)) {
            let message =
                format!("the target of {} reads `{}`, which has no `value`", template.named(), read.name);
            found.push(
                Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &argument.spot.place_of("name"), message)
                    .help("give it a `value` that names tasks"),
            );
        }
    }
    let sources = targets.sources();
    for name in targets.of_nobody(template) {
        let source = sources.get(name).filter(|(read, _)| own(read).is_some());
        let Some((read, value)) = source else { continue };
        let message = format!("`{name}` is no task of {}, whose target reads `{read}`", template.named());
        let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &value.place, message);
        found.push(spelled(template, diagnostic, name));
    }
}
