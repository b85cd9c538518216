//! What a loop has made is read as what it is.

use kfp_argo::tag::{TagKind, has_tag, tags};
use kfp_diag::{Diagnostic, codes};

use super::absent::{Read, output_has_default, output_of};
use crate::ctx::Ctx;
use crate::variables::{Site, Text, for_each_text};
use crate::view::{Spot, Task};

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
    let producer = text.sight.template()?.tasks.get(read.task)?;
    of_loop(text, producer, &read, false)
}

/// What is wrong with reading an output of a loop; a reader may be prepared for it to be absent.
pub(super) fn of_loop(
    text: &Text<'_, '_, '_, '_>,
    producer: &Task<'_>,
    read: &Read<'_>,
    is_prepared: bool,
) -> Option<Diagnostic> {
    let (_, source) = producer.loops().next()?;
    let Read { task, field } = *read;
    // In its own hooks one turn of the loop is seen.
    if matches!(text.sight.site, Site::Hook(own) if own == task) {
        return None;
    }
    let place = &text.spot.place;
    if field.starts_with("outputs.artifacts.") {
        let message = format!("the artifacts of the loop `{}` are not collected", producer.name);
        return Some(
            Diagnostic::error(codes::ARGO_FAN_IN, place, message)
                .also(&source.place, "the loop")
                .help("write each under a common prefix, as `{{workflow.uid}}/…/{{item}}`, and read the prefix as a folder"),
        );
    }
    if field == "outputs.result" {
        let message =
            format!("reading the results of the loop `{}` fails if one of them is no JSON", producer.name);
        return Some(
            Diagnostic::warning(codes::ARGO_FAN_IN, place, message)
                .also(&source.place, "the loop")
                .help("write the value to a file, and make it an output parameter"),
        );
    }
    let is_list = field.starts_with("outputs.parameters");
    (is_list && !is_prepared).then(|| empty(text, producer, &source)).flatten()
}

/// A loop over nothing has no outputs.
fn empty(text: &Text<'_, '_, '_, '_>, producer: &Task<'_>, source: &Spot<'_>) -> Option<Diagnostic> {
    if text.sight.site == Site::Outputs && output_has_default(text) {
        return None;
    }
    let message = if producer.when().is_some() {
        format!("the outputs of the loop `{}` are not there if no item passes its `when`", producer.name)
    } else if source.text().is_some_and(has_tag) {
        format!("the outputs of the loop `{}` are not there if it runs over nothing", producer.name)
    } else {
        return None;
    };
    Some(
        Diagnostic::warning(codes::ARGO_FAN_IN, &text.spot.place, message)
            .also(&source.place, "the loop")
            .help(if text.sight.site == Site::Outputs {
                "give the `valueFrom` a `default: '[]'`"
            } else {
                "put the loop into a template of its own, with the list as an output that has a `default: '[]'`"
            }),
    )
}

/// The text of an item that is an object is taken out of JSON as it stands there.
fn escapes(text: &Text<'_, '_, '_, '_>, name: &str) -> Option<Diagnostic> {
    let key = name.strip_prefix("item.")?;
    let (kind, items) = text.sight.task()?.loops().next()?;
    if kind != "withItems" {
        return None;
    }
    let is_escaped = |c: char| matches!(c, '"' | '\\' | '<' | '>' | '&') || c.is_control();
    let item = items.items().find_map(|item| {
        let value = item.get(key)?;
        value.text().is_some_and(|text| text.contains(is_escaped)).then_some(value)
    })?;
    let message = format!("`{name}` keeps the escapes that JSON gives to this text");
    Some(
        Diagnostic::warning(codes::ARGO_ITEM, &text.spot.place, message)
            .also(&item.place, "quotes, `\\`, `<`, `>`, `&` and line breaks are escaped")
            .help("hand over the whole `{{item}}`, and decode it in the program"),
    )
}
