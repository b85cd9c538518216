//! Lowers exit handlers around a part of a pipeline: the body becomes one task, and the exit region a second one that
//! runs after it even if it failed. [`exit`](super::exit) lowers an exit handler around a whole pipeline.

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::text::Text;
use kfp_model::{ExitHandler, Expression, Reference, Task};

use crate::dag_names;
use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::globals::as_guarded;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::lowered::{Below, Inner, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::Role;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument};

/// Returns the tasks of the body and of the exit region, with their templates.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    handler: &'a ExitHandler,
) -> Lowered<'a> {
    let body_scope = ctx.scope_of(&handler.body);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let body = call::of_template(ctx, scope, task, &template, &body_scope);

    let exit_scope = ctx.scope_of(&handler.exit);
    let exit_template = ctx.template_name(&format!("{template}-exit"));
    let argument = |(captured, name): (&Captured, &str)| {
        let printer = Printer { ctx, scope, reader: Reader::Task(task) };
        Argument::new(name, exit_argument(&printer, &body.name, handler, captured))
    };
    let exit = plan::Task {
        name: dag_names::exit(&task.name),
        calls: exit_template.clone(),
        depends: Depends::ended_as(&body.name, [Outcome::Succeeded, Outcome::Failed, Outcome::Errored]),
        arguments: exit_scope.inputs().map(argument).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    };
    let below = vec![
        Inner::called(template, &handler.body, body_scope),
        Below::Region(Inner {
            name: exit_template,
            region: &handler.exit,
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
    handler: &ExitHandler,
    captured: &Captured,
) -> Text {
    match captured {
        Captured::State(_) => Splice::String(Text::variable(format!("tasks.{body}.status"))).write(),
        Captured::Guarded(_, name) => match handler.body.yields.get(name).map(as_guarded) {
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
