//! The plan of a run: the checked program, and what its steps require.

use std::collections::{BTreeMap, BTreeSet};

use kfp_compiler::check::{Checked, Node, Program};
use kfp_compiler::digest::sha256_hex;
use kfp_model::{
    Call, Callee, Component, EnvironmentValue, Expression, Implementation, Import, Input, KeyReference,
    TaskKind, Type, value,
};
use serde_json::{Value, json};

use crate::approval::ApprovalTask;

/// A checked program that is to be run.
pub(crate) struct Plan<'r> {
    program: &'r Program<'r>,
}

/// What the steps of a plan require.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) binary: bool,
    pub(crate) python: bool,
    pub(crate) secrets: BTreeSet<String>,
    pub(crate) config_maps: BTreeSet<String>,
}

impl<'r> Plan<'r> {
    pub(crate) fn new(program: &'r Program<'r>) -> Self {
        Self { program }
    }

    /// Returns the checked program.
    pub(crate) fn program(&self) -> &'r Program<'r> {
        self.program
    }

    /// Returns the main pipeline.
    pub(crate) fn main(&self) -> &'r Checked<'r> {
        self.program.root()
    }

    /// Returns the digest of all pipelines and components.
    pub(crate) fn digest(&self) -> String {
        let pipelines: Vec<Value> =
            self.program.pipelines().map(|checked| json!(checked.pipeline())).collect();
        let components: BTreeMap<&str, Value> =
            self.components().map(|(id, component)| (id, json!(component))).collect();
        sha256_hex(value::encode(&json!([pipelines, components])).as_bytes())
    }

    /// Returns the approval tasks.
    pub(crate) fn approvals(&self) -> Vec<ApprovalTask<'r>> {
        let approval = |(_, node): (&Checked<'r>, &Node<'r>)| match &node.task.kind {
            TaskKind::Approval(approval) => Some(ApprovalTask { task: node.task, approval }),
            _ => None,
        };
        self.nodes().filter_map(approval).collect()
    }

    /// Returns the names of tasks that run plain containers, with the names of their components.
    pub(crate) fn containers(&self) -> Vec<(&'r str, &'r str)> {
        let container = |(checked, node): (&Checked<'r>, &Node<'r>)| match &node.task.kind {
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                let component = checked.component(id);
                let is_container = matches!(component.implementation, Implementation::Container(_));
                is_container.then_some((node.task.name.as_str(), id.0.as_str()))
            }
            _ => None,
        };
        self.nodes().filter_map(container).collect()
    }

    /// Returns the constant URIs of imports, with the names of their tasks.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.nodes().filter_map(|(_, node)| match &node.task.kind {
            TaskKind::Import(Import { uri: Expression::Constant(Value::String(uri)), .. }) => {
                Some((node.task.name.as_str(), uri.as_str()))
            }
            _ => None,
        })
    }

    /// Returns what the steps require before anything starts, with these arguments.
    pub(crate) fn needs(&self, arguments: &BTreeMap<String, Value>) -> Needs {
        let mut needs = Needs::default();
        for (_, component) in self.components() {
            match component.implementation {
                Implementation::Rust(_) => needs.binary = true,
                Implementation::Python(_) | Implementation::Notebook(_) => needs.python = true,
                Implementation::Container(_) => {}
            }
        }
        for (name, input) in &self.main().pipeline().inputs {
            needs.add_secret(input, arguments.get(name));
        }
        for (checked, node) in self.nodes() {
            if let TaskKind::Call(call) = &node.task.kind {
                needs.add_call(self.inputs_of(checked, call), call);
                for policy in self.program.policies(&checked.pipeline().name, &node.task.id) {
                    policy.environment.values().for_each(|value| needs.add_environment(value));
                }
            }
        }
        needs
    }

    /// Returns whether a step has a cache policy.
    pub(crate) fn has_cached_steps(&self) -> bool {
        self.nodes().any(|(checked, node)| {
            let mut policies = self.program.policies(&checked.pipeline().name, &node.task.id);
            policies.any(|policy| policy.cache.is_some())
        })
    }

    /// Returns the inputs of the callee.
    fn inputs_of<'s>(&'s self, checked: &'s Checked<'r>, call: &Call) -> Vec<(&'s str, &'s Input)> {
        let inputs = match &call.callee {
            Callee::Component(id) => &checked.component(id).inputs,
            Callee::Pipeline(name) => &self.program.pipeline(name).pipeline().inputs,
        };
        inputs.iter().map(|(name, input)| (name.as_str(), input)).collect()
    }

    fn nodes(&self) -> impl Iterator<Item = (&Checked<'r>, &Node<'r>)> {
        self.program.pipelines().flat_map(|checked| checked.nodes().map(move |node| (checked, node)))
    }

    /// Returns the called components, which may be repeated.
    pub(crate) fn components(&self) -> impl Iterator<Item = (&str, &'r Component)> {
        self.nodes().filter_map(|(checked, node)| match &node.task.kind {
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                Some((id.0.as_str(), checked.component(id)))
            }
            _ => None,
        })
    }
}

impl Needs {
    /// Returns what is required to compute the keys of results.
    #[cfg(feature = "store")]
    pub(crate) fn without_secrets(self) -> Self {
        Self { secrets: BTreeSet::new(), config_maps: BTreeSet::new(), ..self }
    }

    fn add_call(&mut self, inputs: Vec<(&str, &Input)>, call: &Call) {
        for (name, input) in inputs {
            match call.arguments.get(name) {
                Some(Expression::Constant(value)) => self.add_secret(input, Some(value)),
                // A computed secret has been added where it is defined.
                Some(_) => {}
                None => self.add_secret(input, input.default.as_ref()),
            }
        }
    }

    fn add_secret(&mut self, input: &Input, value: Option<&Value>) {
        if *input.r#type.present() == Type::Secret
            && let Some(name) = value.and_then(Value::as_str)
        {
            self.secrets.insert(name.to_owned());
        }
    }

    fn add_environment(&mut self, value: &EnvironmentValue) {
        match value {
            EnvironmentValue::Literal(_) => {}
            EnvironmentValue::Secret(reference) => {
                self.secrets.insert(full_name(reference));
            }
            EnvironmentValue::ConfigMap(reference) => {
                self.config_maps.insert(full_name(reference));
            }
        }
    }
}

/// Returns the name of a secret or config map and the key in it, in the form `NAME/KEY`.
pub(super) fn full_name(reference: &KeyReference) -> String {
    format!("{}/{}", reference.name, reference.key)
}
