//! The name of a pipeline can begin the names of Kubernetes objects.

use kfp_diag::{Diagnostic, codes};

use crate::check::ctx::Ctx;
use crate::check::limits::PIPELINE_NAME;

pub(super) fn check(ctx: &Ctx<'_>, found: &mut Vec<Diagnostic>) {
    let name = &ctx.pipeline.name;
    let length = name.chars().count();
    let place = ctx.place.key("name");
    if !is_label(name) {
        let message = format!("`{name}` is no name for a pipeline");
        let diagnostic = Diagnostic::error(codes::PIPELINE_NAME, &place, message)
            .label("lower case letters, digits and `-` are allowed, with a letter or digit at both ends");
        let right = as_label(name);
        found.push(match right.as_str() {
            "" => diagnostic,
            right => diagnostic.replace(format!("use `{right}`"), name, right),
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

/// Whether the name is a label as DNS has them (RFC 1123), length aside.
fn is_label(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(allowed) && !name.starts_with('-') && !name.ends_with('-')
}

/// The label that is closest to the name.
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
            ("Demo_2", Some("`Demo_2` is no name for a pipeline".to_owned())),
            ("-x", Some("`-x` is no name for a pipeline".to_owned())),
            ("", Some("`` is no name for a pipeline".to_owned())),
            (&long, Some(format!("the name of pipeline `{long}` has 58 characters"))),
        ] {
            let expect: Vec<String> =
                message.iter().map(|message| format!("KFP0501 /pipelines/0/name: {message}")).collect();
            let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
            check_with(&[("tasks", json!([load()])), ("/pipelines/0/name", json!(name))], &expect);
        }
    }
}
