//! Every variable that an expression reads exists and is set before it is read.

use std::collections::BTreeMap;
use std::ops::Range;

use kfp_argo::expression::{Reference, parse, references};
use kfp_argo::tag::{TagKind, tags};
use kfp_diag::{Diagnostic, Severity, codes};

use super::tags::report;
use crate::ctx::Ctx;
use crate::expression::{hyphenated, in_expression};
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
fn one(text: &Text<'_, '_, '_, '_>, written: &str, found: &mut Vec<Diagnostic>) {
    let Ok(expression) = parse(written) else { return };
    let mut guarded: BTreeMap<String, bool> = BTreeMap::new();
    let mut subtraction = 0..0;
    for reference in references(&expression) {
        if subtraction.contains(&reference.span.start) {
            continue;
        }
        if let Some(span) = subtracted(text, written, &reference) {
            found.extend(hyphen(text, &written[span.clone()]));
            subtraction = span;
            continue;
        }
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
            lookup => report(text.scope, &name, place, lookup, in_expression),
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

/// Returns the range of a name with `-` that the expression subtracts, unless the subtraction is intended.
fn subtracted(text: &Text<'_, '_, '_, '_>, written: &str, reference: &Reference) -> Option<Range<usize>> {
    let span = hyphenated(written, reference.span.start)?;
    let is_known = |name: &str| text.scope.look_up(name, true) == Lookup::Known;
    let is_number =
        written[span.clone()].split('-').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (!is_number || (is_known(&written[span.clone()]) && !is_known(&reference.dotted()))).then_some(span)
}

fn hyphen(text: &Text<'_, '_, '_, '_>, name: &str) -> Option<Diagnostic> {
    let lookup = text.scope.look_up(name, true);
    if lookup != Lookup::Known {
        return report(text.scope, name, &text.node.place, lookup, in_expression);
    }
    let message = format!("the expression subtracts at the `-` in `{name}`");
    let diagnostic = Diagnostic::error(codes::EXPRESSION_NAME, &text.node.place, message);
    Some(diagnostic.help(format!("use `{}`", in_expression(name))))
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
