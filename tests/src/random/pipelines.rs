//! Whole documents: a main pipeline, the pipelines that it calls, and its arguments.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use kfp_model::{
    Component, ComponentId, Document, ExitHandler, Expression, Input, Output, OutputReference, Pipeline,
    Reference, Region, Settings, Task, TaskId, TaskKind, TaskPolicy, Trigger, Type,
};
use serde_json::Value;

use super::generator::{Generator, Recursion};
use super::scope::{Scope, Visible};
use super::{Choices, limits, policies, types};

/// The name of the main pipeline.
pub const NAME: &str = "random";

/// The maximum number of steps that run, counting every iteration; artifacts may need a few more.
const MAX_STEPS: usize = 10;

/// The maximum number of steps of one call of a pipeline.
const MAX_STEPS_OF_CALL: usize = 3;

/// A random pipeline.
#[derive(Debug, Clone)]
pub struct RandomPipeline {
    /// The pipeline [`NAME`] and those that it calls.
    pub document: Document,
    /// The arguments of a run.
    pub arguments: BTreeMap<String, Value>,
}

/// Builds the pipeline that these choices determine; it calls some of the steps.
pub fn pipeline(choices: &mut Choices, steps: &IndexMap<ComponentId, Component>) -> RandomPipeline {
    let mut generator = Generator {
        choices,
        steps,
        called: BTreeSet::new(),
        pipelines: Vec::new(),
        scope: Scope::default(),
        number: 0,
        steps_left: 0,
        times: 1,
        recursion: None,
        hands_over: false,
    };
    for number in 0..generator.choices.below(3) {
        let called = generator.called_pipeline(number);
        generator.pipelines.push(called);
    }
    let (main, arguments) = generator.main_pipeline();
    let Generator { called, pipelines, .. } = generator;
    let mut document = Document::new();
    document.pipelines.push(main);
    document.pipelines.extend(pipelines.into_iter().map(|(pipeline, _)| pipeline));
    document.components = called.into_iter().map(|id| (id.clone(), steps[&id].clone())).collect();
    limits::lift(&mut document);
    RandomPipeline { document, arguments }
}

impl Generator<'_> {
    /// Generates a pipeline for others to call, with the number of steps of a call.
    fn called_pipeline(&mut self, number: usize) -> (Pipeline, usize) {
        let inputs = self.inputs();
        let types = self.yield_types();
        let interface = Pipeline {
            name: format!("called-{number}"),
            version: None,
            description: String::new(),
            inputs,
            outputs: outputs(&types),
            settings: Settings::default(),
            root: Region::default(),
        };
        let is_recursive = self.choices.one_in(3);
        self.recursion = is_recursive.then(|| Recursion { interface: interface.clone(), is_called: false });
        (self.steps_left, self.times, self.hands_over) = (MAX_STEPS_OF_CALL, 1, false);
        self.scope.enter(visible(&interface.inputs));
        let mut tasks = self.tasks();
        let yields = self.yields(&types, &mut tasks, false);
        self.scope.leave();
        let levels = if self.recursion.take().is_some_and(|recursion| recursion.is_called) { 3 } else { 1 };
        let steps = (MAX_STEPS_OF_CALL - self.steps_left).max(1) * levels;
        (Pipeline { root: Region { tasks, yields }, ..interface }, steps)
    }

    /// Generates the main pipeline and its arguments.
    fn main_pipeline(&mut self) -> (Pipeline, BTreeMap<String, Value>) {
        let inputs = self.inputs();
        let mut arguments = BTreeMap::new();
        for (name, input) in &inputs {
            if input.is_required() || self.choices.one_in(2) {
                let argument = types::constant(self.choices, &input.r#type).unwrap_or_default();
                arguments.insert(name.clone(), argument);
            }
        }
        let types = self.yield_types();
        (self.steps_left, self.times, self.hands_over) = (MAX_STEPS, 1, true);
        self.scope.enter(visible(&inputs));
        let root = if self.choices.one_in(4) {
            self.inside_exit_handler(&types)
        } else {
            let mut tasks = self.tasks();
            let yields = self.yields(&types, &mut tasks, false);
            Region { tasks, yields }
        };
        self.scope.leave();
        let pipeline = Pipeline {
            name: NAME.to_owned(),
            version: None,
            description: String::new(),
            inputs,
            outputs: outputs(&types),
            settings: policies::of_pipeline(self.choices),
            root,
        };
        (pipeline, arguments)
    }

    /// Generates a region in which an exit handler surrounds everything.
    fn inside_exit_handler(&mut self, types: &IndexMap<String, Type>) -> Region {
        self.number += 1;
        let id = TaskId(format!("task-{}", self.number));
        let name = types::name(self.choices, self.number);
        self.scope.start_task();
        self.scope.enter(Vec::new());
        let mut tasks = self.tasks();
        let yields = self.yields(types, &mut tasks, true);
        self.scope.leave();
        let body = Region { tasks, yields };
        let exit = self.exit(&id, &body, types, true);
        let yields = types.keys().map(|output| {
            let reference = OutputReference { task: id.clone(), output: output.clone() };
            (output.clone(), Expression::Reference(Reference::Output(reference)))
        });
        let yields = yields.collect();
        let task = Task {
            id,
            name,
            kind: TaskKind::ExitHandler(ExitHandler { body, exit }),
            after: Vec::new(),
            policy: TaskPolicy::default(),
            trigger: Trigger::AllSucceeded,
        };
        Region { tasks: vec![task], yields }
    }

    /// Generates the inputs of a pipeline.
    fn inputs(&mut self) -> IndexMap<String, Input> {
        let count = self.choices.below(4);
        (0..count)
            .map(|idx| {
                let r#type = types::any(self.choices);
                let default = self.choices.one_in(2).then(|| types::constant(self.choices, &r#type));
                // The default of an option is already `null`.
                let default = default.flatten().filter(|default| !default.is_null());
                (format!("i{idx}"), Input { r#type, description: String::new(), default })
            })
            .collect()
    }
}

fn outputs(types: &IndexMap<String, Type>) -> IndexMap<String, Output> {
    let output = |r#type: &Type| Output { r#type: r#type.clone(), description: String::new() };
    types.iter().map(|(name, r#type)| (name.clone(), output(r#type))).collect()
}

fn visible(inputs: &IndexMap<String, Input>) -> Vec<Visible> {
    let input = |(name, input): (&String, &Input)| {
        Visible::certain(Reference::Input(name.clone()), input.r#type.clone())
    };
    inputs.iter().map(input).collect()
}
