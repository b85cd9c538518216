//! Names that are accepted and fail when the workflow runs.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::view::{Spot, Template, TemplateKind};

/// Names of containers that Argo adds to a pod.
const RESERVED: [&str; 2] = ["wait", "supervisor"];

/// How names of containers start that Argo adds for plugins.
const RESERVED_START: &str = "artifact-plugin-";

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        if template.kind().is_some_and(TemplateKind::is_pod) {
            found.extend(upper_case(template));
        }
        containers(template, found);
        if template.is(TemplateKind::Dag) {
            tasks(ctx.graph(template), found);
        }
    }
}

/// The name of a pod holds that of its template, and Kubernetes takes small letters only.
fn upper_case(template: &Template<'_>) -> Option<Diagnostic> {
    let name = template.name;
    name.contains(|c: char| c.is_ascii_uppercase()).then(|| {
        let message = format!("no pod can be made for template `{name}`, as its name has upper case letters");
        Diagnostic::error(codes::ARGO_NAME_FAILS, &template.names(), message)
            .note("the name of the template becomes part of the name of the pod")
            .help(format!("use `{}`", name.to_ascii_lowercase()))
    })
}

fn containers(template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    let sidecars = template.spot.list("sidecars");
    let set = template.spot.at(&["containerSet", "containers"]).into_iter().flat_map(|set| set.items());
    for container in sidecars.chain(set) {
        found.extend(reserved(&container));
    }
    for container in template.spot.list("initContainers") {
        if container.text_at("name").is_none() {
            found.push(
                Diagnostic::error(
                    codes::ARGO_CONTAINER_NAME,
                    &container.place_of("name"),
                    "an init container has no name",
                )
                .help("give it a `name`"),
            );
        }
    }
}

fn reserved(container: &Spot<'_>) -> Option<Diagnostic> {
    let name = container.text_at("name")?;
    (RESERVED.contains(&name) || name.starts_with(RESERVED_START)).then(|| {
        let message = format!("`{name}` is the name of a container that Argo itself adds to the pod");
        Diagnostic::error(codes::ARGO_CONTAINER_NAME, &container.place.key("name"), message)
            .help("call the container differently")
            .note(format!("`wait`, `supervisor` and all that starts with `{RESERVED_START}` are taken"))
    })
}

/// Tasks that others wait for stand in an expression, where no name starts with a digit.
fn tasks(graph: &Graph<'_, '_>, found: &mut Vec<Diagnostic>) {
    let template = graph.template;
    let uses_depends = template.tasks.iter().any(|task| task.depends().is_some());
    for task in template.tasks.iter().filter(|task| task.name.starts_with(|c: char| c.is_ascii_digit())) {
        let waits = task.dependencies().next().is_some();
        let waited_for = graph.waiting(task.name);
        if uses_depends || waits || waited_for.is_some() {
            let message = format!(
                "task `{}` starts with a digit, which `depends` and `dependencies` do not take",
                task.name
            );
            let diagnostic = Diagnostic::error(codes::ARGO_NAME_FAILS, &task.names(), message);
            found.push(
                match waited_for {
                    Some(place) => diagnostic.also(place, "it is waited for here"),
                    None => diagnostic,
                }
                .help(format!("use a name that starts with a letter, as `task-{}`", task.name)),
            );
        }
    }
}
