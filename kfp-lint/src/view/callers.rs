//! The calls of each template in all manifests, and the arguments that they pass.

use std::collections::HashMap;

use super::{Call, Manifest, Project, Target, Template, Values};

/// A call of a template.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller<'p, 'a> {
    /// The manifest that contains the call.
    pub(crate) manifest: &'p Manifest<'a>,
    /// The template that contains the call; `None` for entrypoints, exit handlers and other hooks of a workflow.
    pub(crate) template: Option<&'p Template<'a>>,
    /// Whether the workflow starts with the template.
    pub(crate) is_entry: bool,
    arguments: &'p Values<'a>,
}

/// The calls of each template in all manifests.
#[derive(Debug)]
pub(crate) struct Callers<'p, 'a>(HashMap<*const Template<'a>, Vec<Caller<'p, 'a>>>);

impl<'p, 'a> Callers<'p, 'a> {
    pub(crate) fn in_project(project: &'p Project<'a>) -> Self {
        let mut callers = Self(HashMap::new());
        for manifest in &project.manifests {
            let home = project.origin(manifest).map_or(Some(manifest), |(_, library)| library);
            let entry = manifest.entrypoint().or_else(|| home?.entrypoint());
            if let Some(entry) = entry.and_then(|(name, _)| home?.template(name)) {
                callers.add(
                    entry,
                    Caller { manifest, template: None, is_entry: true, arguments: &manifest.arguments },
                );
            }
            for hook in &manifest.hooks {
                if let Some(home) = home {
                    // An exit hook without arguments receives those of the workflow.
                    let passes_all = hook.name == "exit" && !hook.node.has("arguments");
                    let arguments = if passes_all { &manifest.arguments } else { &hook.arguments };
                    callers.call(project, (home, None), &hook.call, arguments);
                }
            }
            for template in manifest.all_templates() {
                for task in &template.tasks {
                    callers.call(project, (manifest, Some(template)), &task.call, &task.arguments);
                    for hook in &task.hooks {
                        callers.call(project, (manifest, Some(template)), &hook.call, &hook.arguments);
                    }
                }
            }
        }
        callers
    }

    fn call(
        &mut self,
        project: &'p Project<'a>,
        (manifest, template): (&'p Manifest<'a>, Option<&'p Template<'a>>),
        call: &'p Call<'a>,
        arguments: &'p Values<'a>,
    ) {
        if let Target::Found(called, _) = project.target(manifest, call) {
            self.add(called, Caller { manifest, template, is_entry: false, arguments });
        }
    }

    fn add(&mut self, template: &Template<'a>, caller: Caller<'p, 'a>) {
        self.0.entry(std::ptr::from_ref(template)).or_default().push(caller);
    }

    /// Returns the calls of the template.
    pub(crate) fn of(&self, template: &Template<'_>) -> &[Caller<'p, 'a>] {
        self.0.get(&std::ptr::from_ref(template).cast()).map_or(&[], Vec::as_slice)
    }
}

impl Caller<'_, '_> {
    /// Returns whether the call passes a value for the input parameter.
    pub(crate) fn passes(&self, parameter: &str) -> bool {
        self.arguments
            .parameter(parameter)
            .is_some_and(|argument| argument.node.has("value") || argument.node.has("valueFrom"))
    }
}
