//! Placeholders in container commands refer to declared inputs and outputs.

use kfp_diag::{Diagnostic, codes, spelling};
use kfp_model::{Component, Implementation, Place};

use super::phrases::suggest_name;

/// The kinds of placeholders: the prefix, what the name refers to, and the allowed suffixes.
const KINDS: [(&str, &str, &[&str]); 2] =
    [("{inputs.", "input", &["", "path", "json"]), ("{outputs.", "output", &["path"])];

pub(super) fn check(component: &Component, place: &Place, found: &mut Vec<Diagnostic>) {
    let Implementation::Container(step) = &component.implementation else { return };
    let place = place.key("implementation").key("container");
    for (key, texts) in [("command", &step.command), ("args", &step.args)] {
        for (idx, text) in texts.iter().enumerate() {
            for_each_placeholder(text, &mut |kind, inside| {
                found.extend(problem(component, kind, inside, &place.key(key).index(idx)));
            });
        }
    }
}

/// Calls `visit` with the kind of every placeholder and the text between its prefix and its closing brace.
fn for_each_placeholder(text: &str, visit: &mut impl FnMut(usize, &str)) {
    for (kind, (start, _, _)) in KINDS.iter().enumerate() {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once(start) {
            rest = after;
            if let Some((inside, _)) = after.split_once('}')
                && !inside.is_empty()
                && !inside.contains(char::is_whitespace)
            {
                visit(kind, inside);
            }
        }
    }
}

fn problem(component: &Component, kind: usize, inside: &str, place: &Place) -> Option<Diagnostic> {
    let (start, noun, suffixes) = KINDS[kind];
    let (name, suffix) = inside.split_once('.').unwrap_or((inside, ""));
    let known: Vec<&str> = match noun {
        "input" => component.inputs.keys().map(String::as_str).collect(),
        _ => component.outputs.keys().map(String::as_str).collect(),
    };
    let message = format!("unknown {noun} of `{}` in placeholder `{start}{inside}}}`", component.name);
    if !known.contains(&name) {
        let diagnostic = Diagnostic::error(codes::UNKNOWN_PLACEHOLDER, place, message);
        return Some(suggest_name(diagnostic, name, known.iter().copied(), |diagnostic| {
            diagnostic.note(format!("it has {}", spelling::having(noun, &known)))
        }));
    }
    let forms = suffixes.iter().map(|suffix| match *suffix {
        "" => format!("{start}{name}}}"),
        suffix => format!("{start}{name}.{suffix}}}"),
    });
    (!suffixes.contains(&suffix)).then(|| {
        let message = format!("invalid placeholder `{start}{inside}}}`");
        let diagnostic = Diagnostic::error(codes::UNKNOWN_PLACEHOLDER, place, message);
        diagnostic.help(format!("use {}", spelling::list(forms)))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn placeholders_refer_to_declared_names() {
        let command =
            json!(["sh", "-c", "cat {inputs.path} {inputs.pth} > {outputs.rows.path}; echo {outputs.rows}"]);
        check_with(
            &[("tasks", json!([load()])), ("/components/load/implementation/container/command", command)],
            &[
                "KFP0208 /components/load/implementation/container/command/2: unknown input of `load` in placeholder \
                 `{inputs.pth}`",
                "KFP0208 /components/load/implementation/container/command/2: invalid placeholder `{outputs.rows}`",
            ],
        );
    }
}
