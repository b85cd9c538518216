//! What building one instance of a pipeline needs: the facts, the instance, and the names that are taken.

use std::collections::BTreeSet;

use kfp_diag::Diagnostic;
use kfp_model::{Call, Pipeline, Region, Task, TaskId};

use crate::check::{Checked, Program};
use crate::lower::analyse::captured::{self, Captured};
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::names;
use crate::lower::analyse::steps::Step;
use crate::lower::build::scope::Scope;
use crate::lower::options::Options;
use crate::lower::plan;

/// What building one instance of a pipeline needs.
pub(in crate::lower) struct Ctx<'c, 'a> {
    facts: &'c Facts<'c, 'a>,
    /// The pipeline.
    pub(in crate::lower) checked: &'c Checked<'a>,
    instance: usize,
    /// What was built of other instances before, and is built of this one.
    pub(in crate::lower) built: Built,
}

/// What the templates of all instances have in common.
pub(in crate::lower) struct Built {
    /// The names of templates that are taken.
    pub(in crate::lower) names: BTreeSet<String>,
    /// The template that does nothing, where one is needed.
    nothing: Option<String>,
    /// What the author should know.
    pub(in crate::lower) diagnostics: Vec<Diagnostic>,
}

impl Built {
    /// Nothing is built yet.
    pub(in crate::lower) fn new(facts: &Facts<'_, '_>) -> Self {
        Self { names: facts.names.clone(), nothing: None, diagnostics: Vec::new() }
    }

    /// The template of tasks that do nothing, if there are any.
    pub(in crate::lower) fn nothing(&self) -> Option<plan::Template> {
        self.nothing.as_deref().map(plan::Template::nothing)
    }
}

impl<'c, 'a> Ctx<'c, 'a> {
    /// Continues with an instance.
    pub(in crate::lower) fn new(facts: &'c Facts<'c, 'a>, instance: usize, built: Built) -> Self {
        Self { facts, checked: facts.pipeline_of(instance), instance, built }
    }

    /// The program that the pipeline is part of.
    pub(in crate::lower) fn program(&self) -> &'c Program<'a> {
        self.facts.program
    }

    /// The options.
    pub(in crate::lower) fn options(&self) -> &'c Options {
        self.facts.options
    }

    /// The name of a template that no other one has.
    pub(in crate::lower) fn template_name(&mut self, name: &str) -> String {
        names::unique(&names::bounded(&names::kebab(name)), &mut self.built.names)
    }

    /// A task for a DAG that has nothing to do but to return values: Argo wants at least one.
    pub(in crate::lower) fn nothing(&mut self) -> plan::Task {
        let template = match &self.built.nothing {
            Some(name) => name.clone(),
            None => self.template_name(plan::NOTHING),
        };
        self.built.nothing = Some(template.clone());
        plan::Task::nothing(template)
    }

    /// The template that copies from the store.
    pub(in crate::lower) fn copy(&self, store: &str) -> &str {
        self.facts.copy(store)
    }

    /// What a task's own templates are called: the path of its region, then `name`.
    pub(in crate::lower) fn path(&self, task: &Task, name: &str) -> String {
        let region = task.id.0.rsplit_once('.').map(|(region, _)| region);
        let outer = self.facts.template_of(self.instance).map(String::as_str);
        [outer, region, Some(name)].into_iter().flatten().collect::<Vec<_>>().join("-")
    }

    /// The template of this instance, if something calls it.
    pub(in crate::lower) fn own_template(&self) -> Option<String> {
        self.facts.template_of(self.instance).cloned()
    }

    /// The template of the pipeline that a task calls.
    pub(in crate::lower) fn called_template(&self, task: &TaskId) -> String {
        self.facts.called_template(self.instance, &self.checked.node(task).task.id).to_owned()
    }

    /// The step template that the task calls.
    pub(in crate::lower) fn step(&self, task: &TaskId) -> &'c Step<'a> {
        self.facts.step_of(self.instance, &self.checked.node(task).task.id)
    }

    /// What the template of a pipeline receives.
    pub(in crate::lower) fn pipeline_inputs(&self, pipeline: &Pipeline) -> Vec<Captured> {
        self.facts.pipeline_inputs(pipeline)
    }

    /// The depths that a call passes on.
    pub(in crate::lower) fn passed_depths(&self, call: &Call) -> Vec<Captured> {
        self.facts.passed_depths(self.checked, call)
    }

    /// The scope of a region's template.
    pub(in crate::lower) fn scope_of(&self, region: &Region) -> Scope {
        let used = captured::used_in(region, &|call| self.passed_depths(call));
        Scope::of(&captured::tasks_in(region), used)
    }

    /// The scope of a template that holds what a task consists of.
    pub(in crate::lower) fn scope_of_task(&self, task: &Task) -> Scope {
        let used = captured::used_by(task, &|call| self.passed_depths(call));
        let inside = task.regions().into_iter().flat_map(captured::tasks_in).collect();
        // The task itself is inside, as far as the item of a loop is concerned.
        let used = used.into_iter().filter(|captured| *captured != Captured::Item(task.id.clone())).collect();
        Scope::of(&inside, used)
    }

    /// All captured values that these tasks and the regions in them take.
    pub(in crate::lower) fn used_by_all(&self, tasks: &[&Task]) -> BTreeSet<Captured> {
        tasks.iter().flat_map(|task| captured::used_by(task, &|call| self.passed_depths(call))).collect()
    }

    /// The name that the task has in its DAG.
    pub(in crate::lower) fn task_name(&self, task: &TaskId) -> String {
        names::task(&self.checked.node(task).task.name)
    }

    /// The name under which the whole workflow sees an output that an exit handler wants.
    pub(in crate::lower) fn global(&self, task: &TaskId, output: &str) -> String {
        self.facts.globals.name(self.instance, self.checked, task, output)
    }

    /// Lets the whole workflow see what exit handlers want of the task whose template this is.
    pub(in crate::lower) fn make_global(&self, task: &TaskId, template: &mut plan::Template) {
        let globals = self.facts.globals.of_task(self.instance, self.checked, task);
        for output in &mut template.outputs {
            output.global = globals.get(&output.name).cloned();
        }
    }
}
