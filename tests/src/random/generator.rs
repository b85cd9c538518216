//! Regions of random pipelines and the tasks in them.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use kfp_model::{
    Arm, Branch, Call, Callee, Component, ComponentId, ExitHandler, Expression, Loop, OutputReference,
    Pipeline, Reference, Region, Task, TaskId, TaskKind, Trigger, Type,
};

use super::expressions::Need;
use super::scope::{Earlier, Scope, Visible};
use super::{Choices, policies, types};

/// The deepest that regions are nested.
const DEEPEST: usize = 4;

/// What makes a random pipeline.
pub(super) struct Generator<'g> {
    pub(super) choices: &'g mut Choices,
    /// The steps that there are.
    pub(super) steps: &'g IndexMap<ComponentId, Component>,
    /// The steps that are called.
    pub(super) called: BTreeSet<ComponentId>,
    /// The pipelines that can be called, with the number of steps of a call.
    pub(super) pipelines: Vec<(Pipeline, usize)>,
    pub(super) scope: Scope,
    /// A number that no task has yet.
    pub(super) number: usize,
    /// The number of steps that may still run, with all iterations.
    pub(super) left: usize,
    /// How often what is being made runs.
    pub(super) times: usize,
    /// The pipeline that is being made, if it may call itself.
    pub(super) itself: Option<Itself>,
    /// Whether exit handlers may receive values: what is being made runs at most once, and for the main pipeline.
    pub(super) hands_over: bool,
}

/// The interface of a pipeline that may call itself.
#[derive(Debug, Clone)]
pub(super) struct Itself {
    pub(super) interface: Pipeline,
    /// Whether it does.
    pub(super) is_called: bool,
}

/// What a task does, and what it returns.
pub(super) struct Made {
    pub(super) kind: TaskKind,
    pub(super) outputs: IndexMap<String, Type>,
    /// Whether the task may be skipped by itself.
    pub(super) skips: bool,
    /// Whether tasks after it are skipped if it runs none of its arms.
    pub(super) idles: bool,
}

