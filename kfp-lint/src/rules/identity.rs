//! The name of the object itself is one that Kubernetes takes and that leaves room for what is added to it.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::document::Kind;
use crate::view::Spot;

/// What Kubernetes keeps of a `generateName`; five letters are added to it.
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
            found.push(Diagnostic::error(codes::ARGO_OBJECT_NAME, &place, "the object has no name").help(
                "write `metadata.name`, or `metadata.generateName` for a name that is made for each run",
            ));
        }
        _ => {}
    }
}

fn of_object(kind: Kind, name: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    let text = name.text().unwrap_or_default();
    let (most, why) = match kind {
        Kind::CronWorkflow => (52, "the time of each run is added to the name of a cron workflow"),
        Kind::Workflow | Kind::WorkflowTemplate | Kind::ClusterWorkflowTemplate => {
            (63, "it becomes the value of a label")
        }
    };
    if text.len() > most {
        let message = format!("the name has {} letters, which is more than {most}", text.len());
        found.push(
            Diagnostic::error(codes::ARGO_OBJECT_NAME, &name.place, message).note(why).help("shorten it"),
        );
    }
    if !is_subdomain(text) {
        found.push(no_name(name, text));
    }
}

fn of_generated(name: &Spot<'_>, found: &mut Vec<Diagnostic>) {
    let text = name.text().unwrap_or_default();
    if text.len() > GENERATED {
        let message = format!("only the first {GENERATED} of the {} letters are kept", text.len());
        found.push(
            Diagnostic::warning(codes::ARGO_OBJECT_NAME, &name.place, message)
                .note("five letters are added to them, and a name has 63 letters at most")
                .help("shorten it"),
        );
    }
    // Letters follow, so that it may end in what a name may not end in.
    if !is_subdomain(&format!("{text}x")) {
        found.push(no_name(name, text));
    }
}

fn no_name(name: &Spot<'_>, text: &str) -> Diagnostic {
    let better: String =
        text.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let better = better.trim_start_matches('-');
    let diagnostic = Diagnostic::error(
        codes::ARGO_OBJECT_NAME,
        &name.place,
        format!("Kubernetes takes no name as `{text}`"),
    );
    let form = "a name is of small letters, digits, `-` and `.`, with a letter or a digit at both ends";
    if better.is_empty() {
        diagnostic.help(form)
    } else {
        diagnostic.note(form).help(format!("use `{better}`"))
    }
}

/// Whether it is a DNS subdomain of RFC 1123.
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
