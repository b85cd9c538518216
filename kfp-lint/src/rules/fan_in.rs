//! Outputs of loops are read as lists.

use kfp_argo::tag::{TagKind, has_tag, tags};
use kfp_diag::{Diagnostic, codes};

use super::absent::{Read, output_has_default, output_of};
use crate::ctx::Ctx;
use crate::variables::{Site, Text, for_each_text};
use crate::view::{Task, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for_each_text(ctx, &mut |text| {
        for tag in tags(text.written).flatten().filter(|tag| tag.kind == TagKind::Simple) {
            found.extend(read(text, tag.name()));
            found.extend(escapes(text, tag.name()));
        }
    });
}

fn read(text: &Text<'_, '_, '_, '_>, name: &str) -> Option<Diagnostic> {
    let read = output_of(text, name)?;
    let producer = text.scope.template()?.tasks.get(read.task)?;
    of_loop(text, producer, &read, false)
}

/// Checks a read of an output of a loop. `is_prepared` is whether the reader handles an absent output.
pub(super) fn of_loop(
    text: &Text<'_, '_, '_, '_>,
    producer: &Task<'_>,
    read: &Read<'_>,
    is_prepared: bool,
) -> Option<Diagnostic> {
    let (_, source) = producer.loops().next()?;
    let Read { task, field } = *read;
    // The hooks of the loop see a single iteration.
    if matches!(text.scope.site, Site::Hook(own) if own == task) {
        return None;
    }
    let place = &text.node.place;
    if field.starts_with("outputs.artifacts.") {
        let message = format!("the artifacts of the loop `{}` are not collected", producer.name);
        return Some(
            Diagnostic::error(codes::ARGO_FAN_IN, place, message)
                .also(&source.place, "the loop is here")
                .help("write each artifact under a common prefix, such as `{{workflow.uid}}/…/{{item}}`, and read the prefix as a directory"),
        );
    }
    if field == "outputs.result" {
        let message =
            format!("reading the results of the loop `{}` fails if a result is not JSON", producer.name);
        return Some(
            Diagnostic::warning(codes::ARGO_FAN_IN, place, message)
                .also(&source.place, "the loop is here")
                .help("write the value to a file and declare an output parameter for it"),
        );
    }
    let is_list = field.starts_with("outputs.parameters");
    (is_list && !is_prepared).then(|| empty(text, producer, &source)).flatten()
}

/// Reports outputs of a loop that may have no iterations.
fn empty(text: &Text<'_, '_, '_, '_>, producer: &Task<'_>, source: &YamlNode<'_>) -> Option<Diagnostic> {
    if text.scope.site == Site::Outputs && output_has_default(text) {
        return None;
    }
    let message = if producer.when().is_some() {
        format!("the outputs of the loop `{}` are missing if `when` is false for all items", producer.name)
    } else if source.text().is_some_and(has_tag) {
        format!("the outputs of the loop `{}` are missing if the list is empty", producer.name)
    } else {
        return None;
    };
    Some(
        Diagnostic::warning(codes::ARGO_FAN_IN, &text.node.place, message)
            .also(&source.place, "the loop is here")
            .help(if text.scope.site == Site::Outputs {
                "add `default: '[]'` to the `valueFrom`"
            } else {
                "move the loop to a separate template that outputs the list with `default: '[]'`"
            }),
    )
}

/// Reports strings in object items that keep their JSON escapes.
fn escapes(text: &Text<'_, '_, '_, '_>, name: &str) -> Option<Diagnostic> {
    let key = name.strip_prefix("item.")?;
    let (kind, items) = text.scope.task()?.loops().next()?;
    if kind != "withItems" {
        return None;
    }
    let is_escaped = |c: char| matches!(c, '"' | '\\' | '<' | '>' | '&') || c.is_control();
    let item = items.items().find_map(|item| {
        let value = item.get(key)?;
        value.text().is_some_and(|text| text.contains(is_escaped)).then_some(value)
    })?;
    let message = format!("`{name}` keeps the JSON escapes of this string");
    Some(
        Diagnostic::warning(codes::ARGO_ITEM, &text.node.place, message)
            .also(&item.place, "quotes, `\\`, `<`, `>`, `&` and line breaks are escaped")
            .help("pass the whole `{{item}}` and decode it in the container"),
    )
}
