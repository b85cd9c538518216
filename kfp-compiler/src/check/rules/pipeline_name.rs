//! The name of a pipeline is a valid prefix of the names of Kubernetes objects.

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;
use crate::check::limits::PIPELINE_NAME;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let name = &ctx.pipeline.name;
    let length = name.chars().count();
    let place = ctx.place.key("name");
    if !is_label(name) {
        let message = format!("invalid pipeline name `{name}`");
        let diagnostic = Diagnostic::error(codes::PIPELINE_NAME, &place, message)
            .label("expected lowercase letters, digits and `-`, starting and ending with a letter or digit");
        let label = as_label(name);
        found.push(match label.as_str() {
            "" => diagnostic,
            label => diagnostic.replace(format!("use `{label}`"), name, label),
        });
    } else if length > PIPELINE_NAME.most {
        let message = format!("the name of pipeline `{name}` has {length} characters");
        let diagnostic = Diagnostic::error(codes::PIPELINE_NAME, &place, message);
        found.push(
            diagnostic
                .label(format!("at most {} are allowed", PIPELINE_NAME.most))
                .note(PIPELINE_NAME.reason),
        );
    }
}

/// Whether the name is an RFC 1123 label, ignoring its length.
fn is_label(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with('-') && !name.ends_with('-')
}

/// Returns the valid label that is closest to the name; it may be empty.
fn as_label(name: &str) -> String {
    let label: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    label.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::testing::{check_with, load};

    #[test]
    fn names_are_labels() {
        let long = "a".repeat(58);
        for (name, message) in [
            ("demo-2", None),
            (&long[1..], None),
            ("Demo_2", Some("invalid pipeline name `Demo_2`".to_owned())),
            ("-x", Some("invalid pipeline name `-x`".to_owned())),
            ("", Some("invalid pipeline name ``".to_owned())),
            (&long, Some(format!("the name of pipeline `{long}` has 58 characters"))),
        ] {
            let expect: Vec<String> =
                message.iter().map(|message| format!("KFP0501 /pipelines/0/name: {message}")).collect();
            let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
            check_with(&[("tasks", json!([load()])), ("/pipelines/0/name", json!(name))], &expect);
        }
    }
}
