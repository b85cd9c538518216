//! Sharing of container templates: components with one interface and one policy are served by one template,
//! which is told by each call which of them it is.
//!
//! It is asked for only where a workflow would have more templates than the API server takes, as a template of
//! its own is easier to recognise. Names of tasks, keys of caches and what becomes of results are the same.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Component, Implementation};

use super::leaves::{ByTask, Leaf};
use super::plan::Argument;
use super::{Options, cache, leaf, names};
use crate::digest::{sha256_hex, step_digest};
use crate::shim;

/// The input of a shared leaf that names the component of a Rust step.
pub(super) const COMPONENT: &str = "kfp-component";
/// The input of a shared leaf that describes a Python step, its source included.
pub(super) const STEP: &str = "kfp-step";
/// The input of a shared leaf that is part of the name of the config map with its results.
pub(super) const CACHE: &str = "kfp-cache";
/// The input of a shared leaf that is part of the key of its results.
pub(super) const DIGEST: &str = "kfp-digest";

impl Leaf<'_> {
    /// Everything that calls give to it: what goes into the component, and which component it is.
    pub(super) fn parameters(&self) -> Vec<&str> {
        self.component.inputs.keys().map(String::as_str).chain(self.told()).collect()
    }

    /// The inputs that tell a shared leaf which component it is.
    fn told(&self) -> Vec<&'static str> {
        if !self.is_shared {
            return Vec::new();
        }
        let step = match self.component.implementation {
            Implementation::Rust(_) => Some(COMPONENT),
            Implementation::Python(_) | Implementation::Notebook(_) => Some(STEP),
            Implementation::Container(_) => None,
        };
        let cache: &[&str] = if cache::is_reused(self) { &[CACHE, DIGEST] } else { &[] };
        step.into_iter().chain(cache.iter().copied()).collect()
    }

    /// What a call gives to these inputs, so that the leaf is that component.
    pub(super) fn telling(&self, component: &Component, options: &Options) -> Vec<Argument> {
        let value = |name: &str| match (name, shim::python_step(component)) {
            (STEP, Some(step)) => shim::step_json(component, &step),
            (CACHE, _) => names::kebab(&component.name),
            (DIGEST, _) => step_digest(component, leaf::image(options, component), &self.policy.environment),
            _ => component.name.clone(),
        };
        self.told().into_iter().map(|name| Argument::new(name, value(name))).collect()
    }
}

/// Lets one leaf take the place of several whose templates differ in nothing but the component.
pub(super) fn share<'a>(
    leaves: Vec<Leaf<'a>>,
    by_task: &mut ByTask<'a>,
    options: &Options,
    taken: &mut BTreeSet<String>,
) -> Vec<Leaf<'a>> {
    let forms: Vec<Option<String>> = leaves.iter().map(|leaf| form(leaf, options)).collect();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for form in forms.iter().flatten() {
        *sizes.entry(form).or_default() += 1;
    }
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    let mut places = Vec::with_capacity(leaves.len());
    for (leaf, form) in leaves.into_iter().zip(&forms) {
        let Some(form) = form.as_deref().filter(|form| sizes[form] > 1) else {
            places.push(kept.len());
            kept.push(leaf);
            continue;
        };
        taken.remove(&leaf.name);
        taken.remove(&leaf.entry);
        places.push(*shared.entry(form).or_insert_with(|| {
            kept.push(leaf.renamed(|suffix| {
                names::unique(&format!("shared-{}{suffix}", &sha256_hex(form.as_bytes())[..6]), taken)
            }));
            kept.len() - 1
        }));
    }
    for place in by_task.values_mut() {
        *place = places[*place];
    }
    kept
}

