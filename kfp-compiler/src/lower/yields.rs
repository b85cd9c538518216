//! What leaves a DAG template: its region's yields become output parameters. Every one of them has a value: what may be
//! absent in the region is an option where it leaves it, which is `null` then.

use kfp_argo::expression as argo;
use kfp_model::{Expression, Reference, Region};

use super::atom::Atom;
use super::ctx::Ctx;
use super::expression::Reading;
use super::expression::{Printer, Reader};
use super::scope::{Scope, Source};
use kfp_argo::{Parameter, ValueFrom};

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
            Role::Iterated => {
                ValueFrom::expression(argo::Expression::from("=").plus(printer.json(expression)))
            }
        };
        Parameter::from_source(name, source)
    };
    region.yields.iter().map(output).collect()
}

pub(super) fn called(printer: &Printer<'_, '_, '_>, expression: &Expression) -> ValueFrom {
    if let Expression::Reference(Reference::Output(output)) = expression {
        let atom = Atom::Output(output.task.clone(), output.output.clone());
        if let Reading::Plain(source @ Source::Task(..)) = printer.reading(&atom) {
            return ValueFrom::parameter(source.tag());
        }
    }
    ValueFrom::expression(printer.json(expression))
}
