//! The resources, volumes, metadata and environment of a step.

use indexmap::IndexMap;
use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_argo::{
    Empty, EnvironmentSource, EnvironmentVariable, KeySelector, PodMetadata, ResourceRequirements, Volume,
    VolumeMount,
};
use kfp_model::{
    DIGEST_LIMIT_VARIABLE, EnvironmentValue, Implementation, KeyReference, MASKED_VARIABLES, Policy,
    RETRIES_VARIABLE, Resources, Type,
};

use crate::lower::analyse::artifacts::FOLDER;
use crate::lower::analyse::steps::Step;
use crate::lower::options::Options;
use crate::lower::plan::terms;

/// Returns the resource requirements. CPU and memory have equal requests and limits, so that a step behaves the same on
/// every machine; devices can only be limited.
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

/// Returns the volume of the folder that a step writes to, so that it exists with every image.
pub(in crate::lower) fn volumes() -> (Vec<Volume>, Vec<VolumeMount>) {
    let volume = Volume { name: VOLUME.to_owned(), empty_dir: Empty {} };
    (vec![volume], vec![VolumeMount { name: VOLUME.to_owned(), mount_path: FOLDER.to_owned() }])
}

/// Returns labels and annotations of the pod, sorted by key.
pub(in crate::lower) fn metadata(policy: &Policy) -> PodMetadata {
    let sorted = |texts: &IndexMap<String, String>| {
        let mut texts = texts.clone();
        texts.sort_keys();
        texts
    };
    PodMetadata { labels: sorted(&policy.labels), annotations: sorted(&policy.annotations) }
}

/// The variable that contains an opening brace, because two consecutive ones would start an Argo tag.
const BRACE: &str = "KFP_BRACE";

/// Returns the environment: the variables of the policy, one for each secret input, the names of the policy's secret
/// variables, the limit of digests, and the number of retries.
pub(in crate::lower) fn environment(step: &Step<'_>, options: &Options) -> Vec<EnvironmentVariable> {
    let of_policy = step.policy.environment.iter().map(|(name, value)| variable(name, value));
    let secrets = step.component.inputs.iter().filter(|(_, input)| *input.r#type.present() == Type::Secret);
    let secrets = secrets.map(|(name, input)| secret(name, input.r#type.is_option()));
    // A variable can only be referenced by those after it.
    let of_runtime = masked(step).into_iter().chain(digest_limit(step, options)).chain(retries(step));
    brace(step).into_iter().chain(of_policy).chain(secrets).chain(of_runtime).collect()
}

/// Returns the variable with the names of the policy's secret variables, for the runtime that masks their values.
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

/// Returns the variable with the limit of digests, if the options set it and the policy does not.
fn digest_limit(step: &Step<'_>, options: &Options) -> Option<EnvironmentVariable> {
    let has_runtime = !matches!(step.component.implementation, Implementation::Container(_));
    let mut outputs = step.component.outputs.values();
    let has_digests = has_runtime && outputs.any(|output| output.r#type.artifact().is_some());
    let is_set = step.policy.environment.contains_key(DIGEST_LIMIT_VARIABLE);
    let limit = options.digest_limit.filter(|_| has_digests && !is_set)?;
    let name = DIGEST_LIMIT_VARIABLE.to_owned();
    Some(EnvironmentVariable { name, value: Some(limit.to_string().into()), value_from: None })
}

/// Returns the variable with the number of previous attempts, which only exists in templates with a retry strategy.
fn retries(step: &Step<'_>) -> Option<EnvironmentVariable> {
    step.policy.retry.as_ref().map(|_| EnvironmentVariable {
        name: RETRIES_VARIABLE.to_owned(),
        value: Some(Text::variable("retries")),
        value_from: None,
    })
}

/// Escapes text in a command or environment: the kubelet expands `$(NAME)` and replaces `$$` by `$`, and Argo expands
/// text between double braces.
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

/// Returns the variable of a secret input, whose parameter is `NAME/KEY`. For an absent option, the variable is not
/// set.
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
    use kfp_model::{DIGEST_LIMIT_VARIABLE, Document};
    use serde_json::json;

    use super::literal;
    use crate::lower::{Options, lower};

    #[test]
    fn steps_that_write_artifacts_receive_the_digest_limit_unless_they_set_it() {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let own = json!({"environment": {DIGEST_LIMIT_VARIABLE: {"literal": "0"}}});
        let container = json!({"container": {"image": "tool:1", "command": ["tool"]}});
        let component = |name: &str, implementation, output, policy| json!({"name": name, "outputs": {"out": {"type": output}}, "implementation": implementation, "policy": policy});
        let components = json!({
            "writes": component("writes", json!({"rust": {}}), model.clone(), json!({})),
            "counts": component("counts", json!({"rust": {}}), json!("integer"), json!({})),
            "container": component("container", container, model.clone(), json!({})),
            "own": component("own", json!({"rust": {}}), model, own),
        });
        let names = ["writes", "counts", "container", "own"];
        let tasks = names.map(|name| {
            json!({"id": name, "name": name, "kind": {"call": {"callee": {"component": name}, "arguments": {}}}})
        });
        let document = json!({
            "schema_version": 1,
            "components": components,
            "pipelines": [{"name": "p", "root": {"tasks": tasks}}],
        });
        let document: Document = serde_json::from_value(document).unwrap();
        let program = crate::check::check(&document, &document.pipelines[0]).program.unwrap();
        for digest_limit in [None, Some(4096)] {
            let options = Options { image: Some("i:1".to_owned()), digest_limit, ..Options::default() };
            let workflow = lower(&program, &options).unwrap().workflow;
            let limit_of = |name: &str| {
                let template = workflow.spec.templates.iter().find(|template| template.name == name).unwrap();
                let variables = &template.container.as_ref().unwrap().env;
                let variable = variables.iter().find(|variable| variable.name == DIGEST_LIMIT_VARIABLE)?;
                variable.value.as_ref().map(ToString::to_string)
            };
            let set = digest_limit.map(|limit: u64| limit.to_string());
            let expect = [set, None, None, Some("0".to_owned())];
            assert_eq!(names.map(limit_of), expect, "{digest_limit:?}");
        }
    }

    #[test]
    fn literals_are_not_expanded() {
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
