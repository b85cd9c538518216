//! Lists of artifacts, and the steps that produce their items.
//!
//! A list is read as folders of the artifact store, one for each step that may produce an item of it. Therefore the
//! keys of the artifacts of such a step start with a separate folder.

use std::collections::BTreeSet;

use kfp_model::{Callee, ConcatPart, Expression, Import, Reference, Region, TaskId, TaskKind};

use crate::check::{Checked, Program};
use crate::lower::analyse::instances::Instances;
use crate::lower::analyse::steps::{ByTask, Step};

/// Sets the source folders of steps that read lists of artifacts, and marks the steps that produce their items.
///
/// Results of an earlier run would be in another folder, so these steps are not cached.
pub(in crate::lower) fn plan<'a>(
    program: &Program<'a>,
    instances: &Instances<'_, 'a>,
    steps: &mut [Step<'a>],
    by_task: &ByTask<'a>,
    folders_of: &dyn Fn(&Import) -> Vec<String>,
) {
    for (&(instance, task), &reader) in by_task {
        let checked = program.pipeline(instances.all[instance].name);
        let TaskKind::Call(call) = &checked.node(task).task.kind else { continue };
        let component = steps[reader].component;
        for (name, _) in component.inputs.iter().filter(|(_, input)| is_list_of_artifacts(&input.r#type)) {
            let Some(argument) = call.arguments.get(name) else { continue };
            let (seen, producers, folders) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            let mut search = Search { program, instances, by_task, seen, producers, folders_of, folders };
            search.expression(checked, argument);
            steps[reader].sources.entry(name.clone()).or_default().extend(search.folders);
            for producer in search.producers {
                let folder = steps[producer].name.clone();
                steps[producer].is_collected = true;
                steps[reader].sources.entry(name.clone()).or_default().insert(folder);
            }
        }
    }
    for step in steps.iter_mut().filter(|step| step.is_collected) {
        step.disable_cache();
    }
}

/// Whether the type is a list of artifacts, or a list of such lists.
pub(in crate::lower) fn is_list_of_artifacts(r#type: &kfp_model::Type) -> bool {
    r#type.artifact().is_some() && matches!(r#type.present(), kfp_model::Type::List(_))
}

struct Search<'s, 'c, 'a> {
    program: &'s Program<'a>,
    instances: &'s Instances<'c, 'a>,
    by_task: &'s ByTask<'a>,
    /// The visited outputs of tasks and inputs of pipelines, by pipeline.
    seen: BTreeSet<(&'a str, Option<&'a TaskId>, String)>,
    producers: BTreeSet<usize>,
    /// Returns the folders that an import from other stores copies to.
    folders_of: &'s dyn Fn(&Import) -> Vec<String>,
    folders: BTreeSet<String>,
}

impl<'a> Search<'_, '_, 'a> {
    fn expression(&mut self, checked: &Checked<'a>, expression: &Expression) {
        match expression {
            Expression::Constant(_) => {}
            Expression::Reference(reference) => self.reference(checked, reference),
            Expression::Field(access) => self.expression(checked, &access.of),
            Expression::List(items) | Expression::FirstPresent(items) => {
                for item in items {
                    self.expression(checked, item);
                }
            }
            Expression::Struct(fields) => {
                for field in fields.values() {
                    self.expression(checked, field);
                }
            }
            Expression::Concat(parts) => {
                for part in parts {
                    if let ConcatPart::Value(value) = part {
                        self.expression(checked, value);
                    }
                }
            }
        }
    }

    fn reference(&mut self, checked: &Checked<'a>, reference: &Reference) {
        match reference {
            Reference::Input(name) => self.input(checked, name),
            Reference::Output(output) | Reference::Guarded(output) => {
                self.output(checked, &output.task, &output.output);
            }
            Reference::Item(task) => {
                if let TaskKind::Loop(repeat) = &checked.node(task).task.kind {
                    self.expression(checked, &repeat.items);
                }
            }
            Reference::Status(_) => {}
        }
    }

    /// Visits the arguments that all calls of the pipeline pass to its input.
    fn input(&mut self, checked: &Checked<'a>, name: &str) {
        let pipeline = checked.pipeline().name.as_str();
        if !self.seen.insert((pipeline, None, name.to_owned())) {
            return;
        }
        let program = self.program;
        for caller in program.pipelines() {
            for node in caller.nodes() {
                if let TaskKind::Call(call) = &node.task.kind
                    && call.callee == Callee::Pipeline(pipeline.to_owned())
                    && let Some(argument) = call.arguments.get(name)
                {
                    self.expression(caller, argument);
                }
            }
        }
    }

    fn output(&mut self, checked: &Checked<'a>, task: &TaskId, output: &str) {
        let pipeline = checked.pipeline().name.as_str();
        let task = checked.node(task).task;
        if !self.seen.insert((pipeline, Some(&task.id), output.to_owned())) {
            return;
        }
        match &task.kind {
            TaskKind::Call(call) => match &call.callee {
                Callee::Component(_) => {
                    let same =
                        self.instances.all.iter().enumerate().filter(|(_, other)| other.name == pipeline);
                    self.producers.extend(same.filter_map(|(idx, _)| self.by_task.get(&(idx, &task.id))));
                }
                Callee::Pipeline(name) => {
                    let program = self.program;
                    let callee = program.pipeline(name);
                    self.yielded(callee, &callee.pipeline().root, output);
                }
            },
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::ExitHandler(_) => {
                for region in task.regions() {
                    self.yielded(checked, region, output);
                }
            }
            TaskKind::Import(import) => self.folders.extend((self.folders_of)(import)),
            TaskKind::Approval(_) => {}
        }
    }

    fn yielded(&mut self, checked: &Checked<'a>, region: &Region, output: &str) {
        if let Some(expression) = region.yields.get(output) {
            self.expression(checked, expression);
        }
    }
}
