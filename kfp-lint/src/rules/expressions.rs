//! Every variable that an expression reads exists and is set before it is read.

use std::collections::BTreeMap;

use kfp_argo::expression::{parse, references};
use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, Severity, codes};

use super::tags::report;
use crate::ctx::Ctx;
use crate::texts::with_values;
use crate::variables::{Form, Lookup, Text, for_each_text};

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

/// Checks each name of an expression once. Syntax errors are reported elsewhere.
fn one(text: &Text<'_, '_, '_, '_>, expression: &str, found: &mut Vec<Diagnostic>) {
    let Ok(expression) = parse(expression) else { return };
    let mut guarded: BTreeMap<String, bool> = BTreeMap::new();
    for reference in references(&expression) {
        let is_guarded = guarded.entry(reference.dotted()).or_insert(true);
        *is_guarded &= reference.guards.any();
    }
    for (name, is_guarded) in guarded {
        let place = &text.node.place;
        let diagnostic = match text.scope.look_up(&name, true) {
            Lookup::NotAVariable if is_placeholder(&name) => None,
            Lookup::NotAVariable => Some(
                Diagnostic::error(codes::EXPRESSION_NAME, place, format!("unknown name `{name}`"))
                    .help("use an existing variable or function, or put a string in quotes"),
            ),
            // Field access on strings is reported by the type check.
            Lookup::Missing(_) if is_field_of_string(text, &name) => None,
            lookup => report(text.scope, &name, place, lookup),
        };
        let Some(mut diagnostic) = diagnostic else { continue };
        if is_guarded && diagnostic.code != codes::ARGO_ORDER {
            diagnostic.severity = Severity::Warning;
        } else if text.form == Form::Expression {
            // Only tags are left unreplaced; an unknown name in an expression is an error.
            diagnostic.severity = Severity::Error;
            diagnostic.primary.message.clear();
        }
        found.push(diagnostic);
    }
}

fn is_field_of_string(text: &Text<'_, '_, '_, '_>, name: &str) -> bool {
    let Some((owner, _)) = name.rsplit_once('.') else { return false };
    let is_parameter = owner.starts_with("inputs.parameters.") || owner.starts_with("workflow.parameters.");
    is_parameter && (text.scope.look_up(owner, false) == Lookup::Known || is_field_of_string(text, owner))
}

/// Returns whether the name is the placeholder of a replaced tag.
fn is_placeholder(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'x')
}
