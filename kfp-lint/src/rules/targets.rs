//! The `target` of a DAG names existing tasks, given the values that Argo knows when it validates a workflow.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::tag::{Tag, TagKind, tags};
use kfp_diag::{Diagnostic, codes};

use super::dag::spelled;
use crate::ctx::Ctx;
use crate::variables::{Lookup, Site, VariableScope};
use crate::view::{Parameter, Template, TemplateKind, YamlNode};

const OF_WORKFLOW: &str = "workflow.parameters.";
const OF_INPUTS: &str = "inputs.parameters.";

/// A placeholder for unknown text. It does not occur in names.
const UNKNOWN: char = '\0';

/// Argo replaces tags twice: first with global variables, then with the inputs of the template.
const PASSES: usize = 2;

/// The maximum number of tags to replace, and the maximum size of the result in bytes. Longer targets are unrealistic.
const TAGS: usize = 100;
const LENGTH: usize = 65_536;

/// The evaluated `target` of a DAG.
pub(super) struct Targets<'a> {
    /// Names separated by single spaces.
    text: String,
    reads: Vec<Read<'a>>,
}

/// A variable that the target reads, directly or in a value.
struct Read<'a> {
    name: String,
    value: Value<'a>,
}

#[derive(Debug, Clone)]
enum Value<'a> {
    /// The value is in the manifest.
    Known(YamlNode<'a>),
    /// The argument exists but has no value.
    Missing(YamlNode<'a>),
    /// An input that calling tasks set.
    OfCaller,
    /// A value that is unknown until run time.
    RunTime,
    /// Not a variable, so the tag is not replaced.
    NotAVariable,
    /// Possibly valid, or reported elsewhere.
    Undetermined,
}

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        let Some(targets) = Targets::of(ctx, template) else { continue };
        for read in &targets.reads {
            found.extend(no_value(template, read));
        }
        let sources = targets.sources();
        for name in targets.unknown_names(template) {
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
    /// Evaluates the target of the template; `None` if there is none or it is empty.
    pub(super) fn of(ctx: &Ctx<'_, 'a>, template: &Template<'a>) -> Option<Self> {
        let written = target(template)?.text()?;
        let mut targets = Self { text: written.to_owned(), reads: Vec::new() };
        for _ in 0..PASSES {
            let text = std::mem::take(&mut targets.text);
            targets.replace(ctx, template, &text);
        }
        (!targets.text.is_empty()).then_some(targets)
    }

    /// Returns the task names if all of them are known.
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
            Value::Known(node) => self.text.push_str(&node.scalar().unwrap_or_default()),
            Value::NotAVariable => self.text.push_str(&format!("{{{{{name}}}}}")),
            Value::Missing(_) | Value::OfCaller | Value::RunTime | Value::Undetermined => {
                self.text.push(UNKNOWN);
            }
        }
        if self.reads.iter().all(|read| read.name != name) {
            self.reads.push(Read { name: name.to_owned(), value });
        }
    }

    /// Returns the task names that come from values, each with its variable and the value.
    fn sources(&self) -> BTreeMap<&'a str, (&str, &YamlNode<'a>)> {
        let mut sources = BTreeMap::new();
        for read in &self.reads {
            let Value::Known(value) = &read.value else { continue };
            for name in value.tree.text().into_iter().flat_map(|text| text.split(' ')) {
                sources.entry(name).or_insert((read.name.as_str(), value));
            }
        }
        sources
    }

    /// Returns the names in the target that are not tasks.
    fn unknown_names(&self, template: &Template<'_>) -> BTreeSet<&str> {
        let tasks: BTreeSet<&str> = template.tasks.iter().map(|task| task.name).collect();
        let names = self.text.split(' ').filter(|name| !name.contains(UNKNOWN));
        names.filter(|name| !tasks.contains(name)).collect()
    }
}

fn target<'a>(template: &Template<'a>) -> Option<YamlNode<'a>> {
    template.is(TemplateKind::Dag).then(|| template.node.at(&["dag", "target"]))?
}

/// Returns the variable that the tag reads; `None` for nested tags and complex expressions.
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
            Some(argument) => known(argument),
            None if ctx.globals.names.contains(name) => Value::RunTime,
            None => Value::Undetermined,
        };
    }
    if let Some(input) = name.strip_prefix(OF_INPUTS) {
        let Some(input) = template.inputs.parameter(input) else { return Value::Undetermined };
        return input_of(ctx, template, input);
    }
    if let Some(priority) = ctx.manifest.spec.get("priority").filter(|_| name == "workflow.priority") {
        return Value::Known(priority);
    }
    let scope = VariableScope { ctx, graph: None, site: Site::Body, outer: None };
    match scope.look_up(name, false) {
        Lookup::Known => Value::RunTime,
        Lookup::NotAVariable => Value::NotAVariable,
        Lookup::Missing(_) | Lookup::NotBefore(_) => Value::Undetermined,
    }
}

