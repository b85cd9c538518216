//! Lowers the exit handler around a whole pipeline to the exit hook of the workflow.
//!
//! The hook can use the unprocessed parameters of the workflow, its status, and global outputs. A missing global output
//! means that its task did not complete.

use kfp_argo::expression as argo;
use kfp_argo::text::Text;
use kfp_model::{ExitHandler, Expression, Reference, Task};

use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::globals::as_guarded;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry;
use crate::lower::build::lowered::Inner;
use crate::lower::build::region;
use crate::lower::build::scope::Source;
use crate::lower::build::yields::Role;
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument};

/// Returns the exit hook and the templates that it calls.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    (task, handler): (&'a Task, &'a ExitHandler),
) -> (plan::Exit, Vec<plan::Template>) {
    let scope = ctx.scope_of(&handler.exit);
    let name = ctx.template_name("on-exit");
    let arguments = scope
        .inputs()
        .map(|(captured, name)| Argument::new(name, argument(ctx, handler, captured)))
        .collect();
    let exit = plan::Exit { calls: name.clone(), arguments, handler: task.name.clone() };
    let inner = Inner { name, region: &handler.exit, scope, role: Role::Called, path: "exit." };
    (exit, region::lower_inner(ctx, inner))
}

fn argument(ctx: &Ctx<'_, '_>, handler: &ExitHandler, captured: &Captured) -> plan::Value {
    let text: Text = match captured {
        Captured::State(_) => Splice::String(Text::variable("workflow.status")).write(),
        Captured::Failures(_) => return plan::Value::Failures,
        Captured::Input(name) => input(ctx, name),
        Captured::Guarded(_, name) => match handler.body.yields.get(name).map(as_guarded) {
            Some(Expression::Reference(Reference::Output(output))) => {
                let status = argo::Expression::path("workflow", ["status"]);
                terms::global(status, &ctx.global(&output.task, &output.output)).into()
            }
            Some(Expression::Reference(Reference::Input(name))) => input(ctx, name),
            Some(Expression::Constant(value)) => kfp_model::value::encode(value).into(),
            _ => "null".into(),
        },
        Captured::Output(..) | Captured::Run(_) | Captured::Item(_) | Captured::Depth(..) => "null".into(),
    };
    text.into()
}

fn input(ctx: &Ctx<'_, '_>, name: &str) -> Text {
    entry::encoded(&Source::Workflow(name.to_owned()), name, &ctx.checked.pipeline().inputs[name])
}
