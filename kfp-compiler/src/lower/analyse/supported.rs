//! What this version does not lower, told before anything is made.

use kfp_diag::{Diagnostic, codes};
use kfp_model::{ExitHandler, Expression, Import, Place, Reference, TaskKind, Type};

use crate::check::{Checked, Node, Program};
use crate::lower::analyse::captured::{Captured, used_in};
use crate::lower::analyse::collections::is_list_of_artifacts;
use crate::lower::analyse::globals;
use crate::lower::analyse::outermost::parts;
use crate::lower::analyse::places;
use crate::lower::analyse::places::Places;
use crate::lower::options::Options;

const STORE_HELP: &str = "declare the store in kfpc.toml: `[stores.NAME]` with `scheme` and `endpoint`";
const ROOT_HELP: &str =
    "say where artifacts lie: `--pipeline-root s3://bucket/prefix`, or `pipeline-root` in kfpc.toml";

/// One diagnostic for each construct that has no lowering.
pub(in crate::lower) fn check(program: &Program<'_>, options: &Options) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (idx, checked) in program.pipelines().enumerate() {
        let (_, exit) = parts(program, checked.pipeline());
        let exit = exit.filter(|_| idx == 0).map(|(_, guard)| guard);
        diagnostics
            .extend(checked.nodes().filter_map(|node| node_check(program, checked, node, (exit, options))));
        if idx == 0 {
            diagnostics.extend(list_inputs(checked));
            if options.pipeline_root.is_none() {
                diagnostics.extend(artifact_inputs(checked));
            }
        }
    }
    diagnostics
}

pub(in crate::lower) fn refuse(place: &Place, what: &str) -> Diagnostic {
    Diagnostic::error(codes::NOT_LOWERED, place, format!("{what} cannot be lowered to Argo"))
}

fn node_check(
    program: &Program<'_>,
    checked: &Checked<'_>,
    node: &Node<'_>,
    (exit, options): (Option<&ExitHandler>, &Options),
) -> Option<Diagnostic> {
    match &node.task.kind {
        TaskKind::Import(import) => import_from(options, node, import),
        TaskKind::ExitHandler(guard) if exit.is_some_and(|exit| std::ptr::eq(exit, guard)) => {
            computed_value(guard).map(|message| refuse(&node.place, &message))
        }
        TaskKind::ExitHandler(guard) => partial_guard(program, checked, node, guard),
        TaskKind::Call(_) | TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Approval(_) => None,
    }
}

/// What is imported has to lie below the pipeline root, or in a store that is declared.
fn import_from(options: &Options, node: &Node<'_>, import: &Import) -> Option<Diagnostic> {
    let name = &node.task.name;
    let places = Places::of(options, import);
    let refuse = |message: String| Diagnostic::error(codes::UNKNOWN_STORE, &node.place, message);
    if places.are_none() {
        let what = match places::known_start(&import.uri) {
            ("", _) => "a URI that is known at run time only".to_owned(),
            (uri, true) => format!("`{uri}`"),
            (start, false) => format!("a URI that begins with `{start}`"),
        };
        let message = format!("import `{name}` takes {what}, and no store is declared that it may lie in");
        return Some(refuse(message).help(STORE_HELP).help(ROOT_HELP));
    }
    let (store, _) = places.stores.into_iter().find(|(_, store)| store.endpoint.is_none())?;
    let message = format!("import `{name}` takes from the store `{store}`, which has no endpoint");
    Some(
        refuse(message)
            .help(format!("say where its S3 API is: `endpoint` of `[stores.{store}]` in kfpc.toml")),
    )
}

fn artifact_inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let is_artifact = |r#type: &Type| r#type.artifact().is_some() && !is_list_of_artifacts(r#type);
    let artifacts = checked.pipeline().inputs.iter().filter(move |(_, input)| is_artifact(&input.r#type));
    artifacts.map(|(name, _)| {
        refuse(&checked.place(), &format!("the artifact input `{name}` of a pipeline")).help(ROOT_HELP)
    })
}

/// A list is read as the folders of those who made its items, and nobody made what a run is given.
fn list_inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let lists = checked.pipeline().inputs.iter().filter(|(_, input)| is_list_of_artifacts(&input.r#type));
    lists.map(|(name, _)| {
        refuse(&checked.place(), &format!("the input `{name}` of a pipeline, a list of artifacts,"))
            .help("take one artifact that is a folder, or an input for each artifact")
            .help("take the URIs as a list of texts, and import each in a loop")
    })
}

/// An exit handler sees parameters, constants and outputs of tasks, nothing computed of them.
fn computed_value(guard: &ExitHandler) -> Option<String> {
    let computed = |value: &Expression| {
        !matches!(
            value,
            Expression::Constant(_) | Expression::Reference(Reference::Output(_) | Reference::Input(_))
        )
    };
    let (name, _) = guard.body.yields.iter().find(|(_, value)| computed(globals::as_guarded(value)))?;
    Some(format!("the computed value `{name}`, handed to an exit handler,"))
}

/// Argo knows neither the failures of a part of a workflow, nor values that are made several times.
fn partial_guard(
    program: &Program<'_>,
    checked: &Checked<'_>,
    node: &Node<'_>,
    guard: &ExitHandler,
) -> Option<Diagnostic> {
    let name = &node.task.name;
    if used_in(&guard.exit, &|_| Vec::new()).iter().any(|captured| matches!(captured, Captured::Failures(_)))
    {
        let what =
            format!("`failures()` in the exit handler `{name}`, which is around a part of a pipeline,");
        return Some(
            refuse(&node.place, &what).help("use `state()`, or put the handler around the pipeline"),
        );
    }
    let wanted = globals::wanted(guard);
    let (task, output) = wanted.first()?;
    if runs_often(program, checked, node) {
        let what = format!(
            "the value `{output}` of `{task}`, handed to the exit handler `{name}`, which may run \
                            several times,"
        );
        return Some(refuse(&node.place, &what).help("let the exit handler do without the value"));
    }
    let by_pipeline = wanted.iter().find(|(task, _)| {
        matches!(&checked.node(task).task.kind,
            TaskKind::Call(call) if matches!(call.callee, kfp_model::Callee::Pipeline(_)))
    });
    let (task, output) = by_pipeline?;
    let what = format!("the value `{output}` of the pipeline `{task}`, handed to the exit handler `{name}`,");
    Some(refuse(&node.place, &what).help("hand on a value of a step"))
}

/// Whether the task stands in a loop or in a pipeline that calls itself, or in a pipeline whose call does.
fn runs_often(program: &Program<'_>, checked: &Checked<'_>, node: &Node<'_>) -> bool {
    let name = &checked.pipeline().name;
    let calls_it = |task: &kfp_model::Task| matches!(&task.kind, TaskKind::Call(call) if call.callee == kfp_model::Callee::Pipeline(name.clone()));
    program.is_recursive(name)
        || is_in_loop(checked, node)
        || program
            .pipelines()
            .any(|caller| caller.nodes().any(|site| calls_it(site.task) && runs_often(program, caller, site)))
}

fn is_in_loop(checked: &Checked<'_>, node: &Node<'_>) -> bool {
    checked.nodes().any(|outer| {
        matches!(&outer.task.kind, TaskKind::Loop(repeat)
            if crate::lower::analyse::captured::tasks_in(&repeat.body).contains(&node.task.id))
    })
}
