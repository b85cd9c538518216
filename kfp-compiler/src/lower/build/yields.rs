//! Lowers the yields of a region to output parameters of its DAG template. Each of them has a value: a value that may
//! be absent is yielded as an option, which is then `null`.

use indexmap::IndexMap;
use kfp_argo::expression as argo;
use kfp_model::{Expression, Reference, Region};

use crate::lower::analyse::captured::Captured;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::Reading;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::scope::{Scope, Source};
use crate::lower::plan;

/// How a DAG template is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::lower) enum Role {
    /// It is called once.
    Called,
    /// It is called once for each item of a list. Its outputs start with `=`, because Argo would decode them if all
    /// were JSON objects or lists, which loses information.
    Iterated,
}

/// The values that a DAG template returns.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Yields<'y> {
    pub(in crate::lower) values: &'y IndexMap<String, Expression>,
    pub(in crate::lower) role: Role,
}

impl<'y> Yields<'y> {
    pub(in crate::lower) fn of(region: &'y Region, role: Role) -> Self {
        Self { values: &region.yields, role }
    }

    /// Returns the output parameters of the template.
    pub(in crate::lower) fn outputs(self, ctx: &Ctx<'_, '_>, scope: &Scope) -> Vec<plan::Output> {
        let printer = Printer { ctx, scope, reader: Reader::End };
        let output = |(name, expression): (&String, &Expression)| {
            let source = match self.role {
                Role::Called => called(&printer, expression),
                Role::Iterated => {
                    plan::Source::from(argo::Expression::from("=").plus(printer.json(expression)))
                }
            };
            plan::Output::new(name, source)
        };
        self.values.iter().map(output).collect()
    }
}

pub(in crate::lower) fn called(printer: &Printer<'_, '_, '_>, expression: &Expression) -> plan::Source {
    if let Expression::Reference(Reference::Output(output)) = expression {
        let captured = Captured::Output(output.task.clone(), output.output.clone());
        if let Reading::Plain(source @ Source::Task(..)) = printer.reading(&captured) {
            return plan::Source::Task(source.tag());
        }
    }
    plan::Source::from(printer.json(expression))
}
