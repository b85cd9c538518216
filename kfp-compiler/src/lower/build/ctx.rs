//! What the passes share: the program, the names of templates, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};

use kfp_diag::Diagnostic;
use kfp_model::{Call, Callee, Import, Pipeline, Region, Task, TaskId};

use crate::check::{Checked, Program};
use crate::lower::analyse::artifacts::ArtifactStore;
use crate::lower::analyse::atom::{self, Atom};
use crate::lower::analyse::collections;
use crate::lower::analyse::counters::counters;
use crate::lower::analyse::globals::Globals;
use crate::lower::analyse::instances::Instances;
use crate::lower::analyse::leaves::{self, ByTask, Leaf};
use crate::lower::analyse::names;
use crate::lower::analyse::places::{self, Places};
use crate::lower::build::scope::Scope;
use crate::lower::options::Options;
use crate::lower::plan;
use crate::lower::plan::Graphs;

/// The name of a task that does nothing.
const NOTHING: &str = "nothing";

/// Lets steps take the place of others.
pub(in crate::lower) type ShareSteps<'s, 'a> =
    &'s dyn Fn(Vec<Leaf<'a>>, &mut ByTask<'a>, &mut BTreeSet<String>) -> Vec<Leaf<'a>>;

/// The state of one lowering.
pub(in crate::lower) struct Ctx<'c, 'a> {
    /// The pipeline that is being lowered at the moment, and which instance of it.
    pub(in crate::lower) checked: &'c Checked<'a>,
    instance: usize,
    pub(in crate::lower) program: &'c Program<'a>,
    pub(in crate::lower) instances: &'c Instances<'c, 'a>,
    pub(in crate::lower) options: &'c Options,
    pub(in crate::lower) diagnostics: Vec<Diagnostic>,
    /// Whether templates are made so that as many as possible are equal, and equal ones are one.
    shares: bool,
    graphs: Graphs,
    /// The container templates, in the order of their names.
    pub(in crate::lower) leaves: Vec<Leaf<'a>>,
    by_task: ByTask<'a>,
    /// The templates of the instances that are called.
    templates: BTreeMap<usize, String>,
    globals: Globals<'a>,
    /// The template that does nothing, where one is needed.
    nothing: Option<String>,
    /// The leaves that copy from other stores, by the names of those.
    copies: BTreeMap<&'c str, String>,
    /// The tasks of the part of a region that is being lowered, where it is lowered in parts.
    part: Option<BTreeSet<&'a TaskId>>,
    taken: BTreeSet<String>,
}

impl<'c, 'a> Ctx<'c, 'a> {
    pub(in crate::lower) fn new(
        program: &'c Program<'a>,
        instances: &'c Instances<'c, 'a>,
        options: &'c Options,
        share: Option<ShareSteps<'_, 'a>>,
    ) -> Self {
        let checked = program.root();
        let mut taken = BTreeSet::from([names::kebab(&checked.pipeline().name)]);
        let globals = Globals::of(program);
        let copies: BTreeMap<&str, String> = places::used(program, options)
            .map(|name| (name, names::unique(&names::kebab(&format!("import-{name}")), &mut taken)))
            .collect();
        let (mut leaves, mut by_task) =
            leaves::plan(program, instances, &globals, &ArtifactStore::of(options), &mut taken);
        let folders = |import: &Import| {
            let stores = Places::of(options, import).stores.into_iter();
            stores.map(|(name, _)| copies[name].clone()).collect()
        };
        collections::plan(program, instances, &mut leaves, &by_task, &folders);
        let shares = share.is_some();
        if let Some(share) = share {
            leaves = share(leaves, &mut by_task, &mut taken);
        }
        let template = |idx: usize| (idx, names::unique(&names::kebab(instances.all[idx].name), &mut taken));
        let templates = instances.all_called().map(template).collect();
        let diagnostics = Vec::new();
        Self {
            checked,
            instance: 0,
            program,
            instances,
            options,
            diagnostics,
            shares,
            graphs: Graphs::default(),
            leaves,
            by_task,
            templates,
            globals,
            nothing: None,
            copies,
            part: None,
            taken,
        }
    }

    /// Goes on with that instance; gives the one before.
    pub(in crate::lower) fn enter(&mut self, instance: usize) -> usize {
        self.checked = self.program.pipeline(self.instances.all[instance].name);
        std::mem::replace(&mut self.instance, instance)
    }

    /// The name of a template that no other one has.
    pub(in crate::lower) fn template_name(&mut self, name: &str) -> String {
        names::unique(&names::bounded(&names::kebab(name)), &mut self.taken)
    }

    /// A task for a DAG that has nothing to do but to give values: Argo wants at least one.
    pub(in crate::lower) fn nothing(&mut self) -> plan::Task {
        let template = match &self.nothing {
            Some(name) => name.clone(),
            None => self.template_name(NOTHING),
        };
        self.nothing = Some(template.clone());
        plan::Task { name: NOTHING.to_owned(), calls: template, ..plan::Task::default() }
    }

