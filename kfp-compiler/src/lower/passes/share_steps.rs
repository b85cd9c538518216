//! Shares step templates: components with the same interface and policy use one template, and each call passes the
//! component.
//!
//! It is only used if a workflow would have more templates than the API server accepts, because separate templates are
//! easier to recognize. Task names, cache keys and results do not change.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::Component;

use crate::dag_names;
use crate::digest::{sha256_hex, step_digest};
use crate::lower::analyse::images::image;
use crate::lower::analyse::names;
use crate::lower::analyse::steps::{CACHE, DIGEST, STEP, Step};
use crate::lower::options::Options;
use crate::lower::plan::{Argument, Plan, Template};
use crate::shim;

/// Replaces steps whose templates differ only in the component by one shared step. `form` returns the templates of a
/// step as text.
pub(in crate::lower) fn share<'a>(
    plan: &mut Plan,
    steps: Vec<Step<'a>>,
    options: &Options,
    form: &dyn Fn(&Step<'_>) -> Option<String>,
) -> Vec<Step<'a>> {
    let forms: Vec<Option<String>> =
        steps.iter().map(|step| anonymous(step).and_then(|step| form(&step))).collect();
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for form in forms.iter().flatten() {
        *sizes.entry(form).or_default() += 1;
    }
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    let mut kept: Vec<Step<'a>> = Vec::new();
    let mut replaced = BTreeMap::new();
    for (step, form) in steps.into_iter().zip(&forms) {
        let Some(form) = form.as_deref().filter(|form| sizes[form] > 1) else {
            kept.push(step);
            continue;
        };
        plan.names.remove(&step.name);
        plan.names.remove(&step.entry);
        let (name, component) = (step.name.clone(), step.component);
        let place = *shared.entry(form).or_insert_with(|| {
            kept.push(step.renamed(|suffix| {
                names::unique(
                    &format!("shared-{}{suffix}", &sha256_hex(form.as_bytes())[..6]),
                    &mut plan.names,
                )
            }));
            kept.len() - 1
        });
        replaced
            .insert(name, (kept[place].name.clone(), kept[place].component_arguments(component, options)));
    }
    for task in plan.templates.iter_mut().filter_map(Template::graph_mut).flat_map(|graph| &mut graph.tasks) {
        if let Some((name, arguments)) = replaced.get(&task.calls) {
            task.calls.clone_from(name);
            task.arguments.extend(arguments.iter().cloned());
        }
    }
    kept
}

/// Returns the number of templates of steps that remain after [`share`], at least.
pub(in crate::lower) fn count(steps: &[Step<'_>], form: &dyn Fn(&Step<'_>) -> Option<String>) -> usize {
    let can_be_shared: Vec<Step<'_>> = steps.iter().filter_map(anonymous).collect();
    let forms: BTreeSet<String> = can_be_shared.iter().filter_map(form).collect();
    forms.len() + steps.len() - can_be_shared.len()
}

/// Returns the step as a shared one with a generic name; `None` if it cannot be shared.
fn anonymous<'a>(step: &Step<'a>) -> Option<Step<'a>> {
    // The names of such steps are used elsewhere: in folders of artifacts and in global outputs.
    let has_fixed_name = step.is_collected || !step.globals.is_empty();
    (!has_fixed_name).then(|| step.clone().renamed(|suffix| format!("shared{suffix}")))
}

impl Step<'_> {
    /// Returns the arguments by which a call passes the component to the shared step.
    fn component_arguments(&self, component: &Component, options: &Options) -> Vec<Argument> {
        let value = |name: &str| match (name, shim::python_step(component)) {
            (STEP, Some(step)) => shim::step_json(component, &step),
            (CACHE, _) => dag_names::kebab(&component.name),
            (DIGEST, _) => step_digest(component, image(options, component), &self.policy.environment),
            _ => component.name.clone(),
        };
        self.component_inputs().into_iter().map(|name| Argument::new(name, value(name))).collect()
    }

    /// Returns the step as a shared one. `name` returns a name that ends with the suffix.
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

    /// A pipeline that calls each component once. All but the last have similar variants.
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

    /// The inputs by which a call passes the component, with their values.
    type Passed = Vec<(String, String)>;

    /// The templates by name, and for each task of the body the template that it calls and the component arguments.
    struct Read {
        templates: serde_json::Map<String, Value>,
        calls: Vec<(String, String, Passed)>,
    }

    fn read(shares: bool) -> Read {
        let workflow = serde_json::to_value(lowered(&document(), shares)).unwrap();
        let templates = workflow["spec"]["templates"].as_array().unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let named = templates.iter().map(|template| (text(&template["name"]), template.clone()));
        let body = templates.iter().find(|template| template["name"] == "body").unwrap();
        let call = |task: &Value| {
            let arguments = task["arguments"]["parameters"].as_array().unwrap().iter();
            let passed = arguments.filter(|argument| text(&argument["name"]).starts_with("kfp-"));
            let passed = passed.map(|argument| (text(&argument["name"]), text(&argument["value"]))).collect();
            (text(&task["name"]), text(&task["template"]), passed)
        };
        Read {
            templates: named.collect(),
            calls: body["dag"]["tasks"].as_array().unwrap().iter().map(call).collect(),
        }
    }

    /// Returns the template with the arguments inserted, and without its name.
    fn pasted(template: &Value, passed: &[(String, String)]) -> Value {
        let mut template = template.clone();
        template.as_object_mut().unwrap().remove("name");
        let is_passed = |parameter: &Value| passed.iter().any(|(name, _)| parameter["name"] == name.as_str());
        for pointer in ["/inputs/parameters", "/dag/tasks/0/arguments/parameters"] {
            if let Some(Value::Array(parameters)) = template.pointer_mut(pointer) {
                parameters.retain(|parameter| !is_passed(parameter));
            }
        }
        let mut text = template.to_string();
        for (name, value) in passed {
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
    fn a_shared_template_is_equivalent_to_that_of_the_component() {
        let (own, shared) = (read(false), read(true));
        assert_eq!(own.templates.len() - shared.templates.len(), 7, "{:#?}", shared.templates.keys());
        for ((name, before, nothing), (same, after, passed)) in own.calls.iter().zip(&shared.calls) {
            assert_eq!((name, nothing.len()), (same, 0));
            let mut after = pasted(&shared.templates[after], passed);
            let mut before = pasted(&own.templates[before], &[]);
            // For a wrapper, compare the inner step as well.
            for both in [&mut after, &mut before] {
                if let Some(task) = both.pointer_mut("/dag/tasks/0") {
                    let (templates, inner) = match task["template"].as_str().unwrap() {
                        inner if shared.templates.contains_key(inner) => (&shared.templates, inner),
                        inner => (&own.templates, inner),
                    };
                    let inner = pasted(&templates[inner], passed);
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
    fn steps_with_other_differences_are_not_shared() {
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
        assert_eq!(of("alone"), "alone", "a step that is not shared keeps its name");
    }
}
