//! What a step needs of its machine and of its environment.

use kfp_model::{EnvironmentValue, KeyReference, Resources, Type};

use super::leaves::Leaf;
use crate::argo::{EnvironmentSource, EnvironmentVariable, KeySelector, ResourceRequirements};

/// Processor and memory are requested and limited alike, so that a step runs as it was measured; devices can
/// be limited only.
pub(super) fn requirements(resources: &Resources) -> ResourceRequirements {
    let mut requirements = ResourceRequirements::default();
    for (name, quantity) in [("cpu", &resources.cpu), ("memory", &resources.memory)] {
        if let Some(quantity) = quantity {
            requirements.requests.insert(name.to_owned(), quantity.clone());
            requirements.limits.insert(name.to_owned(), quantity.clone());
        }
    }
    if let Some(accelerator) = &resources.accelerator {
        requirements.limits.insert(accelerator.resource.clone(), accelerator.count.to_string());
    }
    requirements
}

/// The variables of the policy, and one for each secret among the inputs.
pub(super) fn environment(leaf: &Leaf<'_>) -> Vec<EnvironmentVariable> {
    let of_policy = leaf.policy.environment.iter().map(|(name, value)| variable(name, value));
    let secrets = leaf.component.inputs.iter().filter(|(_, input)| *input.r#type.present() == Type::Secret);
    of_policy.chain(secrets.map(|(name, _)| secret(name))).collect()
}

fn variable(name: &str, value: &EnvironmentValue) -> EnvironmentVariable {
    let (value, value_from) = match value {
        // The kubelet expands `$(NAME)`; a doubled sign arrives as one.
        EnvironmentValue::Literal(text) => (Some(text.replace('$', "$$")), None),
        EnvironmentValue::Secret(key) => (None, Some(EnvironmentSource::SecretKeyRef(selector(key)))),
        EnvironmentValue::ConfigMap(key) => (None, Some(EnvironmentSource::ConfigMapKeyRef(selector(key)))),
    };
    EnvironmentVariable { name: name.to_owned(), value, value_from }
}

fn selector(key: &KeyReference) -> KeySelector {
    KeySelector { name: key.name.clone(), key: key.key.clone() }
}

/// The secret that the parameter names, as `NAME/KEY`.
fn secret(input: &str) -> EnvironmentVariable {
    let part = |idx: usize| format!("{{{{=split(inputs.parameters['{input}'], '/')[{idx}]}}}}");
    EnvironmentVariable {
        name: kfp_model::secret_variable(input),
        value: None,
        value_from: Some(EnvironmentSource::SecretKeyRef(KeySelector { name: part(0), key: part(1) })),
    }
}