impl Generator<'_> {
    /// The tasks of the region that was entered.
    pub(super) fn tasks(&mut self) -> Vec<Task> {
        let count = 1 + self.choices.below(4);
        let mut tasks = Vec::new();
        for _ in 0..count {
            if self.left < self.times && !tasks.is_empty() {
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
        self.scope.begin_task();
        let trigger = if self.choices.one_in(10) { Trigger::AllDone } else { Trigger::AllSucceeded };
        let has_room = self.scope.depth() < DEEPEST && self.left >= 2 * self.times;
        let may_nest = has_room && trigger == Trigger::AllSucceeded;
        let made = match self.choices.below(if may_nest { 12 } else { 6 }) {
            5 => self.call(trigger),
            6 | 7 => self.branch(),
            8 | 9 => self.repeat(&id),
            10 => self.guard(&id),
            11 => self.call_itself().unwrap_or_else(|| self.branch()),
            _ => self.step(trigger),
        };
        self.finished(id, name, made, trigger)
    }

    /// The task, which others can see from now on.
    fn finished(&mut self, id: TaskId, name: String, made: Made, trigger: Trigger) -> Task {
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
        let is_skipped = made.skips || (trigger == Trigger::AllSucceeded && self.scope.needs_absent());
        let outputs = made.outputs.iter();
        let values: Vec<Visible> = outputs
            .map(|(output, r#type)| Visible::output(&id, output, r#type.clone(), is_skipped))
            .collect();
        let frame = self.scope.innermost();
        frame.values.extend(values);
        frame.tasks.push(Earlier { id: id.clone(), may_skip_others: is_skipped || made.idles });
        Task { id, name, kind: made.kind, after, policy, trigger }
    }

    /// A call of any step.
    fn step(&mut self, trigger: Trigger) -> Made {
        let ids: Vec<ComponentId> = self.steps.keys().cloned().collect();
        let wanted = self.choices.pick(&ids).clone();
        // A step that takes artifacts cannot be called where there are none; the first one takes a number.
        self.call_of(&wanted, trigger)
            .or_else(|| self.call_of(&ids[0], trigger))
            .expect("the first step takes plain values")
    }

    /// A call of the step, if there are values for all of its inputs.
    fn call_of(&mut self, id: &ComponentId, trigger: Trigger) -> Option<Made> {
        let component = &self.steps[id];
        let arguments = self.arguments(&component.inputs, trigger)?;
        self.left = self.left.saturating_sub(self.times);
        self.called.insert(id.clone());
        let continue_on_failure = self.choices.one_in(8);
        let outputs = component.outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone()));
        let callee = Callee::Component(id.clone());
        let call = Call { callee, arguments, max_depth: None, continue_on_failure };
        Some(called(call, outputs.collect()))
    }

    /// Arguments for the inputs, if there are values for all of them.
    pub(super) fn arguments(
        &mut self,
        inputs: &IndexMap<String, kfp_model::Input>,
        trigger: Trigger,
    ) -> Option<IndexMap<String, Expression>> {
        let marks = self.scope.marks();
        let arguments = self.some_arguments(inputs, trigger);
        if arguments.is_none() {
            self.scope.restore(&marks);
        }
        arguments
    }

    fn some_arguments(
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

    /// What a step does besides returning its value.
    fn act(&mut self) -> Expression {
        let acts = ["", "", "", "", "", "", "data", "transient", "permanent", "unknown"];
        Expression::Constant((*self.choices.pick(&acts)).into())
    }

    /// A branch with arms of which each yields the same.
    fn branch(&mut self) -> Made {
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
        Made { kind: TaskKind::Branch(Branch { arms, otherwise }), outputs, skips, idles }
    }

    /// A loop over a constant or a list that can be seen.
    fn repeat(&mut self, id: &TaskId) -> Made {
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
        Made { outputs: outputs.collect(), ..Made::of(TaskKind::Loop(kind)) }
    }

    /// An exit handler around a part of a pipeline.
    fn guard(&mut self, id: &TaskId) -> Made {
        let yields = self.yield_types();
        let body = self.region(Vec::new(), &yields);
        let exit = self.exit(id, &body, &yields, false);
        Made { outputs: yields, ..Made::of(TaskKind::ExitHandler(ExitHandler { body, exit })) }
    }

    /// The region of the task that runs at the end.
    pub(super) fn exit(
        &mut self,
        guard: &TaskId,
        body: &Region,
        yields: &IndexMap<String, Type>,
        is_outermost: bool,
    ) -> Region {
        let status = kfp_model::status::final_status_type();
        let status = Visible::certain(Reference::Status(guard.clone()), status);
        let field = |name: &str, r#type: Type| {
            let access = kfp_model::FieldAccess { of: status.expression.clone(), name: name.to_owned() };
            Visible { expression: Expression::Field(Box::new(access)), r#type, may_be_absent: false }
        };
        let state = field("state", kfp_model::status::state_type());
        let failures = field("failures", kfp_model::status::failure_type().list());
        let handed = |(name, r#type): (&String, &Type)| {
            let output = OutputReference { task: guard.clone(), output: name.clone() };
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
        let made = match self.choices.below(4) {
            3 => self.call(Trigger::AllSucceeded),
            _ => self.step(Trigger::AllSucceeded),
        };
        let task = Task {
            id,
            name,
            kind: made.kind,
            after: Vec::new(),
            policy: policies::of_task(self.choices),
            trigger: Trigger::AllSucceeded,
        };
        self.scope.leave();
        Region { tasks: vec![task], yields: IndexMap::new() }
    }

    /// A call of a pipeline that was made before, or of a step where there is none.
    fn call(&mut self, trigger: Trigger) -> Made {
        if self.pipelines.is_empty() {
            return self.step(trigger);
        }
        let idx = self.choices.below(self.pipelines.len());
        let (pipeline, steps) = self.pipelines[idx].clone();
        if self.left < steps * self.times {
            return self.step(trigger);
        }
        let Some(arguments) = self.arguments(&pipeline.inputs, trigger) else { return self.step(trigger) };
        self.left -= steps * self.times;
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

    /// A call of the pipeline by itself, if it may call itself and does not yet.
    fn call_itself(&mut self) -> Option<Made> {
        let itself = self.itself.clone().filter(|itself| !itself.is_called && self.times == 1)?;
        let interface = &itself.interface;
        let arguments = self.arguments(&interface.inputs, Trigger::AllSucceeded)?;
        self.itself = Some(Itself { is_called: true, ..itself.clone() });
        let max_depth = Some(1 + u32::from(self.choices.one_in(2)));
        let call = Call {
            callee: Callee::Pipeline(interface.name.clone()),
            arguments,
            max_depth,
            continue_on_failure: self.choices.one_in(4),
        };
        let outputs = interface.outputs.iter().map(|(name, output)| (name.clone(), output.r#type.clone()));
        Some(Made { skips: true, ..called(call, outputs.collect()) })
    }

    /// Names and types of the values that leave a region.
    pub(super) fn yield_types(&mut self) -> IndexMap<String, Type> {
        let count = self.choices.below(3);
        (0..count)
            .map(|idx| {
                let r#type = if self.choices.one_in(6) { types::dataset() } else { types::any(self.choices) };
                (format!("y{idx}"), r#type)
            })
            .collect()
    }

    /// A region that yields values of these types.
    fn region(&mut self, values: Vec<Visible>, yields: &IndexMap<String, Type>) -> Region {
        self.scope.enter(values);
        let mut tasks = self.tasks();
        let yields = self.yields(yields, &mut tasks, false);
        self.scope.leave();
        Region { tasks, yields }
    }

    /// Values of these types that are there whenever the region has succeeded; if they are to be plain, none is computed
    /// of others.
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
        let mut seen = self.scope.fitting(r#type);
        // What is absent in this region cannot leave it.
        let is_right =
            |value: &Visible| value.r#type.is_option() == r#type.is_option() && !value.may_be_absent;
        seen.retain(|(frame, value)| *frame == innermost && is_right(value));
        if !seen.is_empty() && self.choices.below(6) < 5 {
            return self.choices.pick(&seen).1.expression.clone();
        }
        if r#type.artifact().is_none() {
            let uncertain = self.scope.uncertain(r#type);
            let own: Vec<_> = uncertain.into_iter().filter(|(frame, _)| *frame == innermost).collect();
            // An option that has a value in each arm would be none.
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

    /// A file that a new step writes.
    fn written(&mut self, tasks: &mut Vec<Task>) -> Expression {
        self.number += 1;
        let id = TaskId(format!("task-{}", self.number));
        let name = types::name(self.choices, self.number);
        let write = ComponentId(WRITE.to_owned());
        self.left = self.left.saturating_sub(self.times);
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

/// The input of steps that says what they do besides returning a value.
const ACT: &str = "act";

/// The step that writes a file.
const WRITE: &str = "random-write";

/// Whether the value of that name is an output of a step, or of nothing that runs more than once.
fn is_direct(body: &Region, name: &str) -> bool {
    let Some(Expression::Reference(Reference::Output(output))) = body.yields.get(name) else { return false };
    body.tasks.iter().any(|task| {
        let is_step =
            matches!(&task.kind, TaskKind::Call(call) if matches!(call.callee, Callee::Component(_)));
        task.id == output.task && is_step
    })
}

/// What a call returns: where it may return nothing, options.
fn called(call: Call, outputs: IndexMap<String, Type>) -> Made {
    let is_optional = call.has_optional_outputs();
    let output = |(name, r#type): (String, Type)| (name, if is_optional { r#type.option() } else { r#type });
    Made { outputs: outputs.into_iter().map(output).collect(), ..Made::of(TaskKind::Call(call)) }
}

impl Made {
    fn of(kind: TaskKind) -> Self {
        Self { kind, outputs: IndexMap::new(), skips: false, idles: false }
    }
}