/// The templates of the leaf if it were shared, as text and without its name; none where it has to stay alone.
fn form(leaf: &Leaf<'_>, options: &Options) -> Option<String> {
    // Such leaves have names that are seen elsewhere: folders of artifacts, values of the whole workflow.
    if leaf.is_collected || !leaf.globals.is_empty() {
        return None;
    }
    let image = leaf::image(options, leaf.component)?;
    let nameless = leaf.clone().renamed(|suffix| format!("shared{suffix}"));
    leaf::form(&nameless, image)
}

impl Leaf<'_> {
    /// The leaf as one that is shared. `name` makes a name that ends with the suffix.
    fn renamed(mut self, mut name: impl FnMut(&str) -> String) -> Self {
        let suffix = self.entry.strip_prefix(&self.name).unwrap_or_default().to_owned();
        let is_wrapped = self.entry != self.name;
        self.is_shared = true;
        self.name = name("");
        self.entry = if is_wrapped { name(&suffix) } else { self.name.clone() };
        self
    }
}

#[cfg(test)]
mod tests {
    use kfp_model::Document;
    use serde_json::{Value, json};

    use crate::lower::testing::lowered;

    /// A pipeline that calls each component once. They are alike in twos, but for the last one.
    fn document() -> Document {
        let component = |name: &str, implementation: Value, policy: Value| {
            let inputs = json!({"number": {"type": "integer"}, "data": {"type": {"artifact": {"name": "system.Dataset", "version": "0.0.1"}}}});
            let outputs = json!({"sum": {"type": "integer"}});
            (
                name.to_owned(),
                json!({"name": name, "inputs": inputs, "outputs": outputs,
                "implementation": implementation, "policy": policy}),
            )
        };
        let python = |source: &str| json!({"python": {"file": "a.py", "function": "f", "source": source}});
        let container = |text: &str| json!({"container": {"image": "tool:1", "command": [text]}});
        let rust = || json!({"rust": {}});
        let cached = json!({"cache": {"for": {"max_age": "24h"}}});
        let retried = json!({"cache": {"for": {"max_age": "24h"}}, "retry": {"limit": 2}});
        let components: serde_json::Map<String, Value> = [
            component("rust-a", rust(), json!({})),
            component("rust-b", rust(), json!({})),
            component("cached-a", rust(), cached.clone()),
            component("cached-b", rust(), cached.clone()),
            component("retried-a", rust(), retried.clone()),
            component("retried-b", rust(), retried),
            component("python-a", python("def f(number, data):\n    'costs $1'"), cached.clone()),
            component("python-b", python("def f(number, data):\n    'costs $2, {{workflow.name}}'"), cached),
            component("container-a", container("tool"), json!({})),
            component("container-b", container("tool"), json!({})),
            component("container-c", container("other"), json!({})),
            component("alone", rust(), json!({"timeout": "1m"})),
        ]
        .into_iter()
        .collect();
        let input = |name: &str| json!({"reference": {"input": name}});
        let arguments = json!({"number": input("number"), "data": input("data")});
        let task = |name: &String| {
            json!({"id": name, "name": name, "kind": {"call": {
                "callee": {"component": name}, "arguments": arguments}}})
        };
        let tasks: Vec<Value> = components.keys().map(task).collect();
        let data = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
        serde_json::from_value(json!({"schema_version": 1, "components": components, "pipelines": [{
            "name": "p", "inputs": {"number": {"type": "integer"}, "data": {"type": data}},
            "root": {"tasks": tasks},
        }]}))
        .unwrap()
    }

    /// Inputs that tell a shared template what it is, with their values.
    type Told = Vec<(String, String)>;

    /// Templates by name, and of each task of the body the template that it calls and what it tells a shared one.
    struct Read {
        templates: serde_json::Map<String, Value>,
        calls: Vec<(String, String, Told)>,
    }

