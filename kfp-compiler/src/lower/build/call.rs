//! Calls of components become tasks that call a leaf.

use kfp_argo::text::Text;
use kfp_model::value::encode;
use kfp_model::{Call, Callee, Component, Expression, Input, Task, Type};
use serde_json::Value;

use crate::digest::step_digest;
use crate::lower::analyse::leaves::{CACHE, DIGEST, Leaf, STEP, image};
use crate::lower::analyse::names;
use crate::lower::build::branch::when;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::depends;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::scope::Scope;
use crate::lower::options::Options;
use crate::lower::plan::{self, Argument};
use crate::shim;

/// The task that calls the component's template, with a value for every input.
pub(in crate::lower) fn lower(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task, call: &Call) -> plan::Task {
    let leaf = ctx.leaf(&task.id);
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let component = match &call.callee {
        Callee::Component(id) => ctx.checked.component(id),
        Callee::Pipeline(_) => leaf.component,
    };
    let parameter = |(name, input): (&String, &Input)| {
        let value = match call.arguments.get(name) {
            Some(given) => argument(&printer, input, given),
            None => encode(input.default.as_ref().unwrap_or(&Value::Null)).into(),
        };
        Argument::new(name, value)
    };
    let given = component.inputs.iter().map(parameter);
    plan::Task {
        name: ctx.task_name(&task.id),
        calls: leaf.entry.clone(),
        depends: depends::depends(ctx, task),
        when: when(depends::conditions(ctx, task)),
        arguments: given.chain(leaf.telling(component, ctx.options)).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    }
}

/// What is given to an input. The name of a secret is no JSON text, as it goes into the definition of a pod.
pub(in crate::lower) fn argument(printer: &Printer<'_, '_, '_>, input: &Input, given: &Expression) -> Text {
    match given {
        Expression::Constant(Value::String(secret)) if *input.r#type.present() == Type::Secret => {
            secret.into()
        }
        given => printer.argument(given),
    }
}

impl Leaf<'_> {
    /// What a call gives to these inputs, so that the leaf is that component.
    fn telling(&self, component: &Component, options: &Options) -> Vec<Argument> {
        let value = |name: &str| match (name, shim::python_step(component)) {
            (STEP, Some(step)) => shim::step_json(component, &step),
            (CACHE, _) => names::kebab(&component.name),
            (DIGEST, _) => step_digest(component, image(options, component), &self.policy.environment),
            _ => component.name.clone(),
        };
        self.told().into_iter().map(|name| Argument::new(name, value(name))).collect()
    }
}
