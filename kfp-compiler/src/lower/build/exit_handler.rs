//! Guards around a part of a scope: the part becomes one task, and the exit a second one that runs after it
//! whatever happened. The guard around a whole pipeline is [`exit`](super::exit)'s.

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::text::Text;
use kfp_model::{Expression, Guard, Reference, Task};

use crate::lower::analyse::atom::Atom;
use crate::lower::analyse::globals::as_guarded;
use crate::lower::build::branch::when;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::depends;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::region::{self, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::Role;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument};

/// The task of the guarded part and the task of the exit, with the templates of both.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    guard: &'a Guard,
) -> Lowered {
    let body_scope = ctx.scope_of(&guard.body);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let mut body = region::call(ctx, scope, task, &template, &body_scope);
    let conditions = depends::conditions(ctx, task);
    body.when = when(conditions);

    let exit_scope = ctx.scope_of(&guard.exit);
    let exit_template = ctx.template_name(&format!("{template}-exit"));
    let argument = |(atom, name): (&Atom, &str)| {
        let printer = Printer { ctx, scope, reader: Reader::Task(task) };
        Argument::new(name, exit_argument(&printer, &body.name, guard, atom))
    };
    let exit = plan::Task {
        name: exit_name(&body.name),
        calls: exit_template.clone(),
        depends: Depends::ended_as(&body.name, [Outcome::Succeeded, Outcome::Failed, Outcome::Errored]),
        arguments: exit_scope.inputs().map(argument).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    };
    let mut templates = region::lower(ctx, template, &guard.body, &body_scope, Role::Called);
    let mut exit_templates = region::lower(ctx, exit_template, &guard.exit, &exit_scope, Role::Called);
    for task in exit_templates[0].graph_mut().into_iter().flat_map(|graph| &mut graph.tasks) {
        task.origin = task.origin.take().map(|origin| format!("exit.{origin}"));
    }
    templates.extend(exit_templates);
    Lowered { tasks: vec![body, exit], templates }
}

/// The name of the task that is the exit of the guard of that name.
pub(in crate::lower) fn exit_name(guard: &str) -> String {
    format!("{guard}-exit")
}

fn exit_argument(printer: &Printer<'_, '_, '_>, body: &str, guard: &Guard, atom: &Atom) -> Text {
    match atom {
        Atom::State(_) => Splice::String(Text::variable(format!("tasks.{body}.status"))).write(),
        Atom::Guarded(_, name) => match guard.body.yields.get(name).map(as_guarded) {
            Some(Expression::Reference(Reference::Output(output))) => {
                let global = printer.ctx.global(&output.task, &output.output);
                terms::global(terms::status(body), &global).into()
            }
            Some(expression) => printer.argument(expression),
            None => "null".into(),
        },
        atom => printer.reading(atom).text(),
    }
}