    /// The template of such tasks, if there are any.
    pub(in crate::lower) fn nothing_template(&self) -> Option<plan::Template> {
        let template = |name: &String| plan::Template {
            name: name.clone(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            body: plan::Body::Nothing,
            around: None,
        };
        self.nothing.as_ref().map(template)
    }

    /// The template that copies from the store.
    pub(in crate::lower) fn copy(&self, store: &str) -> &str {
        &self.copies[store]
    }

    /// The stores that are copied from, with the templates that do so.
    pub(in crate::lower) fn copies(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.copies.iter().map(|(store, name)| (*store, name.as_str()))
    }

    /// Leaves the first one of the templates out where an equal one was taken in before, and equal ones are one.
    /// Gives the name of the one that is there.
    pub(in crate::lower) fn take_in(&mut self, templates: &mut Vec<plan::Template>) -> String {
        if self.shares { self.graphs.take_in(templates) } else { templates[0].name.clone() }
    }

    /// What a task's own templates are called: the path of its region, then `name`.
    pub(in crate::lower) fn path(&self, task: &Task, name: &str) -> String {
        let region = task.id.0.rsplit_once('.').map(|(region, _)| region);
        let outer = self.templates.get(&self.instance).map(String::as_str);
        [outer, region, Some(name)].into_iter().flatten().collect::<Vec<_>>().join("-")
    }

    /// The template of an instance that is called; none where nothing calls it.
    pub(in crate::lower) fn template_of(&self, instance: usize) -> Option<&String> {
        self.templates.get(&instance)
    }

    /// The template of the pipeline that a task calls.
    pub(in crate::lower) fn called_template(&self, task: &TaskId) -> String {
        let task = &self.checked.node(task).task.id;
        self.templates[&self.instances.called(self.instance, task)].clone()
    }

    /// What the template of a pipeline is given: its inputs, and how deep it is in calls of itself.
    pub(in crate::lower) fn pipeline_inputs(&self, pipeline: &Pipeline) -> Vec<Atom> {
        let inputs = pipeline.inputs.keys().map(|name| Atom::Input(name.clone()));
        inputs.chain(self.depths(&pipeline.name)).collect()
    }

    fn depths(&self, pipeline: &str) -> Vec<Atom> {
        let counters = counters(self.program, pipeline).into_iter();
        counters.map(|(pipeline, task)| Atom::Depth(pipeline.to_owned(), task.clone())).collect()
    }

    /// The depths that a call hands on.
    pub(in crate::lower) fn handed_depths(&self, call: &Call) -> Vec<Atom> {
        match &call.callee {
            Callee::Pipeline(name) if self.program.are_in_cycle(&self.checked.pipeline().name, name) => {
                self.depths(name)
            }
            _ => Vec::new(),
        }
    }

    /// The scope of a region's template.
    pub(in crate::lower) fn scope_of(&self, region: &Region) -> Scope {
        let used = atom::used_in(region, &|call| self.handed_depths(call));
        self.scope(&atom::tasks_in(region), used)
    }

    /// The scope of a template that holds what a task consists of.
    pub(in crate::lower) fn scope_of_task(&self, task: &Task) -> Scope {
        let used = atom::used_by(task, &|call| self.handed_depths(call));
        let inside = task.regions().into_iter().flat_map(atom::tasks_in).collect();
        // The task itself is inside, as far as the item of a loop is concerned.
        let used = used.into_iter().filter(|atom| *atom != Atom::Item(task.id.clone())).collect();
        self.scope(&inside, used)
    }

    /// The scope of a template that holds the tasks `inside` and takes the values `used`.
    pub(in crate::lower) fn scope(&self, inside: &BTreeSet<&TaskId>, used: BTreeSet<Atom>) -> Scope {
        Scope::of(inside, used, self.shares)
    }

    /// All atoms that these tasks and the regions in them take.
    pub(in crate::lower) fn used_by_all(&self, tasks: &[&Task]) -> BTreeSet<Atom> {
        tasks.iter().flat_map(|task| atom::used_by(task, &|call| self.handed_depths(call))).collect()
    }

    /// From now on only these tasks of a region wait for each other; gives those before.
    pub(in crate::lower) fn only_these(&mut self, tasks: &[&'a Task]) -> Option<BTreeSet<&'a TaskId>> {
        self.part.replace(tasks.iter().map(|task| &task.id).collect())
    }

    /// Ends what [`only_these`](Self::only_these) began.
    pub(in crate::lower) fn these_again(&mut self, outer: Option<BTreeSet<&'a TaskId>>) {
        self.part = outer;
    }

    /// What the task waits for in its DAG. What stands in another part of its region has succeeded before.
    pub(in crate::lower) fn waits_for(&self, task: &TaskId) -> Vec<&'a TaskId> {
        let node = self.checked.node(task);
        let cut = self.part.as_ref().filter(|part| part.contains(&node.task.id));
        let stays = |before: &&&TaskId| cut.is_none_or(|part| part.contains(**before));
        node.dependencies.iter().filter(stays).copied().collect()
    }

    /// The container template that the task calls.
    pub(in crate::lower) fn leaf(&self, task: &TaskId) -> &Leaf<'a> {
        &self.leaves[self.by_task[&(self.instance, &self.checked.node(task).task.id)]]
    }

    /// The name that the task has in its DAG.
    pub(in crate::lower) fn task_name(&self, task: &TaskId) -> String {
        names::task(&self.checked.node(task).task.name)
    }

    /// The name under which the whole workflow sees an output that an exit handler wants.
    pub(in crate::lower) fn global(&self, task: &TaskId, output: &str) -> String {
        self.globals.name(self.instance, self.checked, task, output)
    }

    /// Lets the whole workflow see what exit handlers want of the task whose template this is.
    pub(in crate::lower) fn make_global(&self, task: &TaskId, template: &mut plan::Template) {
        let globals = self.globals.of_task(self.instance, self.checked, task);
        for output in &mut template.outputs {
            output.global = globals.get(&output.name).cloned();
        }
    }
}
