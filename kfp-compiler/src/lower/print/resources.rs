//! What a step needs of its machine and of its environment.

use indexmap::IndexMap;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_argo::{
    Empty, EnvironmentSource, EnvironmentVariable, KeySelector, PodMetadata, ResourceRequirements, Volume,
    VolumeMount,
};
use kfp_model::{
    EnvironmentValue, Implementation, KeyReference, MASKED_VARIABLES, Policy, RETRIES_VARIABLE, Resources,
    Type,
};

use crate::lower::analyse::artifacts::FOLDER;
use crate::lower::analyse::steps::Step;
use crate::lower::plan::terms;

/// Processor and memory are requested and limited alike, so that a step runs as it was measured; devices can
/// be limited only.
pub(in crate::lower) fn requirements(resources: &Resources) -> ResourceRequirements {
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

const VOLUME: &str = "kfp";

/// The folder that a step writes to, which is there in every image.
pub(in crate::lower) fn volumes() -> (Vec<Volume>, Vec<VolumeMount>) {
    let volume = Volume { name: VOLUME.to_owned(), empty_dir: Empty {} };
    (vec![volume], vec![VolumeMount { name: VOLUME.to_owned(), mount_path: FOLDER.to_owned() }])
}

/// What is written on the pod, in the order of the keys.
pub(in crate::lower) fn metadata(policy: &Policy) -> PodMetadata {
    let sorted = |texts: &IndexMap<String, String>| {
        let mut texts = texts.clone();
        texts.sort_keys();
        texts
    };
    PodMetadata { labels: sorted(&policy.labels), annotations: sorted(&policy.annotations) }
}

/// The variable that holds an opening brace, for texts in which two of them would begin one of Argo's tags.
const BRACE: &str = "KFP_BRACE";

/// The variables of the policy, one for each secret among the inputs, the names of secrets among the former, and the
/// number of retries.
pub(in crate::lower) fn environment(step: &Step<'_>) -> Vec<EnvironmentVariable> {
    let of_policy = step.policy.environment.iter().map(|(name, value)| variable(name, value));
    let secrets = step.component.inputs.iter().filter(|(_, input)| *input.r#type.present() == Type::Secret);
    let secrets = secrets.map(|(name, input)| secret(name, input.r#type.is_option()));
    // A variable can only be named by those after it.
    brace(step).into_iter().chain(of_policy).chain(secrets).chain(masked(step)).chain(retries(step)).collect()
}

/// The names of the policy's variables with secrets, for the runtime of a step that masks their values.
fn masked(step: &Step<'_>) -> Option<EnvironmentVariable> {
    let is_secret = |value: &EnvironmentValue| matches!(value, EnvironmentValue::Secret(_));
    let secrets = step.policy.environment.iter().filter(|(_, value)| is_secret(value));
    let names: Vec<&str> = secrets.map(|(name, _)| name.as_str()).collect();
    let has_runtime = !matches!(step.component.implementation, Implementation::Container(_));
    (has_runtime && !names.is_empty()).then(|| EnvironmentVariable {
        name: MASKED_VARIABLES.to_owned(),
        value: Some(names.join(",").into()),
        value_from: None,
    })
}

/// How often the step was tried before, which Argo knows of templates with a retry strategy only.
fn retries(step: &Step<'_>) -> Option<EnvironmentVariable> {
    step.policy.retry.as_ref().map(|_| EnvironmentVariable {
        name: RETRIES_VARIABLE.to_owned(),
        value: Some(Text::variable("retries")),
        value_from: None,
    })
}

/// A text of a container's command or environment as Argo and the kubelet leave it alone: the kubelet expands
/// `$(NAME)`, a doubled sign arrives as one, and Argo expands what stands between two braces.
pub(in crate::lower) fn literal(text: &str) -> String {
    text.replace('$', "$$").replace("{{", &format!("$({BRACE})$({BRACE})"))
}

fn brace(step: &Step<'_>) -> Option<EnvironmentVariable> {
    let in_environment = step.policy.environment.values().any(|value| match value {
        EnvironmentValue::Literal(text) => text.contains("{{"),
        EnvironmentValue::Secret(_) | EnvironmentValue::ConfigMap(_) => false,
    });
    let in_command = match &step.component.implementation {
        Implementation::Container(step) => {
            step.command.iter().chain(&step.args).any(|text| text.contains("{{"))
        }
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => false,
    };
    (in_environment || in_command).then(|| EnvironmentVariable {
        name: BRACE.to_owned(),
        value: Some("{".into()),
        value_from: None,
    })
}

fn variable(name: &str, value: &EnvironmentValue) -> EnvironmentVariable {
    let (value, value_from) = match value {
        EnvironmentValue::Literal(text) => (Some(literal(text).into()), None),
        EnvironmentValue::Secret(key) => (None, Some(EnvironmentSource::SecretKeyRef(selector(key)))),
        EnvironmentValue::ConfigMap(key) => (None, Some(EnvironmentSource::ConfigMapKeyRef(selector(key)))),
    };
    EnvironmentVariable { name: name.to_owned(), value, value_from }
}

fn selector(key: &KeyReference) -> KeySelector {
    KeySelector { name: (&key.name).into(), key: (&key.key).into(), optional: false }
}

/// The secret that the parameter names, as `NAME/KEY`; one that is absent leaves the variable out.
fn secret(input: &str, optional: bool) -> EnvironmentVariable {
    let value = || terms::input(input);
    let part = |idx: i64| -> Text {
        let part = Expression::call("split", [value(), "/".into()]).index(idx.into());
        if optional { value().equal("null".into()).then_else("absent".into(), part) } else { part }.into()
    };
    let selector = KeySelector { name: part(0), key: part(1), optional };
    EnvironmentVariable {
        name: kfp_model::secret_variable(input),
        value: None,
        value_from: Some(EnvironmentSource::SecretKeyRef(selector)),
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn nothing_in_a_literal_is_expanded() {
        for (text, expected) in [
            ("$HOME $(HOME) $$", "$$HOME $$(HOME) $$$$"),
            ("{{workflow.name}}", "$(KFP_BRACE)$(KFP_BRACE)workflow.name}}"),
            ("{{{", "$(KFP_BRACE)$(KFP_BRACE){"),
            ("plain {x}", "plain {x}"),
        ] {
            assert_eq!(literal(text), expected);
        }
    }
}
