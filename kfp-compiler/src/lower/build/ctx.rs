//! The context of building one instance of a pipeline: the facts, the instance, and the names in use.

use std::collections::BTreeSet;

use kfp_diag::Diagnostic;
use kfp_model::{Call, Pipeline, Region, Task, TaskId};

use crate::check::{Checked, Program};
use crate::dag_names;
use crate::lower::analyse::captured::{self, Captured};
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::names;
use crate::lower::analyse::steps::Step;
use crate::lower::build::scope::Scope;
use crate::lower::options::Options;
use crate::lower::plan;

/// The context of building one instance of a pipeline.
pub(in crate::lower) struct Ctx<'c, 'a> {
    facts: &'c Facts<'c, 'a>,
    /// The pipeline.
    pub(in crate::lower) checked: &'c Checked<'a>,
    instance: usize,
    /// The state that is shared between instances.
    pub(in crate::lower) built: Built,
}

/// The state of building that all instances share.
pub(in crate::lower) struct Built {
    /// The names of templates in use.
    pub(in crate::lower) names: BTreeSet<String>,
    /// The name of the no-op template, if one is needed.
    noop: Option<String>,
    /// The warnings.
    pub(in crate::lower) diagnostics: Vec<Diagnostic>,
}

impl Built {
    /// Creates the initial state.
    pub(in crate::lower) fn new(facts: &Facts<'_, '_>) -> Self {
        Self { names: facts.names.clone(), noop: None, diagnostics: Vec::new() }
    }

    /// Returns the no-op template, if one is needed.
    pub(in crate::lower) fn noop(&self) -> Option<plan::Template> {
        self.noop.as_deref().map(plan::Template::noop)
    }
}

impl<'c, 'a> Ctx<'c, 'a> {
    /// Creates the context of an instance.
    pub(in crate::lower) fn new(facts: &'c Facts<'c, 'a>, instance: usize, built: Built) -> Self {
        Self { facts, checked: facts.pipeline_of(instance), instance, built }
    }

    /// Returns the program.
    pub(in crate::lower) fn program(&self) -> &'c Program<'a> {
        self.facts.program
    }

    /// Returns the options.
    pub(in crate::lower) fn options(&self) -> &'c Options {
        self.facts.options
    }

    /// Returns a unique template name.
    pub(in crate::lower) fn template_name(&mut self, name: &str) -> String {
        names::unique(&names::bounded(&dag_names::kebab(name)), &mut self.built.names)
    }

    /// Returns a no-op task, because Argo requires at least one task in each DAG.
    pub(in crate::lower) fn noop(&mut self) -> plan::Task {
        let template = match &self.built.noop {
            Some(name) => name.clone(),
            None => self.template_name(plan::NOOP),
        };
        self.built.noop = Some(template.clone());
        plan::Task::noop(template)
    }

    /// Returns the template that copies from the store.
    pub(in crate::lower) fn copy(&self, store: &str) -> &str {
        self.facts.copy(store)
    }

    /// Returns the base name of a task's templates: the path of its region, then `name`.
    pub(in crate::lower) fn path(&self, task: &Task, name: &str) -> String {
        let region = task.id.0.rsplit_once('.').map(|(region, _)| region);
        let outer = self.facts.template_of(self.instance).map(String::as_str);
        [outer, region, Some(name)].into_iter().flatten().collect::<Vec<_>>().join("-")
    }

    /// Returns the template of this instance, if it is called.
    pub(in crate::lower) fn own_template(&self) -> Option<String> {
        self.facts.template_of(self.instance).cloned()
    }

    /// Returns the template of the pipeline that a task calls.
    pub(in crate::lower) fn called_template(&self, task: &TaskId) -> String {
        self.facts.called_template(self.instance, &self.checked.node(task).task.id).to_owned()
    }

    /// Returns the step that the task calls.
    pub(in crate::lower) fn step(&self, task: &TaskId) -> &'c Step<'a> {
        self.facts.step_of(self.instance, &self.checked.node(task).task.id)
    }

    /// Returns the parameters of the template of a pipeline.
    pub(in crate::lower) fn pipeline_inputs(&self, pipeline: &Pipeline) -> Vec<Captured> {
        self.facts.pipeline_inputs(pipeline)
    }

    /// Returns the recursion depths that a call passes on.
    pub(in crate::lower) fn passed_depths(&self, call: &Call) -> Vec<Captured> {
        self.facts.passed_depths(self.checked, call)
    }

    /// Returns the scope of a region's template.
    pub(in crate::lower) fn scope_of(&self, region: &Region) -> Scope {
        let used = captured::used_in(region, &|call| self.passed_depths(call));
        Scope::of(&captured::tasks_in(region), used)
    }

    /// Returns the scope of a template that contains the regions of a task.
    pub(in crate::lower) fn scope_of_task(&self, task: &Task) -> Scope {
        let used = captured::used_by(task, &|call| self.passed_depths(call));
        let inside = task.regions().into_iter().flat_map(captured::tasks_in).collect();
        // The item of a loop is produced inside.
        let used = used.into_iter().filter(|captured| *captured != Captured::Item(task.id.clone())).collect();
        Scope::of(&inside, used)
    }

    /// Returns all captured values that these tasks and their regions use.
    pub(in crate::lower) fn used_by_all(&self, tasks: &[&Task]) -> BTreeSet<Captured> {
        tasks.iter().flat_map(|task| captured::used_by(task, &|call| self.passed_depths(call))).collect()
    }

    /// Returns the name of the task in its DAG.
    pub(in crate::lower) fn task_name(&self, task: &TaskId) -> String {
        dag_names::task(&self.checked.node(task).task.name)
    }

    /// Returns the global name of an output that an exit handler uses.
    pub(in crate::lower) fn global(&self, task: &TaskId, output: &str) -> String {
        self.facts.globals.name(self.instance, self.checked, task, output)
    }

    /// Sets the global names of the outputs of a task's template that exit handlers use.
    pub(in crate::lower) fn make_global(&self, task: &TaskId, template: &mut plan::Template) {
        let globals = self.facts.globals.of_task(self.instance, self.checked, task);
        for output in &mut template.outputs {
            output.global = globals.get(&output.name).cloned();
        }
    }
}
