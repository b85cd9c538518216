//! Every variable that an expression reads is there, and made in time.

use std::collections::BTreeMap;

use kfp_argo::expression::{parse, references};
use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, Severity, codes};

use super::tags::report;
use crate::ctx::Ctx;
use crate::texts::with_values;
use crate::variables::{Form, Text, Verdict, for_each_text};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for_each_text(ctx, &mut |text| match text.form {
        Form::Expression => one(text, &with_values(text.written), found),
        Form::Plain | Form::Condition => {
            let tags = tags(text.written).map_while(Result::ok);
            for tag in tags.filter(|tag| tag.kind == TagKind::Expression) {
                one(text, tag.content, found);
            }
        }
    });
}

/// The names of one expression, each told once; one that cannot be read is told of elsewhere.
fn one(text: &Text<'_, '_, '_, '_>, expression: &str, found: &mut Vec<Diagnostic>) {
    let Ok(expression) = parse(expression) else { return };
    let mut guarded: BTreeMap<String, bool> = BTreeMap::new();
    for reference in references(&expression) {
        let is_guarded = guarded.entry(reference.dotted()).or_insert(true);
        *is_guarded &= reference.guards.any();
    }
    for (name, is_guarded) in guarded {
        let place = &text.spot.place;
        let diagnostic = match text.sight.look(&name, true) {
            Verdict::Foreign if is_value(&name) => None,
            Verdict::Foreign => Some(
                Diagnostic::error(codes::EXPRESSION_NAME, place, format!("there is no `{name}`"))
                    .help("take a variable or a function that is there, or write the text in quotes"),
            ),
            // That a text has no fields is told where the types are looked at.
            Verdict::Missing(_) if is_field_of_text(text, &name) => None,
            verdict => report(text.sight, &name, place, verdict),
        };
        let Some(mut diagnostic) = diagnostic else { continue };
        if is_guarded && diagnostic.code != codes::ARGO_ORDER {
            diagnostic.severity = Severity::Warning;
        } else if text.form == Form::Expression {
            // Only a tag would stay as it is written.
            diagnostic.severity = Severity::Error;
            diagnostic.primary.message.clear();
        }
        found.push(diagnostic);
    }
}

fn is_field_of_text(text: &Text<'_, '_, '_, '_>, name: &str) -> bool {
    let Some((owner, _)) = name.rsplit_once('.') else { return false };
    let is_parameter = owner.starts_with("inputs.parameters.") || owner.starts_with("workflow.parameters.");
    is_parameter && (text.sight.look(owner, false) == Verdict::Known || is_field_of_text(text, owner))
}

/// Whether the name stands for the value of a tag.
fn is_value(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'x')
}
