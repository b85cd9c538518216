//! The list of failures for the exit hook, computed by one expression.
//!
//! Argo lists every failed node of a workflow, including graphs, loops, retries and their attempts, in random order and
//! with display names that are not unique. The pod name of each ends in the FNV-1a hash of the node's full name, which
//! is the full name of the parent node, a separator and the display name. The hash is inverted for the part that the
//! node added, which results in the hash of the parent. So the expression reconstructs the tree without full names, and
//! sorts and limits the list. The specification is in [`kfp_model`].

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::Expression;
use kfp_model::status::{FULL_MESSAGES, LISTED_FAILURES, MESSAGE_CHARACTERS, PATH_CHARACTERS, UNLISTED};

use crate::lower::plan::{Plan, Template, Value};

/// The expression, in Argo's language.
const SOURCE: &str = include_str!("failures.expr");

/// The line of JSON that the runtimes of steps write.
const LINE: &str = r#"[{]"class":"(data|permanent|transient|unknown)","message":"([^"\\[:cntrl:]]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"[}]"#;

/// The inverse of the FNV-1a prime modulo 2^32.
const INVERSE: u32 = 899_433_627;

/// The maximum number of failed nodes that are read, because the memory of an expression is limited.
const NODES: usize = 20_000;

/// The maximum depth of nodes in a workflow: Argo allows 100 nested templates, and each adds at most a node for its
/// task, for an iteration and for an attempt.
const LEVELS: usize = 300;

/// Sets the expression as the value of the arguments of the exit handler that are the list.
pub(in crate::lower) fn write(plan: &mut Plan, pipeline: &str) {
    let Some(exit) = &plan.exit else { return };
    if !exit.arguments.iter().any(|argument| argument.value == Value::Failures) {
        return;
    }
    let body = plan.template(&plan.entry).and_then(|entry| entry.tasks().first());
    let body = body.map_or("", |task| task.calls.as_str());
    let list = Value::from(expression(body, &paths(plan, body), pipeline));
    for argument in plan.exit.iter_mut().flat_map(|exit| &mut exit.arguments) {
        if argument.value == Value::Failures {
            argument.value.clone_from(&list);
        }
    }
}

/// Returns what tasks add to a path, by `TEMPLATE.TASK`, except for tasks that add their name.
fn paths(plan: &Plan, body: &str) -> BTreeMap<String, String> {
    let by_name: BTreeMap<&str, &Template> =
        plan.templates.iter().map(|template| (template.name.as_str(), template)).collect();
    let (mut paths, mut seen, mut open) = (BTreeMap::new(), BTreeSet::new(), vec![body]);
    while let Some(name) = open.pop() {
        let Some(template) = by_name.get(name).filter(|_| seen.insert(name)) else { continue };
        for task in template.tasks() {
            open.push(&task.calls);
            if task.origin.as_deref() != Some(&task.name) {
                let path = task.origin.as_ref().map(|path| format!("/{path}")).unwrap_or_default();
                paths.insert(format!("{name}.{}", task.name), path);
            }
        }
    }
    paths
}

/// Returns the expression for the list as a JSON text.
fn expression(body: &str, paths: &BTreeMap<String, String>, pipeline: &str) -> Expression {
    let count = |count: usize| Expression::integer(i64::try_from(count).unwrap_or(i64::MAX));
    let paths = paths.iter().map(|(task, path)| (task.as_str(), path.as_str().into()));
    Expression::template(
        SOURCE,
        [
            ("NODES", count(NODES)),
            ("INVERSE", i64::from(INVERSE).into()),
            ("MASK", i64::from(u32::MAX).into()),
            ("PATHS", Expression::map(paths)),
            ("LEVELS", count(LEVELS)),
            ("BODY", body.into()),
            ("PIPELINE", pipeline.into()),
            ("LISTED", count(LISTED_FAILURES)),
            ("CHARACTERS", count(MESSAGE_CHARACTERS)),
            ("FULL_MESSAGES", count(FULL_MESSAGES)),
            ("LINE", LINE.into()),
            ("PATH_CHARACTERS", count(PATH_CHARACTERS)),
            ("UNLISTED", UNLISTED.into()),
        ],
    )
}
