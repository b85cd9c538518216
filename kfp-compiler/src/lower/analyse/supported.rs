//! Reports constructs that cannot be lowered to Argo, before building.

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
const ROOT_HELP: &str = "set the location of artifacts with `--pipeline-root s3://bucket/prefix`, or `pipeline-root` in kfpc.toml";

/// Reports each construct that cannot be lowered.
pub(in crate::lower) fn check(program: &Program<'_>, options: &Options) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (idx, checked) in program.pipelines().enumerate() {
        let (_, exit) = parts(program, checked.pipeline());
        let exit = exit.filter(|_| idx == 0).map(|(_, handler)| handler);
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
    Diagnostic::error(codes::NOT_LOWERED, place, format!("cannot lower {what} to Argo"))
}

fn node_check(
    program: &Program<'_>,
    checked: &Checked<'_>,
    node: &Node<'_>,
    (exit, options): (Option<&ExitHandler>, &Options),
) -> Option<Diagnostic> {
    match &node.task.kind {
        TaskKind::Import(import) => import_from(options, node, import),
        TaskKind::ExitHandler(handler) if exit.is_some_and(|exit| std::ptr::eq(exit, handler)) => {
            computed_value(handler).map(|message| refuse(&node.place, &message))
        }
        TaskKind::ExitHandler(handler) => partial_handler(program, checked, node, handler),
        TaskKind::Call(_) | TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Approval(_) => None,
    }
}

/// Reports an import that is neither below the pipeline root nor in a declared store.
fn import_from(options: &Options, node: &Node<'_>, import: &Import) -> Option<Diagnostic> {
    let name = &node.task.name;
    let places = Places::of(options, import);
    let refuse = |message: String| Diagnostic::error(codes::UNKNOWN_STORE, &node.place, message);
    if places.is_empty() {
        let uri = match places::known_start(&import.uri) {
            ("", _) => "a URI that is only known at run time".to_owned(),
            (uri, true) => format!("`{uri}`"),
            (start, false) => format!("a URI that starts with `{start}`"),
        };
        let message = format!("no store is declared for {uri} of import `{name}`");
        return Some(refuse(message).help(STORE_HELP).help(ROOT_HELP));
    }
    let (store, _) = places.stores.into_iter().find(|(_, store)| store.endpoint.is_none())?;
    let message = format!("missing endpoint of the store `{store}` for import `{name}`");
    Some(
        refuse(message)
            .help(format!("set `endpoint` of `[stores.{store}]` in kfpc.toml to the host of its S3 API")),
    )
}

fn artifact_inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let is_artifact = |r#type: &Type| r#type.artifact().is_some() && !is_list_of_artifacts(r#type);
    let artifacts = checked.pipeline().inputs.iter().filter(move |(_, input)| is_artifact(&input.r#type));
    artifacts.map(|(name, _)| {
        refuse(&checked.place(), &format!("the artifact input `{name}` of a pipeline")).help(ROOT_HELP)
    })
}

/// Reports inputs of the root pipeline that are lists of artifacts. A list is read as the folders of the steps that
/// produced its items, which do not exist for arguments.
fn list_inputs<'c>(checked: &'c Checked<'_>) -> impl Iterator<Item = Diagnostic> + 'c {
    let lists = checked.pipeline().inputs.iter().filter(|(_, input)| is_list_of_artifacts(&input.r#type));
    lists.map(|(name, _)| {
        refuse(&checked.place(), &format!("the input `{name}` with a list of artifacts"))
            .help("use one artifact that is a folder, or a separate input for each artifact")
            .help("use a list of URIs as the input, and import each URI in a loop")
    })
}

/// Reports a computed value. An exit handler can only use parameters, constants and outputs of tasks.
fn computed_value(handler: &ExitHandler) -> Option<String> {
    let computed = |value: &Expression| {
        !matches!(
            value,
            Expression::Constant(_) | Expression::Reference(Reference::Output(_) | Reference::Input(_))
        )
    };
    let (name, _) = handler.body.yields.iter().find(|(_, value)| computed(globals::as_guarded(value)))?;
    Some(format!("the computed value `{name}` for an exit handler"))
}

/// Reports what an exit handler around a part of a pipeline cannot use: Argo lists the failures of whole workflows
/// only, and global outputs have one value each.
fn partial_handler(
    program: &Program<'_>,
    checked: &Checked<'_>,
    node: &Node<'_>,
    handler: &ExitHandler,
) -> Option<Diagnostic> {
    let name = &node.task.name;
    let captures = used_in(&handler.exit, &|_| Vec::new());
    if captures.iter().any(|captured| matches!(captured, Captured::Failures(_))) {
        let what = format!("`failures()` in the exit handler `{name}` around a part of a pipeline");
        return Some(
            refuse(&node.place, &what)
                .help("use `state()`, or put the exit handler around the whole pipeline"),
        );
    }
    let outputs = globals::used_outputs(handler);
    let (task, output) = outputs.first()?;
    if may_run_repeatedly(program, checked, node) {
        let what = format!("the value `{output}` of `{task}` for the exit handler `{name}`");
        return Some(
            refuse(&node.place, &what)
                .label("the exit handler may run several times")
                .help("remove the value from the exit handler"),
        );
    }
    let of_pipeline = outputs.iter().find(|(task, _)| {
        matches!(&checked.node(task).task.kind,
            TaskKind::Call(call) if matches!(call.callee, kfp_model::Callee::Pipeline(_)))
    });
    let (task, output) = of_pipeline?;
    let what = format!("the value `{output}` of the pipeline `{task}` for the exit handler `{name}`");
    Some(refuse(&node.place, &what).help("use a value of a step"))
}

/// Whether the task is in a loop or a recursive pipeline, or in a pipeline with such a call.
fn may_run_repeatedly(program: &Program<'_>, checked: &Checked<'_>, node: &Node<'_>) -> bool {
    let name = &checked.pipeline().name;
    let calls_it = |task: &kfp_model::Task| matches!(&task.kind, TaskKind::Call(call) if call.callee == kfp_model::Callee::Pipeline(name.clone()));
    program.is_recursive(name)
        || is_in_loop(checked, node)
        || program.pipelines().any(|caller| {
            caller.nodes().any(|site| calls_it(site.task) && may_run_repeatedly(program, caller, site))
        })
}

fn is_in_loop(checked: &Checked<'_>, node: &Node<'_>) -> bool {
    checked.nodes().any(|outer| {
        matches!(&outer.task.kind, TaskKind::Loop(repeat)
            if crate::lower::analyse::captured::tasks_in(&repeat.body).contains(&node.task.id))
    })
}
