//! The name of the object is valid in Kubernetes and leaves room for suffixes.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::YamlNode;

/// The maximum length of `generateName` that Kubernetes keeps before it appends five characters.
const GENERATED: usize = 58;

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let root = &ctx.manifest.root;
    let metadata = root.get("metadata");
    let name = metadata.as_ref().and_then(|metadata| metadata.get("name"));
    let generated = metadata.as_ref().and_then(|metadata| metadata.get("generateName"));
    match (name, generated) {
        (Some(name), _) if name.text().is_some() => of_object(ctx.manifest.kind, &name, found),
        (_, Some(generated)) if generated.text().is_some() => of_generated(&generated, found),
        (None, None) => {
            let place = root.place_of("metadata");
            found.push(
                Diagnostic::error(codes::ARGO_OBJECT_NAME, &place, "missing `metadata.name`").help(
                    "add `metadata.name`, or set `metadata.generateName` to get a new name for each run",
                ),
            );
        }
        _ => {}
    }
}

fn of_object(kind: Kind, name: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let text = name.text().unwrap_or_default();
    let (most, why) = match kind {
        Kind::CronWorkflow => {
            (52, "the controller appends the time of each run to the name of a cron workflow")
        }
        Kind::Workflow | Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate => {
            (63, "the name is also used as a label value")
        }
    };
    if text.len() > most {
        let message = format!("the name is {} characters long, but the maximum is {most}", text.len());
        found.push(
            Diagnostic::error(codes::ARGO_OBJECT_NAME, &name.place, message)
                .note(why)
                .help("use a shorter name"),
        );
    }
    if !is_subdomain(text) {
        found.push(invalid_name(name, text));
    }
}

fn of_generated(name: &YamlNode<'_>, found: &mut Vec<Diagnostic>) {
    let text = name.text().unwrap_or_default();
    if text.len() > GENERATED {
        let message = format!("Kubernetes keeps only the first {GENERATED} of the {} characters", text.len());
        found.push(
            Diagnostic::warning(codes::ARGO_OBJECT_NAME, &name.place, message)
                .note("it appends five characters, and a name is at most 63 characters long")
                .help("use a shorter name"),
        );
    }
    // Characters are appended, so the prefix may end with `-` or `.`.
    if !is_subdomain(&format!("{text}x")) {
        found.push(invalid_name(name, text));
    }
}

fn invalid_name(name: &YamlNode<'_>, text: &str) -> Diagnostic {
    let better: String =
        text.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let better = better.trim_start_matches('-');
    let diagnostic =
        Diagnostic::error(codes::ARGO_OBJECT_NAME, &name.place, format!("invalid name `{text}`"));
    let form = "use lowercase letters, digits, `-` and `.`, and start and end with a letter or digit";
    if better.is_empty() {
        diagnostic.help(form)
    } else {
        diagnostic
            .note("a name consists of lowercase letters, digits, `-` and `.`, and starts and ends with a letter or digit")
            .help(format!("use `{better}`"))
    }
}

/// Returns whether the name is an RFC 1123 subdomain.
fn is_subdomain(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 253
        && name.split('.').all(|label| {
            label.starts_with(is_letter)
                && label.ends_with(is_letter)
                && label.chars().all(|c| is_letter(c) || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_are_subdomains() {
        for (name, fits) in [
            ("a", true),
            ("a-1.b", true),
            ("", false),
            ("A", false),
            ("a-", false),
            ("a..b", false),
            ("a_b", false),
        ] {
            assert_eq!(is_subdomain(name), fits, "{name}");
        }
    }
}
