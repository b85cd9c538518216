//! How expectations name the steps of a run: by what leads to them, without what does not show.

use kfp_model::{Callee, Document, Region, Task, TaskKind};

/// The name of the arm of a branch that runs if no condition is true.
const OTHERWISE: &str = "otherwise";

/// The name of the step with that path in a run of the pipeline, as [`Run`](super::Run) names it; `None` for a task
/// that is not a step. The path has the names that the author wrote.
pub fn shown_name(document: &Document, pipeline: &str, path: &str) -> Option<String> {
    let mut shown = Vec::new();
    let region = &document.pipeline(pipeline)?.root;
    in_region(document, region, path, &mut shown).then(|| shown.join("/"))
}

/// Whether the rest of a path leads to a step of the region.
fn in_region(document: &Document, region: &Region, path: &str, shown: &mut Vec<String>) -> bool {
    region.tasks.iter().any(|task| {
        after(path, &task.name).is_some_and(|rest| {
            let before = shown.len();
            let found = in_task(document, task, rest, shown);
            if !found {
                shown.truncate(before);
            }
            found
        })
    })
}

fn in_task(document: &Document, task: &Task, rest: &str, shown: &mut Vec<String>) -> bool {
    match &task.kind {
        TaskKind::Call(call) => {
            shown.push(task.name.clone());
            match &call.callee {
                Callee::Component(_) => rest.is_empty(),
                Callee::Pipeline(name) => document
                    .pipeline(name)
                    .is_some_and(|pipeline| in_region(document, &pipeline.root, rest, shown)),
            }
        }
        TaskKind::Approval(_) | TaskKind::Import(_) => {
            shown.push(task.name.clone());
            rest.is_empty()
        }
        TaskKind::Loop(repeat) => {
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let (number, _) = rest.split_at(digits);
            shown.push(number.to_owned());
            after(rest, number).is_some_and(|rest| in_region(document, &repeat.body, rest, shown))
        }
        TaskKind::Branch(branch) => {
            let arms = branch.arms.iter().map(|arm| (arm.name.as_str(), &arm.region));
            let mut arms = arms.chain(branch.otherwise.iter().map(|region| (OTHERWISE, region)));
            arms.any(|(name, region)| {
                after(rest, name).is_some_and(|rest| in_region(document, region, rest, shown))
            })
        }
        TaskKind::ExitHandler(guard) => match rest.strip_prefix("exit.") {
            Some(exit) if in_region(document, &guard.exit, exit, shown) => true,
            _ => in_region(document, &guard.body, rest, shown),
        },
    }
}

/// What follows a name in a path.
fn after<'p>(path: &'p str, name: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(name)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn branches_loops_and_exit_handlers_do_not_show() {
        let task = |name: &str, kind| json!({"id": name, "name": name, "kind": kind});
        let step = |name: &str| task(name, json!({"call": {"callee": {"component": "add"}}}));
        let condition = json!({"holds": {"constant": true}});
        let branch = json!({"branch": {
            "arms": [{"name": "big", "condition": condition, "region": {"tasks": [step("in-big")]}}],
            "otherwise": {"tasks": [step("in-small")]},
        }});
        let body = json!({"tasks": [task("choose", branch), task("call", json!({"call": {"callee": {"pipeline": "inner"}}}))]});
        let repeat = json!({"loop": {"items": {"constant": [1]}, "body": body}});
        let guard = json!({"exit_handler": {"body": {"tasks": [task("all", repeat)]}, "exit": {"tasks": [step("end")]}}});
        let document = json!({"schema_version": 1, "components": {}, "pipelines": [
            {"name": "outer", "root": {"tasks": [task("exit_handler", guard), step("Load all/of it")]}},
            {"name": "inner", "root": {"tasks": [step("add")]}},
        ]});
        let document = Document::from_json(&document.to_string()).unwrap();
        for (path, expect) in [
            ("Load all/of it", Some("Load all/of it")),
            ("guard/exit.end", Some("end")),
            ("guard/all/3/choose/big/in-big", Some("3/in-big")),
            ("guard/all/3/choose/otherwise/in-small", Some("3/in-small")),
            ("guard/all/12/call/add", Some("12/call/add")),
            ("exit_handler", None),
            ("guard/all", None),
            ("guard/all/0", None),
            ("guard/all/0/call", None),
            ("guard/end", None),
            ("other", None),
        ] {
            assert_eq!(shown_name(&document, "outer", path).as_deref(), expect, "{path}");
        }
    }
}
