//! Generates the regions of random pipelines and the tasks in them.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kfp_model::{
    Arm, Branch, Call, Callee, Component, ComponentId, ExitHandler, Expression, Loop, OutputReference,
    Pipeline, Reference, Region, Task, TaskId, TaskKind, Trigger, Type,
};

use super::expressions::Need;
use super::scope::{Earlier, Scope, Visible};
use super::{Choices, policies, types};

/// The maximum nesting depth of regions.
const MAX_DEPTH: usize = 4;

/// Generates a random pipeline.
pub(super) struct Generator<'g> {
    pub(super) choices: &'g mut Choices,
    /// The available steps.
    pub(super) steps: &'g IndexMap<ComponentId, Component>,
    /// The steps called so far.
    pub(super) called: BTreeSet<ComponentId>,
    /// The pipelines that can be called, with the number of steps of each call.
    pub(super) pipelines: Vec<(Pipeline, usize)>,
    pub(super) scope: Scope,
    /// The number of the last task.
    pub(super) number: usize,
    /// The number of steps that may still run, counting every iteration.
    pub(super) steps_left: usize,
    /// How many times the current region runs.
    pub(super) times: usize,
    /// The current pipeline, if it may call itself.
    pub(super) recursion: Option<Recursion>,
    /// Whether exit handlers may receive values: the current region runs at most once, in the main pipeline.
    pub(super) hands_over: bool,
}

/// A pipeline that may call itself.
#[derive(Debug, Clone)]
pub(super) struct Recursion {
    pub(super) interface: Pipeline,
    /// Whether it calls itself already.
    pub(super) is_called: bool,
}

/// A generated task without its name and policy.
pub(super) struct Draft {
    pub(super) kind: TaskKind,
    pub(super) outputs: IndexMap<String, Type>,
    /// Whether the task itself may be skipped.
    pub(super) skips: bool,
    /// Whether the tasks after it are skipped if none of its arms runs.
    pub(super) idles: bool,
}

