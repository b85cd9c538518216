//! What leaves a DAG template: its region's yields become output parameters.

use kfp_model::{Expression, Reference, Region};

use super::atom::Atom;
use super::ctx::Ctx;
use super::expression::{Printer, Reader};
use super::scope::{Scope, Source};
use crate::argo::{Parameter, ValueFrom};
use crate::check::missing_of;

/// What a DAG template is to what calls it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is called as it is.
    Called,
    /// It is called once for each item of a list. Its outputs begin with `=`: where all of them were JSON
    /// objects or lists, Argo would put them into the list decoded, and damage them.
    Iterated,
}

/// The output parameters of a region's template.
pub(super) fn outputs(ctx: &Ctx<'_, '_>, scope: &Scope, region: &Region, role: Role) -> Vec<Parameter> {
    let printer = Printer { ctx, scope, reader: Reader::End };
    let output = |(name, expression): (&String, &Expression)| {
        let source = match role {
            Role::Called => called(&printer, expression),
            Role::Iterated => ValueFrom::expression(format!("'=' + ({})", or_null(&printer, expression))),
        };
        Parameter::from_source(name, source)
    };
    region.yields.iter().map(output).collect()
}

pub(super) fn called(printer: &Printer<'_, '_, '_>, expression: &Expression) -> ValueFrom {
    if let Expression::Reference(Reference::Output(output)) = expression {
        let atom = Atom::Output(output.task.clone(), output.output.clone());
        let source = printer.source(&atom);
        let may_skip = printer.ctx.absence.may_skip(printer.ctx.checked, &output.task);
        let is_told = !may_skip || printer.scope.is_relocated(&atom);
        if let (Source::Task(..), true) = (&source, is_told) {
            // An empty text stays one: the value is absent there as well.
            return ValueFrom::parameter(source.tag());
        }
    }
    let value = printer.json(expression);
    ValueFrom::expression(match presence(printer, expression) {
        Some(present) => format!("{present} ? {value} : ''"),
        None => value,
    })
}

fn or_null(printer: &Printer<'_, '_, '_>, expression: &Expression) -> String {
    let value = printer.json(expression);
    match presence(printer, expression) {
        Some(present) => format!("{present} ? {value} : 'null'"),
        None => value,
    }
}

/// The condition under which an expression has a value; none where it always has.
fn presence(printer: &Printer<'_, '_, '_>, expression: &Expression) -> Option<String> {
    let (ctx, mut terms) = (printer.ctx, Vec::<(Atom, String)>::new());
    loop {
        let is_absent = |reference: &Reference| match reference {
            Reference::Output(output) => {
                let atom = Atom::Output(output.task.clone(), output.output.clone());
                ctx.absence.may_be_absent(ctx.checked, &output.task, &output.output)
                    && matches!(printer.source(&atom), Source::Task(..))
                    && !terms.iter().any(|(known, _)| *known == atom)
            }
            _ => false,
        };
        let Some(Reference::Output(output)) = missing_of(expression, ctx.checked, &is_absent) else { break };
        let atom = Atom::Output(output.task.clone(), output.output.clone());
        let name = ctx.task_name(&output.task);
        let succeeded = format!("tasks['{name}'].status == 'Succeeded'");
        let value = printer.source(&atom).expression();
        let term = if printer.scope.is_relocated(&atom) {
            format!("{value} != ''")
        } else if ctx.absence.may_be_empty(ctx.checked, &output.task, &output.output) {
            format!("{succeeded} && {value} != ''")
        } else {
            succeeded
        };
        terms.push((atom, term));
    }
    let terms: Vec<String> = terms.into_iter().map(|(_, term)| term).collect();
    (!terms.is_empty()).then(|| terms.join(" && "))
}