/// Returns the argument of the workflow, or of its workflow template.
fn argument<'p, 'a>(ctx: &Ctx<'p, 'a>, name: &str) -> Option<&'p Parameter<'a>> {
    let own = ctx.manifest.arguments.parameter(name);
    own.or_else(|| ctx.home()?.arguments.parameter(name))
}

fn known<'a>(argument: &Parameter<'a>) -> Value<'a> {
    argument.value().map_or_else(|| Value::Missing(argument.node.clone()), Value::Known)
}

/// Inputs of the entrypoint and the exit handler are known: they receive the arguments of the workflow.
fn input_of<'a>(ctx: &Ctx<'_, 'a>, template: &Template<'a>, input: &Parameter<'a>) -> Value<'a> {
    let is_same = |other: &Template<'_>| std::ptr::eq(other, template);
    if ctx.is_inline(template) {
        // In an inline template, the inputs of the outer template are replaced first.
        return Value::Undetermined;
    }
    let entry = ctx.entry().filter(|_| !ctx.manifest.is_library());
    let is_entry = entry.is_some_and(|(entry, _)| is_same(entry));
    if !is_entry && !is_exit(ctx, template) {
        return Value::OfCaller;
    }
    let value = match argument(ctx, input.name) {
        Some(argument) => argument.value(),
        None => input.value().or_else(|| input.node.get("default")),
    };
    value.map_or(Value::Undetermined, Value::Known)
}

/// Returns whether the template runs only as `onExit`.
fn is_exit(ctx: &Ctx<'_, '_>, template: &Template<'_>) -> bool {
    let on_exit = ctx.manifest.spec.text_at("onExit");
    let is_named = on_exit.is_some_and(|name| name == template.name);
    is_named && !ctx.reached(ctx.entry()).iter().any(|(other, _)| std::ptr::eq(*other, template))
}

/// Reports a variable that has no value when Argo validates the target.
fn no_value(template: &Template<'_>, read: &Read<'_>) -> Option<Diagnostic> {
    let place = target(template)?.place;
    let name = &read.name;
    let report = |why: &str| {
        let message = format!("the target reads `{name}`, {why}");
        Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &place, message)
    };
    Some(match &read.value {
        Value::Missing(argument) => report("which has no `value`")
            .also(&argument.place_of("name"), "no `value` is set here")
            .help("add a `value` that names tasks; it can be overridden on submission"),
        Value::OfCaller => report("which is unknown until the template is called")
            .note("Argo validates targets before the run starts, when only the inputs of the entrypoint have values")
            .help(format!("read `{OF_WORKFLOW}…`, or name the tasks")),
        Value::RunTime => report("which is unknown until the workflow runs")
            .help(format!("name the tasks, or read `{OF_WORKFLOW}…`")),
        Value::Known(_) | Value::NotAVariable | Value::Undetermined => return None,
    })
}

/// Reports a name in the target that is not a task.
fn no_task(template: &Template<'_>, name: &str, value: Option<&YamlNode<'_>>) -> Option<Diagnostic> {
    let place = target(template)?.place;
    let report = |message: String| {
        let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &place, message);
        match value {
            Some(value) => diagnostic.also(&value.place, "the target reads this value"),
            None => diagnostic,
        }
    };
    if name.is_empty() {
        let diagnostic = report("extra space in the target".to_owned());
        return Some(
            diagnostic.help("separate the tasks with single spaces, and remove leading and trailing spaces"),
        );
    }
    let diagnostic = report(format!("unknown task `{name}` in the target"));
    Some(if name.starts_with("{{") {
        diagnostic
            .note("no variable has this name, so the tag is not replaced")
            .help(format!("name the tasks, or read `{OF_WORKFLOW}…`"))
    } else {
        spelled(template, diagnostic, name)
    })
}

/// Checks the target of a template of another file with the arguments of this workflow.
fn elsewhere(ctx: &Ctx<'_, '_>, template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    let Some(targets) = Targets::of(ctx, template) else { return };
    let own = |read: &str| {
        let name = read.strip_prefix(OF_WORKFLOW).or_else(|| read.strip_prefix(OF_INPUTS))?;
        ctx.manifest.arguments.parameter(name)
    };
    for read in &targets.reads {
        if let (Value::Missing(_), Some(argument)) = (&read.value, own(&read.name)) {
            let message =
                format!("the target of {} reads `{}`, which has no `value`", template.describe(), read.name);
            found.push(
                Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &argument.node.place_of("name"), message)
                    .help("add a `value` that names tasks"),
            );
        }
    }
    let sources = targets.sources();
    for name in targets.unknown_names(template) {
        let source = sources.get(name).filter(|(read, _)| own(read).is_some());
        let Some((read, value)) = source else { continue };
        let message = format!("unknown task `{name}`: the target of {} reads `{read}`", template.describe());
        let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TASK, &value.place, message);
        found.push(spelled(template, diagnostic, name));
    }
}