    fn read(shares: bool) -> Read {
        let workflow = serde_json::to_value(lowered(&document(), shares)).unwrap();
        let templates = workflow["spec"]["templates"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let named = templates.iter().map(|template| (text(&template["name"]), template.clone()));
        let body = templates.iter().find(|template| template["name"] == "body").unwrap();
        let call = |task: &Value| {
            let arguments = task["arguments"]["parameters"].as_array().unwrap().iter();
            let told = arguments.filter(|argument| text(&argument["name"]).starts_with("kfp-"));
            let told = told.map(|argument| (text(&argument["name"]), text(&argument["value"]))).collect();
            (text(&task["name"]), text(&task["template"]), told)
        };
        Read {
            templates: named.collect(),
            calls: body["dag"]["tasks"].as_array().unwrap().iter().map(call).collect(),
        }
    }

    /// The template with what it is told in the place of the inputs that tell it, and without its name.
    fn pasted(template: &Value, told: &[(String, String)]) -> Value {
        let mut template = template.clone();
        template.as_object_mut().unwrap().remove("name");
        let is_told = |parameter: &Value| told.iter().any(|(name, _)| parameter["name"] == name.as_str());
        for pointer in ["/inputs/parameters", "/dag/tasks/0/arguments/parameters"] {
            if let Some(Value::Array(parameters)) = template.pointer_mut(pointer) {
                parameters.retain(|parameter| !is_told(parameter));
            }
        }
        let mut text = template.to_string();
        for (name, value) in told {
            let value = Value::from(value.as_str()).to_string();
            text = text.replace(&format!("{{{{inputs.parameters.{name}}}}}"), &value[1..value.len() - 1]);
            text = text.replace(
                &format!("inputs.parameters['{name}']"),
                &format!("'{}'", &value[1..value.len() - 1]),
            );
        }
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_shared_template_that_is_told_its_component_is_that_of_the_component() {
        let (own, shared) = (read(false), read(true));
        assert_eq!(own.templates.len() - shared.templates.len(), 7, "{:#?}", shared.templates.keys());
        for ((name, before, nothing), (same, after, told)) in own.calls.iter().zip(&shared.calls) {
            assert_eq!((name, nothing.len()), (same, 0));
            let mut after = pasted(&shared.templates[after], told);
            let mut before = pasted(&own.templates[before], &[]);
            // Of a wrapper, what is around a step, the step itself as well.
            for both in [&mut after, &mut before] {
                if let Some(task) = both.pointer_mut("/dag/tasks/0") {
                    let (templates, inner) = match task["template"].as_str().unwrap() {
                        inner if shared.templates.contains_key(inner) => (&shared.templates, inner),
                        inner => (&own.templates, inner),
                    };
                    let inner = pasted(&templates[inner], told);
                    task["template"] = inner;
                    task["name"] = Value::Null;
                }
            }
            let text = |value: &Value| value.to_string().replace("shared-", "");
            let strip = |value: &Value| {
                // A wrapper names its task after the template of the step.
                let mut text = text(value);
                for templates in [&own.templates, &shared.templates] {
                    for name in templates.keys() {
                        text = text
                            .replace(&format!("{{{{tasks.{}.", name.replace("shared-", "")), "{{tasks.step.");
                    }
                }
                text
            };
            assert_eq!(strip(&after), strip(&before), "{name}");
        }
    }

    #[test]
    fn what_differs_in_more_than_the_component_is_not_shared() {
        let shared = read(true);
        let of = |name: &str| &shared.calls.iter().find(|(task, ..)| task == name).unwrap().1;
        for (left, right, same) in [
            ("rust-a", "rust-b", true),
            ("cached-a", "cached-b", true),
            ("retried-a", "retried-b", true),
            ("python-a", "python-b", true),
            ("container-a", "container-b", true),
            ("container-a", "container-c", false),
            ("rust-a", "cached-a", false),
            ("cached-a", "retried-a", false),
            ("cached-a", "python-a", false),
            ("rust-a", "alone", false),
        ] {
            assert_eq!(of(left) == of(right), same, "{left}, {right}");
        }
        assert_eq!(of("alone"), "alone", "what is not shared keeps its name");
    }
}
