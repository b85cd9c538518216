//! Names that Argo accepts but that fail at run time.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::view::{Template, TemplateKind, YamlNode};

/// Names of the containers that Argo adds to a pod.
const RESERVED: [&str; 2] = ["wait", "supervisor"];

/// The name prefix of the containers that Argo adds for plugins.
const RESERVED_START: &str = "artifact-plugin-";

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        if template.kind().is_some_and(TemplateKind::is_pod) {
            found.extend(upper_case(ctx, template));
        }
        containers(template, found);
        if template.is(TemplateKind::Dag) {
            tasks(ctx.graph(template), found);
        }
    }
}

/// Reports uppercase letters: the name becomes part of the pod name, which must be lowercase.
fn upper_case<'a>(ctx: &Ctx<'_, 'a>, template: &Template<'a>) -> Option<Diagnostic> {
    let name = template.name;
    let callers = ctx.callers.of(template);
    // The pod of an entrypoint has the name of the workflow, unless it is one of several attempts.
    if !callers.is_empty() && callers.iter().all(|caller| caller.is_entry) && !ctx.retries(template) {
        return None;
    }
    name.contains(|c: char| c.is_ascii_uppercase()).then(|| {
        let message =
            format!("cannot create pods for template `{name}`: the name contains uppercase letters");
        Diagnostic::error(codes::ARGO_NAME_FAILS, &template.name_place(), message)
            .note("the name of the template becomes part of the pod name")
            .help(format!("use `{}`", name.to_ascii_lowercase()))
    })
}

fn containers(template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    let sidecars = template.node.list("sidecars");
    let set = template.node.at(&["containerSet", "containers"]).into_iter().flat_map(|set| set.items());
    for container in sidecars.chain(set) {
        found.extend(reserved(&container));
    }
    for container in template.node.list("initContainers") {
        if container.text_at("name").is_none() {
            found.push(
                Diagnostic::error(
                    codes::ARGO_CONTAINER_NAME,
                    &container.place_of("name"),
                    "missing `name` of an init container",
                )
                .help("add a `name`"),
            );
        }
    }
}

fn reserved(container: &YamlNode<'_>) -> Option<Diagnostic> {
    let name = container.text_at("name")?;
    (RESERVED.contains(&name) || name.starts_with(RESERVED_START)).then(|| {
        let message = format!("container name `{name}` is reserved by Argo");
        Diagnostic::error(codes::ARGO_CONTAINER_NAME, &container.place.key("name"), message)
            .help("rename the container")
            .note(format!(
                "reserved names are `wait`, `supervisor` and names that start with `{RESERVED_START}`"
            ))
    })
}

/// Reports task names that start with a digit where they become part of a `depends` expression.
fn tasks(graph: &Graph<'_, '_>, found: &mut Vec<Diagnostic>) {
    let template = graph.template;
    let uses_depends = template.tasks.iter().any(|task| task.depends().is_some());
    for task in template.tasks.iter().filter(|task| task.name.starts_with(|c: char| c.is_ascii_digit())) {
        let waits = task.dependencies().next().is_some();
        let waited_for = graph.waiting(task.name);
        if uses_depends || waits || waited_for.is_some() {
            let message = format!(
                "task name `{}` starts with a digit, which `depends` and `dependencies` do not support",
                task.name
            );
            let diagnostic = Diagnostic::error(codes::ARGO_NAME_FAILS, &task.name_place(), message);
            found.push(
                match waited_for {
                    Some(place) => diagnostic.also(place, "used as a dependency here"),
                    None => diagnostic,
                }
                .help(format!("use a name that starts with a letter, such as `task-{}`", task.name)),
            );
        }
    }
}
