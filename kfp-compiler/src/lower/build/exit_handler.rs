//! Guards around a part of a scope: the part becomes one task, and the exit a second one that runs after it
//! whatever happened. The guard around a whole pipeline is [`exit`](super::exit)'s.

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::text::Text;
use kfp_model::{ExitHandler, Expression, Reference, Task};

use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::globals::as_guarded;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::lowered::{Below, Inner, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::build::task_names;
use crate::lower::build::yields::Role;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument};

/// The task of the guarded part and the task of the exit, with the templates of both.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    guard: &'a ExitHandler,
) -> Lowered<'a> {
    let body_scope = ctx.scope_of(&guard.body);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let body = call::of_template(ctx, scope, task, &template, &body_scope);

    let exit_scope = ctx.scope_of(&guard.exit);
    let exit_template = ctx.template_name(&format!("{template}-exit"));
    let argument = |(captured, name): (&Captured, &str)| {
        let printer = Printer { ctx, scope, reader: Reader::Task(task) };
        Argument::new(name, exit_argument(&printer, &body.name, guard, captured))
    };
    let exit = plan::Task {
        name: task_names::exit(&body.name),
        calls: exit_template.clone(),
        depends: Depends::ended_as(&body.name, [Outcome::Succeeded, Outcome::Failed, Outcome::Errored]),
        arguments: exit_scope.inputs().map(argument).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    };
    let below = vec![
        Inner::called(template, &guard.body, body_scope),
        Below::Region(Inner {
            name: exit_template,
            region: &guard.exit,
            scope: exit_scope,
            role: Role::Called,
            path: "exit.",
        }),
    ];
    Lowered { tasks: vec![body, exit], below }
}

fn exit_argument(
    printer: &Printer<'_, '_, '_>,
    body: &str,
    guard: &ExitHandler,
    captured: &Captured,
) -> Text {
    match captured {
        Captured::State(_) => Splice::String(Text::variable(format!("tasks.{body}.status"))).write(),
        Captured::Guarded(_, name) => match guard.body.yields.get(name).map(as_guarded) {
            Some(Expression::Reference(Reference::Output(output))) => {
                let global = printer.ctx.global(&output.task, &output.output);
                terms::global(terms::status(body), &global).into()
            }
            Some(expression) => printer.argument(expression),
            None => "null".into(),
        },
        captured => printer.reading(captured).text(),
    }
}
