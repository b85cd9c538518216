//! A task runs over one thing, which is a list.

use kfp_argo::tag::has_tag;
use kfp_diag::source::Node;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::view::{Spot, Task};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for (_, task) in ctx.tasks() {
        found.extend(several(task));
        for (key, spot) in task.loops() {
            match key {
                "withParam" => found.extend(list(&spot)),
                "withSequence" => sequence(&spot, found),
                _ => found.extend(items(&spot)),
            }
        }
    }
}

fn several(task: &Task<'_>) -> Option<Diagnostic> {
    let mut loops = task.loops();
    let (first, second) = (loops.next()?, loops.next()?);
    let message = format!("`{}` runs over both `{}` and `{}`", task.name, first.0, second.0);
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &second.1.place, message)
            .also(&first.1.place, "the other one is here")
            .help("remove one of them; for loops in loops, put the inner one into a template of its own"),
    )
}

/// A list that is written out must be one. What tags give is known when the task is due.
fn list(spot: &Spot<'_>) -> Option<Diagnostic> {
    let text = spot.text().filter(|text| !has_tag(text))?;
    let message = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Array(_)) => return None,
        Ok(_) => "`withParam` is JSON, but no list".to_owned(),
        Err(_) => format!("`{text}` is no list in JSON"),
    };
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &spot.place, message)
            .help("write a list in JSON, as `[1, 2]`, or use `withItems`"),
    )
}

fn items(spot: &Spot<'_>) -> Option<Diagnostic> {
    let item = spot.items().find(|item| item.tree.node == Node::Null)?;
    Some(
        Diagnostic::error(codes::ARGO_LOOP, &item.place, "an item is nothing")
            .help("write an empty text, or remove the item"),
    )
}

fn sequence(spot: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    match (spot.has("count"), spot.has("end")) {
        (true, true) => found.push(
            Diagnostic::error(
                codes::ARGO_LOOP,
                &spot.place.key("end"),
                "the sequence has both a `count` and an `end`",
            )
            .also(&spot.place.key("count"), "the count is here")
            .help("remove one of them"),
        ),
        (false, false) => found.push(
            Diagnostic::error(codes::ARGO_LOOP, &spot.place, "the sequence has no end")
                .help("write a `count` or an `end`"),
        ),
        _ => {}
    }
    for key in ["count", "start", "end"] {
        let Some(value) = spot.get(key) else { continue };
        let Some(text) = value.scalar() else { continue };
        if !has_tag(&text) && text.parse::<i64>().is_err() {
            found.push(
                Diagnostic::error(codes::ARGO_LOOP, &value.place, format!("`{text}` is no whole number"))
                    .help("write a whole number, or a tag that gives one"),
            );
        }
    }
    if let Some(format) = spot.text_at("format").filter(|format| !has_tag(format))
        && !format.contains('%')
    {
        found.push(
            Diagnostic::warning(codes::ARGO_LOOP, &spot.place.key("format"), "the format shows no number")
                .help("write `%d` where the number belongs, or `%02d` for two digits"),
        );
    }
}
