//! The facts about a program that are determined before building: runs the analyses in order.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Call, Callee, Import, Pipeline, TaskId};

use crate::check::{Checked, Program};
use crate::dag_names;
use crate::lower::analyse::artifacts::ArtifactStore;
use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::collections;
use crate::lower::analyse::counters::Counters;
use crate::lower::analyse::globals::Globals;
use crate::lower::analyse::instances::Instances;
use crate::lower::analyse::names;
use crate::lower::analyse::places::{self, Places};
use crate::lower::analyse::steps::{self, ByTask, Step};
use crate::lower::options::Options;

/// Facts about a program with given options. They are immutable.
pub(in crate::lower) struct Facts<'c, 'a> {
    pub(in crate::lower) program: &'c Program<'a>,
    pub(in crate::lower) options: &'c Options,
    pub(in crate::lower) instances: Instances<'c, 'a>,
    pub(in crate::lower) globals: Globals<'a>,
    /// The step templates, in the order of their names.
    pub(in crate::lower) steps: Vec<Step<'a>>,
    by_task: ByTask<'a>,
    counters: Counters<'a>,
    /// The templates of the called instances.
    templates: BTreeMap<usize, String>,
    /// The templates that copy from other stores, by store.
    copies: BTreeMap<&'c str, String>,
    /// The names of all these templates.
    pub(in crate::lower) names: BTreeSet<String>,
}

impl<'c, 'a> Facts<'c, 'a> {
    pub(in crate::lower) fn of(program: &'c Program<'a>, options: &'c Options) -> Self {
        let mut names = BTreeSet::from([dag_names::kebab(&program.root().pipeline().name)]);
        let instances = Instances::of(program);
        let globals = Globals::of(program);
        let copies: BTreeMap<&str, String> = places::used(program, options)
            .map(|name| (name, names::unique(&dag_names::kebab(&format!("import-{name}")), &mut names)))
            .collect();
        let (mut steps, by_task) =
            steps::plan(program, &instances, &globals, &ArtifactStore::of(options), &mut names);
        let folders = |import: &Import| {
            let stores = Places::of(options, import).stores.into_iter();
            stores.map(|(name, _)| copies[name].clone()).collect()
        };
        collections::plan(program, &instances, &mut steps, &by_task, &folders);
        let template =
            |idx: usize| (idx, names::unique(&dag_names::kebab(instances.all[idx].name), &mut names));
        let templates = instances.all_called().map(template).collect();
        let counters = Counters::of(program);
        Self { program, options, instances, globals, steps, by_task, counters, templates, copies, names }
    }

    /// Returns the pipeline of an instance.
    pub(in crate::lower) fn pipeline_of(&self, instance: usize) -> &'c Checked<'a> {
        self.program.pipeline(self.instances.all[instance].name)
    }

    /// Returns the template of an instance; `None` if it is not called.
    pub(in crate::lower) fn template_of(&self, instance: usize) -> Option<&String> {
        self.templates.get(&instance)
    }

    /// Returns the template of the pipeline that a task of an instance calls.
    pub(in crate::lower) fn called_template(&self, instance: usize, task: &'a TaskId) -> &str {
        &self.templates[&self.instances.called(instance, task)]
    }

    /// Returns the step that a task of an instance calls.
    pub(in crate::lower) fn step_of(&self, instance: usize, task: &'a TaskId) -> &Step<'a> {
        &self.steps[self.by_task[&(instance, task)]]
    }

    /// Returns the template that copies from the store.
    pub(in crate::lower) fn copy(&self, store: &str) -> &str {
        &self.copies[store]
    }

    /// Returns the stores that are copied from, with their templates.
    pub(in crate::lower) fn copies(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.copies.iter().map(|(store, name)| (*store, name.as_str()))
    }

    /// Returns the parameters of the template of a pipeline: its inputs and its recursion depths.
    pub(in crate::lower) fn pipeline_inputs(&self, pipeline: &Pipeline) -> Vec<Captured> {
        let inputs = pipeline.inputs.keys().map(|name| Captured::Input(name.clone()));
        inputs.chain(self.depths(&pipeline.name)).collect()
    }

    fn depths(&self, pipeline: &str) -> Vec<Captured> {
        let counters = self.counters.around(self.program, pipeline).iter();
        counters.map(|(pipeline, task)| Captured::Depth((*pipeline).to_owned(), (*task).clone())).collect()
    }

    /// Returns the recursion depths that a call passes on.
    pub(in crate::lower) fn passed_depths(&self, caller: &Checked<'_>, call: &Call) -> Vec<Captured> {
        match &call.callee {
            Callee::Pipeline(name) if self.program.are_in_cycle(&caller.pipeline().name, name) => {
                self.depths(name)
            }
            _ => Vec::new(),
        }
    }
}
