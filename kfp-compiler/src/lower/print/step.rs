//! Prints components as container templates, with their wrappers.

use std::collections::BTreeMap;

use kfp_argo::text::Text;
use kfp_argo::{Archive, Artifact, Container, Inputs, Outputs, Parameter, S3, Template, ValueFrom};
use kfp_model::{Implementation, Type};

use crate::lower::analyse::artifacts::{artifact_path, input_path, output_file};
use crate::lower::analyse::collections::is_list_of_artifacts;
use crate::lower::analyse::images::image;
use crate::lower::analyse::steps::{COMPONENT, STEP, Step};
use crate::lower::options::{BINARY, Options};
use crate::lower::passes::wrap;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Plan};
use crate::lower::print::cache;
use crate::lower::print::container;
use crate::lower::print::executor_input::{self, artifact_key};
use crate::lower::print::graph;
use crate::lower::print::parameters::SHIM;
use crate::lower::print::resources;
use crate::lower::print::retry;
use crate::shim;

/// Returns the templates of all steps with an image, each after its wrapper.
pub(in crate::lower) fn print_all(plan: &Plan, steps: &[Step<'_>], options: &Options) -> Vec<Template> {
    let wrappers: BTreeMap<&str, &plan::Template> =
        plan.templates.iter().filter_map(|template| Some((template.wraps.as_deref()?, template))).collect();
    let templates = |step: &Step<'_>| {
        let image = image(options, step.component)?;
        let wrapper = wrappers.get(step.name.as_str()).map(|wrapper| graph::template(wrapper));
        Some(with_cache(step, image, wrapper.into_iter().chain([template(step, image, options)])))
    };
    steps.iter().filter_map(templates).flatten().collect()
}

/// Adds the cache to the first template of a step, which is the one that is called.
fn with_cache(step: &Step<'_>, image: &str, templates: impl Iterator<Item = Template>) -> Vec<Template> {
    let mut templates: Vec<Template> = templates.collect();
    if let Some(first) = templates.first_mut() {
        first.memoize = cache::memoize(step, image);
    }
    templates
}

/// Returns the templates of a step as text, for comparison.
pub(in crate::lower) fn form(step: &Step<'_>, options: &Options) -> Option<String> {
    let image = image(options, step.component)?;
    let wrapper = wrap::wrapper(step, None).map(|wrapper| graph::template(&wrapper));
    let template = template(step, image, options);
    serde_json::to_string(&with_cache(step, image, wrapper.into_iter().chain([template]))).ok()
}

/// Returns the container template of the step.
fn template(step: &Step<'_>, image: &str, options: &Options) -> Template {
    Template {
        name: step.name.clone(),
        metadata: resources::metadata(&step.policy),
        inputs: inputs(step),
        outputs: outputs(step),
        retry_strategy: step.policy.retry.as_ref().map(retry::strategy),
        pod_spec_patch: retry::pod_spec_patch(&step.policy),
        affinity: step.policy.retry.as_ref().and_then(retry::affinity),
        active_deadline_seconds: step.policy.timeout.map(|timeout| timeout.seconds().to_string()),
        volumes: resources::volumes().0,
        container: Some(container_of(step, image, options)),
        ..Template::default()
    }
}

fn container_of(step: &Step<'_>, image: &str, options: &Options) -> Container {
    let (command, args) = match &step.component.implementation {
        Implementation::Rust(_) => rust_command(step),
        Implementation::Python(_) | Implementation::Notebook(_) => python_command(step),
        Implementation::Container(container) => container::command(step.component, container),
    };
    Container {
        image: image.to_owned(),
        command,
        args,
        env: resources::environment(step, options),
        resources: resources::requirements(&step.policy.resources),
        volume_mounts: resources::volumes().1,
    }
}

fn rust_command(step: &Step<'_>) -> (Vec<Text>, Vec<Text>) {
    let name = if step.is_shared { terms::input_tag(COMPONENT) } else { (&step.component.name).into() };
    let command = vec![BINARY.into(), "component".into(), name, "--executor_input".into()];
    (command, vec![executor_input::write(step)])
}

fn python_command(step: &Step<'_>) -> (Vec<Text>, Vec<Text>) {
    let shim = Text::variable(format!("workflow.parameters.{SHIM}"));
    let mut command = vec!["python3".into(), "-c".into(), shim];
    if step.is_shared {
        command.push(terms::input_tag(STEP));
    } else {
        let python = shim::python_step(step.component);
        let arguments = python.iter().flat_map(|python| shim::step_arguments(step.component, python));
        command.extend(arguments.map(Text::literal));
    }
    command.push("--executor_input".into());
    (command, vec![executor_input::write(step)])
}

/// Returns the inputs. Every input is a parameter; the parameter of an artifact contains its location.
fn inputs(step: &Step<'_>) -> Inputs {
    let inputs = step.component.inputs.iter();
    let artifacts = inputs.filter(|(_, input)| input.r#type.artifact().is_some());
    Inputs {
        parameters: step.parameters().into_iter().map(Parameter::declared).collect(),
        artifacts: artifacts.flat_map(|(name, input)| input_artifacts(step, name, &input.r#type)).collect(),
    }
}

fn input_artifacts(step: &Step<'_>, name: &str, r#type: &Type) -> Vec<Artifact> {
    if !is_list_of_artifacts(r#type) {
        return vec![input_artifact(name, r#type)];
    }
    // The step finds each item of a list below its path, under the key of the item.
    let folders = step.sources.get(name).into_iter().flatten();
    let artifact = |folder: &String| {
        let key = step.store.folder(folder);
        Artifact {
            name: format!("{name}-{folder}"),
            path: Text::literal(format!("{}/", input_path(name))).and(key.clone()),
            archive: Archive::default(),
            s3: S3::of_key(key),
            optional: true,
        }
    };
    folders.map(artifact).collect()
}

fn input_artifact(name: &str, r#type: &Type) -> Artifact {
    let value = || terms::input(name);
    let key = terms::from_json(value()).field("key");
    let optional = r#type.is_option();
    let key = if optional { value().equal("null".into()).then_else("kfp/absent".into(), key) } else { key };
    Artifact {
        name: name.to_owned(),
        path: input_path(name).into(),
        archive: Archive::default(),
        s3: S3::of_key(key),
        optional,
    }
}

fn outputs(step: &Step<'_>) -> Outputs {
    let parameter = |name: &String| Parameter {
        // Global outputs move to the wrapper, because the step does not run on a cache hit.
        global_name: step.globals.get(name).filter(|_| step.entry == step.name).cloned(),
        ..Parameter::from_source(name, ValueFrom::path(output_file(name)))
    };
    let artifacts = step.component.outputs.iter().filter(|(_, output)| output.r#type.artifact().is_some());
    let parameters = match step.component.implementation {
        Implementation::Container(_) => container::outputs(step),
        Implementation::Rust(_) | Implementation::Python(_) | Implementation::Notebook(_) => {
            step.component.outputs.keys().map(parameter).collect()
        }
    };
    Outputs {
        parameters,
        artifacts: artifacts.map(|(name, output)| output_artifact(step, name, &output.r#type)).collect(),
    }
}

fn output_artifact(step: &Step<'_>, name: &str, r#type: &Type) -> Artifact {
    Artifact {
        name: name.to_owned(),
        path: artifact_path(name).into(),
        archive: Archive::default(),
        s3: S3::of_key(artifact_key(step, name)),
        optional: r#type.is_option(),
    }
}
