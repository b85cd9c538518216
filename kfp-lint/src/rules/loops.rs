//! A task has at most one loop, and it iterates over a list.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Node;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Task, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for (_, task) in ctx.tasks() {
        found.extend(several(task));
        for (key, node) in task.loops() {
            match key {
                "withParam" => found.extend(list(&node)),
                "withSequence" => sequence(&node, found),
                _ => found.extend(items(&node)),
            }
        }
    }
}

fn several(task: &Task<'_>) -> Option<Diagnostic> {
    let mut loops = task.loops();
    let (first, second) = (loops.next()?, loops.next()?);
    let message = format!("task `{}` has both `{}` and `{}`", task.name, first.0, second.0);
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &second.1.place, message)
            .also(&first.1.place, "the first loop is here")
            .help("remove one of them, or move the inner loop to a separate template"),
    )
}

/// Checks that a literal `withParam` is a JSON list. Values of tags are unknown until run time.
fn list(node: &YamlNode<'_>) -> Option<Diagnostic> {
    let text = node.text().filter(|text| !has_tag(text))?;
    let message = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Array(_)) => return None,
        Ok(_) => "`withParam` is not a JSON list".to_owned(),
        Err(_) => format!("invalid JSON `{text}` in `withParam`"),
    };
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &node.place, message)
            .help("use a JSON list such as `[1, 2]`, or `withItems`"),
    )
}

fn items(node: &YamlNode<'_>) -> Option<Diagnostic> {
    let item = node.items().find(|item| item.tree.node == Node::Null)?;
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &item.place, "an item is null")
            .help("use an empty string, or remove the item"),
    )
}

fn sequence(node: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    match (node.has("count"), node.has("end")) {
        (true, true) => found.push(
            Diagnostic::error(
                codes::ARGO_LOOP,
                &node.place.key("end"),
                "`count` and `end` are mutually exclusive",
            )
            .also(&node.place.key("count"), "`count` is set here")
            .help("remove one of them"),
        ),
        (false, false) => found.push(
            Diagnostic::error(codes::ARGO_LOOP, &node.place, "missing `count` or `end` in the sequence")
                .help("add a `count` or an `end`"),
        ),
        _ => {}
    }
    for key in ["count", "start", "end"] {
        let Some(value) = node.get(key) else { continue };
        let Some(text) = value.scalar() else { continue };
        if !has_tag(&text) && text.parse::<i64>().is_err() {
            found.push(
                Diagnostic::error(codes::ARGO_LOOP, &value.place, format!("invalid integer `{text}`"))
                    .help("use an integer, or a tag that contains one"),
            );
        }
    }
    if let Some(format) = node.text_at("format").filter(|format| !has_tag(format))
        && !format.contains('%')
    {
        found.push(
            Diagnostic::warning(
                codes::ARGO_LOOP,
                &node.place.key("format"),
                "the format does not contain the number",
            )
            .help("add `%d`, or `%02d` for two digits"),
        );
    }
}