impl Generator<'_> {
    /// Generates the tasks of the current region.
    pub(super) fn tasks(&mut self) -> Vec<Task> {
        let count = 1 + self.choices.below(4);
        let mut tasks = Vec::new();
        for _ in 0..count {
            if self.steps_left < self.times && !tasks.is_empty() {
                break;
            }
            let task = self.task();
            tasks.push(task);
        }
        tasks
    }

    fn task(&mut self) -> Task {
        self.number += 1;
        let id = TaskId(format!("task-{}", self.number));
        let name = types::name(self.choices, self.number);
        self.scope.start_task();
        let trigger = if self.choices.one_in(10) { Trigger::AllDone } else { Trigger::AllSucceeded };
        let may_grow = self.scope.depth() < MAX_DEPTH && self.steps_left >= 2 * self.times;
        let may_nest = may_grow && trigger == Trigger::AllSucceeded;
        let draft = match self.choices.below(if may_nest { 12 } else { 6 }) {
            5 => self.call(trigger),
            6 | 7 => self.branch(),
            8 | 9 => self.repeat(&id),
            10 => self.exit_handler(&id),
            11 => self.call_itself().unwrap_or_else(|| self.branch()),
            _ => self.step(trigger),
        };
        self.finished(id, name, draft, trigger)
    }

    /// Completes the task and makes it visible to later ones.
    fn finished(&mut self, id: TaskId, name: String, draft: Draft, trigger: Trigger) -> Task {
        let mut after = Vec::new();
        for earlier in self.scope.innermost().tasks.clone() {
            if self.choices.one_in(6) {
                if trigger == Trigger::AllSucceeded {
                    self.scope.come_after(&earlier);
                }
                after.push(earlier.id);
            }
        }
        let policy = policies::of_task(self.choices);
        let is_skipped = draft.skips || (trigger == Trigger::AllSucceeded && self.scope.needs_absent());
        let outputs = draft.outputs.iter();
        let values: Vec<Visible> = outputs
            .map(|(output, r#type)| Visible::output(&id, output, r#type.clone(), is_skipped))
            .collect();
        let frame = self.scope.innermost();
        frame.values.extend(values);
        frame.tasks.push(Earlier { id: id.clone(), may_skip_others: is_skipped || draft.idles });
        Task { id, name, kind: draft.kind, after, policy, trigger }
    }

    /// Generates a call of any step.
    fn step(&mut self, trigger: Trigger) -> Draft {
        let ids: Vec<ComponentId> = self.steps.keys().cloned().collect();
        let id = self.choices.pick(&ids).clone();
        // A step that takes artifacts cannot be called if there are none; the first step takes a number.
        self.call_of(&id, trigger)
            .or_else(|| self.call_of(&ids[0], trigger))
            .expect("the first step takes plain values")
    }

    /// Generates a call of the step, if values for all of its inputs are available.
    fn call_of(&mut self, id: &ComponentId, trigger: Trigger) -> Option<Draft> {
        let component = &self.steps[id];
        let arguments = self.arguments(&component.inputs, trigger)?;
        self.steps_left = self.steps_left.saturating_sub(self.times);
        self.called.insert(id.clone());
        let continue_on_failure = self.choices.one_in(8);
        let outputs = component.outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone()));
        let callee = Callee::Component(id.clone());
        let call = Call { callee, arguments, max_depth: None, continue_on_failure };
        Some(called(call, outputs.collect()))
    }

    /// Generates arguments for the inputs, if values for all of them are available.
    pub(super) fn arguments(
        &mut self,
        inputs: &IndexMap<String, kfp_model::Input>,
        trigger: Trigger,
    ) -> Option<IndexMap<String, Expression>> {
        let marks = self.scope.marks();
        let arguments = self.try_arguments(inputs, trigger);
        if arguments.is_none() {
            self.scope.restore(&marks);
        }
        arguments
    }

    fn try_arguments(
        &mut self,
        inputs: &IndexMap<String, kfp_model::Input>,
        trigger: Trigger,
    ) -> Option<IndexMap<String, Expression>> {
        let mut arguments = IndexMap::new();
        for (name, input) in inputs {
            if !input.is_required() && self.choices.one_in(3) {
                continue;
            }
            let is_plain_list = matches!(input.r#type, Type::List(_)) && input.r#type.artifact().is_none();
            let argument = if name == ACT {
                self.act()
            } else if is_plain_list && self.choices.one_in(6) {
                Expression::Constant(serde_json::json!([]))
            } else {
                let need = match trigger {
                    Trigger::AllDone => Need::Nothing,
                    Trigger::AllSucceeded if input.r#type.is_option() => Need::Option,
                    Trigger::AllSucceeded => Need::Value,
                };
                self.expression(&input.r#type, need)?
            };
            arguments.insert(name.clone(), argument);
        }
        Some(arguments)
    }

    /// Generates the `act` input: how the step behaves besides returning its value.
    fn act(&mut self) -> Expression {
        let acts = ["", "", "", "", "", "", "data", "transient", "permanent", "unknown"];
        Expression::Constant((*self.choices.pick(&acts)).into())
    }

    /// Generates a branch whose arms all yield the same outputs.
    fn branch(&mut self) -> Draft {
        let yields = self.yield_types();
        let mut arms = Vec::new();
        for _ in 0..=self.choices.below(2) {
            self.number += 1;
            let name = types::name(self.choices, self.number);
            let condition = self.condition(0);
            let region = self.region(Vec::new(), &yields);
            arms.push(Arm { name, condition, region });
        }
        let otherwise = self.choices.one_in(2).then(|| self.region(Vec::new(), &yields));
        let is_total = otherwise.is_some();
        let output = |(name, r#type): (&String, &Type)| {
            (name.clone(), if is_total { r#type.clone() } else { r#type.clone().option() })
        };
        let outputs = yields.iter().map(output).collect();
        let (skips, idles) = (!is_total && yields.is_empty(), !is_total && !yields.is_empty());
        Draft { kind: TaskKind::Branch(Branch { arms, otherwise }), outputs, skips, idles }
    }

    /// Generates a loop over a constant or a visible list.
    fn repeat(&mut self, id: &TaskId) -> Draft {
        let item = match self.choices.below(3) {
            0 => Type::Integer,
            1 => Type::String,
            _ => types::record(),
        };
        let is_empty = self.choices.one_in(10);
        let items = match self.expression(&item.clone().list(), Need::Value) {
            Some(items) if !is_empty => items,
            _ => Expression::Constant(serde_json::json!([])),
        };
        let count = match &items {
            Expression::Constant(serde_json::Value::Array(items)) => items.len(),
            Expression::List(items) => items.len(),
            _ => 3,
        };
        let yields = self.yield_types();
        let (times, hands_over) = (self.times, self.hands_over);
        self.times *= count.max(1);
        self.hands_over = false;
        // The items of an empty constant have no type.
        let is_typed =
            !matches!(&items, Expression::Constant(items) if items.as_array().is_none_or(Vec::is_empty));
        let item = is_typed.then(|| Visible::certain(Reference::Item(id.clone()), item));
        let body = self.region(item.into_iter().collect(), &yields);
        (self.times, self.hands_over) = (times, hands_over);
        let parallelism = self.choices.one_in(4).then_some(1);
        let outputs = yields.iter().map(|(name, r#type)| (name.clone(), r#type.clone().list()));
        let kind = Loop { items, parallelism, max_items: None, body };
        Draft { outputs: outputs.collect(), ..Draft::of(TaskKind::Loop(kind)) }
    }

    /// Generates an exit handler around a part of a pipeline.
    fn exit_handler(&mut self, id: &TaskId) -> Draft {
        let yields = self.yield_types();
        let body = self.region(Vec::new(), &yields);
        let exit = self.exit(id, &body, &yields, false);
        Draft { outputs: yields, ..Draft::of(TaskKind::ExitHandler(ExitHandler { body, exit })) }
    }

    /// Generates the region with the task that runs at the end.
    pub(super) fn exit(
        &mut self,
        handler: &TaskId,
        body: &Region,
        yields: &IndexMap<String, Type>,
        is_outermost: bool,
    ) -> Region {
        let status = kfp_model::status::final_status_type();
        let status = Visible::certain(Reference::Status(handler.clone()), status);
        let field = |name: &str, r#type: Type| {
            let access = kfp_model::FieldAccess { of: status.expression.clone(), name: name.to_owned() };
            Visible { expression: Expression::Field(Box::new(access)), r#type, may_be_absent: false }
        };
        let state = field("state", kfp_model::status::state_type());
        let failures = field("failures", kfp_model::status::failure_type().list());
        let handed = |(name, r#type): (&String, &Type)| {
            let output = OutputReference { task: handler.clone(), output: name.clone() };
            Visible::certain(Reference::Guarded(output), r#type.clone().option())
        };
        let direct = |(name, _): &(&String, &Type)| is_direct(body, name);
        let values: Vec<Visible> = yields.iter().filter(direct).map(handed).collect();
        let values = values.into_iter().filter(|_| self.hands_over);
        let values = values.chain(is_outermost.then_some(failures)).chain([state]).collect();
        self.scope.enter(values);
        self.number += 1;
        let id = TaskId(format!("task-{}", self.number));
        let name = types::name(self.choices, self.number);
        let draft = match self.choices.below(4) {
            3 => self.call(Trigger::AllSucceeded),
            _ => self.step(Trigger::AllSucceeded),
        };
        let task = Task {
            id,
            name,
            kind: draft.kind,
            after: Vec::new(),
            policy: policies::of_task(self.choices),
            trigger: Trigger::AllSucceeded,
        };
        self.scope.leave();
        Region { tasks: vec![task], yields: IndexMap::new() }
    }

    /// Generates a call of an earlier pipeline, or of a step if there is none.
    fn call(&mut self, trigger: Trigger) -> Draft {
        if self.pipelines.is_empty() {
            return self.step(trigger);
        }
        let idx = self.choices.below(self.pipelines.len());
        let (pipeline, steps) = self.pipelines[idx].clone();
        if self.steps_left < steps * self.times {
            return self.step(trigger);
        }
        let Some(arguments) = self.arguments(&pipeline.inputs, trigger) else { return self.step(trigger) };
        self.steps_left -= steps * self.times;
        let continue_on_failure = self.choices.one_in(6);
        let call = Call {
            callee: Callee::Pipeline(pipeline.name.clone()),
            arguments,
            max_depth: None,
            continue_on_failure,
        };
        let outputs = pipeline.outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone()));
        called(call, outputs.collect())
    }

    /// Generates a recursive call of the current pipeline, if it may call itself and does not yet.
    fn call_itself(&mut self) -> Option<Draft> {
        let recursion = self.recursion.clone().filter(|recursion| !recursion.is_called && self.times == 1)?;
        let interface = &recursion.interface;
        let arguments = self.arguments(&interface.inputs, Trigger::AllSucceeded)?;
        self.recursion = Some(Recursion { is_called: true, ..recursion.clone() });
        let max_depth = Some(1 + u32::from(self.choices.one_in(2)));
        let call = Call {
            callee: Callee::Pipeline(interface.name.clone()),
            arguments,
            max_depth,
            continue_on_failure: self.choices.one_in(4),
        };
        let outputs = interface.outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone()));
        Some(Draft { skips: true, ..called(call, outputs.collect()) })
    }

    /// Generates the names and types of the values that a region yields.
    pub(super) fn yield_types(&mut self) -> IndexMap<String, Type> {
        let count = self.choices.below(3);
        (0..count)
            .map(|idx| {
                let r#type = if self.choices.one_in(6) { types::dataset() } else { types::any(self.choices) };
                (format!("y{idx}"), r#type)
            })
            .collect()
    }

    /// Generates a region that yields values of these types.
    fn region(&mut self, values: Vec<Visible>, yields: &IndexMap<String, Type>) -> Region {
        self.scope.enter(values);
        let mut tasks = self.tasks();
        let yields = self.yields(yields, &mut tasks, false);
        self.scope.leave();
        Region { tasks, yields }
    }

    /// Generates values of these types that exist whenever the region has succeeded. If `plain`, no value is
    /// computed from others.
    pub(super) fn yields(
        &mut self,
        types: &IndexMap<String, Type>,
        tasks: &mut Vec<Task>,
        plain: bool,
    ) -> IndexMap<String, Expression> {
        let mut yields = IndexMap::new();
        for (name, r#type) in types {
            let value = self.yielded(r#type, tasks, plain);
            yields.insert(name.clone(), value);
        }
        yields
    }

    fn yielded(&mut self, r#type: &Type, tasks: &mut Vec<Task>, plain: bool) -> Expression {
        let innermost = self.scope.depth() - 1;
        let mut candidates = self.scope.fitting(r#type);
        // A value that is absent in this region cannot be yielded.
        let is_right =
            |value: &Visible| value.r#type.is_option() == r#type.is_option() && !value.may_be_absent;
        candidates.retain(|(frame, value)| *frame == innermost && is_right(value));
        if !candidates.is_empty() && self.choices.below(6) < 5 {
            return self.choices.pick(&candidates).1.expression.clone();
        }
        if r#type.artifact().is_none() {
            let uncertain = self.scope.uncertain(r#type);
            let own: Vec<_> = uncertain.into_iter().filter(|(frame, _)| *frame == innermost).collect();
            // An option that has a value in each arm would not be an option.
            let fallback = if r#type.is_option() { None } else { types::constant(self.choices, r#type) };
            let fallback = fallback.unwrap_or_default();
            if own.is_empty() || plain {
                return Expression::Constant(fallback);
            }
            let value = self.choices.pick(&own).1.expression.clone();
            return Expression::FirstPresent(vec![value, Expression::Constant(fallback)]);
        }
        self.written(tasks)
    }

    /// Adds a step that writes a file and returns the file.
    fn written(&mut self, tasks: &mut Vec<Task>) -> Expression {
        self.number += 1;
        let id = TaskId(format!("task-{}", self.number));
        let name = types::name(self.choices, self.number);
        let write = ComponentId(WRITE.to_owned());
        self.steps_left = self.steps_left.saturating_sub(self.times);
        self.called.insert(write.clone());
        let output = self.steps[&write].outputs.keys().next().expect("the step writes a file").clone();
        let text = types::constant(self.choices, &Type::String).unwrap_or_default();
        let call = Call {
            callee: Callee::Component(write),
            arguments: IndexMap::from([("text".to_owned(), Expression::Constant(text))]),
            max_depth: None,
            continue_on_failure: false,
        };
        tasks.push(Task {
            id: id.clone(),
            name,
            kind: TaskKind::Call(call),
            after: Vec::new(),
            policy: policies::of_task(self.choices),
            trigger: Trigger::AllSucceeded,
        });
        Expression::Reference(Reference::Output(OutputReference { task: id, output }))
    }
}

/// The input that selects how a step behaves besides returning a value.
const ACT: &str = "act";

/// The step that writes a file.
const WRITE: &str = "random-write";

/// Returns whether the value of that name is an output of a step and not of a task that may run more than once.
fn is_direct(body: &Region, name: &str) -> bool {
    let Some(Expression::Reference(Reference::Output(output))) = body.yields.get(name) else { return false };
    body.tasks.iter().any(|task| {
        let is_step =
            matches!(&task.kind, TaskKind::Call(call) if matches!(call.callee, Callee::Component(_)));
        task.id == output.task && is_step
    })
}

/// Returns the task of a call; its outputs are options if the call may return nothing.
fn called(call: Call, outputs: IndexMap<String, Type>) -> Draft {
    let is_optional = call.has_optional_outputs();
    let output = |(name, r#type): (String, Type)| (name, if is_optional { r#type.option() } else { r#type });
    Draft { outputs: outputs.into_iter().map(output).collect(), ..Draft::of(TaskKind::Call(call)) }
}

impl Draft {
    fn of(kind: TaskKind) -> Self {
        Self { kind, outputs: IndexMap::new(), skips: false, idles: false }
    }
}
