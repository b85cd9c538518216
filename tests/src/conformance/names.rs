//! Step names in expectations: the path of a step, without branches and exit handlers.

use kfp_model::{Callee, Document, Region, Task, TaskKind};

/// The name of the branch arm that runs if no condition is true.
const OTHERWISE: &str = "otherwise";

/// Returns the name of the step with that path in a run of the pipeline, as [`Run`](super::Run) uses it, or `None`
/// for a task that is not a step. The path contains the names that the author wrote.
pub fn shown_name(document: &Document, pipeline: &str, path: &str) -> Option<String> {
    let mut segments = Vec::new();
    let region = &document.pipeline(pipeline)?.root;
    in_region(document, region, path, &mut segments).then(|| segments.join("/"))
}

/// Returns whether the rest of a path leads to a step of the region.
fn in_region(document: &Document, region: &Region, path: &str, segments: &mut Vec<String>) -> bool {
    region.tasks.iter().any(|task| {
        after(path, &task.name).is_some_and(|rest| {
            let before = segments.len();
            let found = in_task(document, task, rest, segments);
            if !found {
                segments.truncate(before);
            }
            found
        })
    })
}

fn in_task(document: &Document, task: &Task, rest: &str, segments: &mut Vec<String>) -> bool {
    match &task.kind {
        TaskKind::Call(call) => {
            segments.push(task.name.clone());
            match &call.callee {
                Callee::Component(_) => rest.is_empty(),
                Callee::Pipeline(name) => document
                    .pipeline(name)
                    .is_some_and(|pipeline| in_region(document, &pipeline.root, rest, segments)),
            }
        }
        TaskKind::Approval(_) | TaskKind::Import(_) => {
            segments.push(task.name.clone());
            rest.is_empty()
        }
        TaskKind::Loop(repeat) => {
            let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            let (number, _) = rest.split_at(digits);
            segments.push(number.to_owned());
            after(rest, number).is_some_and(|rest| in_region(document, &repeat.body, rest, segments))
        }
        TaskKind::Branch(branch) => {
            let arms = branch.arms.iter().map(|arm| (arm.name.as_str(), &arm.region));
            let mut arms = arms.chain(branch.otherwise.iter().map(|region| (OTHERWISE, region)));
            arms.any(|(name, region)| {
                after(rest, name).is_some_and(|rest| in_region(document, region, rest, segments))
            })
        }
        TaskKind::ExitHandler(handler) => match rest.strip_prefix("exit.") {
            Some(exit) if in_region(document, &handler.exit, exit, segments) => true,
            _ => in_region(document, &handler.body, rest, segments),
        },
    }
}

/// Returns what follows a name in a path.
fn after<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(name)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn omits_branches_and_exit_handlers_and_shows_iterations() {
        let task = |name: &str, kind| json!({"id": name, "name": name, "kind": kind});
        let step = |name: &str| task(name, json!({"call": {"callee": {"component": "add"}}}));
        let condition = json!({"holds": {"constant": true}});
        let branch = json!({"branch": {
            "arms": [{"name": "big", "condition": condition, "region": {"tasks": [step("in-big")]}}],
            "otherwise": {"tasks": [step("in-small")]},
        }});
        let body = json!({"tasks": [task("choose", branch), task("call", json!({"call": {"callee": {"pipeline": "inner"}}}))]});
        let repeat = json!({"loop": {"items": {"constant": [1]}, "body": body}});
        let handler = json!({"exit_handler": {"body": {"tasks": [task("all", repeat)]}, "exit": {"tasks": [step("end")]}}});
        let document = json!({"schema_version": 1, "components": {}, "pipelines": [
            {"name": "outer", "root": {"tasks": [task("exit_handler", handler), step("Load all/of it")]}},
            {"name": "inner", "root": {"tasks": [step("add")]}},
        ]});
        let document = Document::from_json(&document.to_string()).unwrap();
        for (path, expect) in [
            ("Load all/of it", Some("Load all/of it")),
            ("exit_handler/exit.end", Some("end")),
            ("exit_handler/all/3/choose/big/in-big", Some("3/in-big")),
            ("exit_handler/all/3/choose/otherwise/in-small", Some("3/in-small")),
            ("exit_handler/all/12/call/add", Some("12/call/add")),
            ("exit_handler", None),
            ("exit_handler/all", None),
            ("exit_handler/all/0", None),
            ("exit_handler/all/0/call", None),
            ("exit_handler/end", None),
            ("other", None),
        ] {
            assert_eq!(shown_name(&document, "outer", path).as_deref(), expect, "{path}");
        }
    }
}
