//! The description of a Python step that the shim receives in addition to the executor input.

use kfp_model::{Component, Input, Output, PythonStep, Type, value};
use serde_json::{Map, Value, json};

/// Returns the source and the interface of a Python component as canonical JSON.
pub fn step_json(component: &Component, python: &PythonStep) -> String {
    let mut step = interface(component, python);
    step["source"] = python.source.as_str().into();
    value::encode(&step)
}

/// Returns the same description as command line arguments. The source is a separate, readable argument, unless it
/// contains double braces or dollar signs, which Argo and the kubelet would replace.
pub fn step_arguments(component: &Component, python: &PythonStep) -> Vec<String> {
    let is_safe =
        python.source.contains('\n') && !python.source.contains("{{") && !python.source.contains('$');
    if is_safe {
        let step = value::encode(&interface(component, python));
        vec![step, "--source".to_owned(), python.source.clone()]
    } else {
        vec![step_json(component, python)]
    }
}

fn interface(component: &Component, python: &PythonStep) -> Value {
    let inputs: Map<String, Value> =
        component.inputs.iter().map(|(name, input)| (name.clone(), input_parts(input))).collect();
    let outputs: Map<String, Value> =
        component.outputs.iter().map(|(name, output)| (name.clone(), output_parts(output))).collect();
    let returns: Vec<&String> = component
        .outputs
        .iter()
        .filter(|(_, output)| output.r#type.artifact().is_none())
        .map(|(name, _)| name)
        .collect();
    let mut interface = json!({
        "file": python.file,
        "function": python.function,
        "packages": python.packages,
        "pip_index": python.pip_index,
        "inputs": inputs,
        "outputs": outputs,
        "returns": returns,
    });
    if !python.modules.is_empty() {
        interface["modules"] = json!(python.modules);
    }
    interface
}

fn input_parts(input: &Input) -> Value {
    let present = input.r#type.present();
    let kind = match present {
        Type::Secret => "secret",
        other if other.artifact().is_some() => "artifact",
        _ => "parameter",
    };
    let mut parts = json!({
        "kind": kind,
        "optional": input.r#type.is_option(),
        "list": matches!(present, Type::List(_)),
    });
    if let Some(depth) = float_depth(&input.r#type) {
        parts["floats"] = depth.into();
    }
    if let Some(default) = &input.default {
        parts["default"] = default.clone();
    }
    parts
}

/// Returns the nesting depth of lists of floats; `None` for other types.
fn float_depth(r#type: &Type) -> Option<u32> {
    match r#type.present() {
        Type::Float => Some(0),
        Type::List(item) => float_depth(item).map(|depth| depth + 1),
        _ => None,
    }
}

fn output_parts(output: &Output) -> Value {
    let optional = output.r#type.is_option();
    if output.r#type.artifact().is_some() {
        json!({"kind": "artifact", "optional": optional})
    } else {
        json!({"kind": "parameter", "optional": optional, "type": type_name(output.r#type.present())})
    }
}

/// Returns the name of the type in the shim.
fn type_name(r#type: &Type) -> &'static str {
    match r#type {
        Type::String | Type::Secret => "text",
        Type::Integer => "integer",
        Type::Float => "float",
        Type::Boolean => "boolean",
        Type::List(_) => "list",
        Type::Map(_) => "map",
        Type::Struct(_) => "struct",
        Type::Enum(_) => "enum",
        Type::Any | Type::Option(_) | Type::Artifact(_) => "any",
    }
}

#[cfg(test)]
mod tests {
    use kfp_model::Implementation;

    use super::*;

    #[test]
    fn the_interface_contains_kinds() {
        let model = json!({"artifact": {"name": "system.Model", "version": "0.0.1"}});
        let component: Component = serde_json::from_value(json!({
            "name": "train",
            "inputs": {
                "rate": {"type": "float", "default": 0.5},
                "note": {"type": {"option": "string"}},
                "token": {"type": "secret"},
                "models": {"type": {"list": model}},
            },
            "outputs": {"accuracy": {"type": "float"}, "best": {"type": model}, "loss": {"type": {"option": "float"}}},
            "implementation": {"python": {
                "file": "t.py", "function": "train", "source": "$x", "modules": {"lib/a.py": "A = '{{x}}'"},
            }},
        }))
        .unwrap();
        let Implementation::Python(python) = &component.implementation else { panic!("a Python step") };
        let text = step_json(&component, python);
        assert!(text.contains(r#""source":"\u0024x""#), "{text}");
        assert_eq!(
            value::decode(&text).unwrap(),
            json!({
                "file": "t.py", "function": "train", "source": "$x", "packages": [], "pip_index": null,
                "modules": {"lib/a.py": "A = '{{x}}'"},
                "inputs": {
                    "rate": {"kind": "parameter", "optional": false, "list": false, "floats": 0, "default": 0.5},
                    "note": {"kind": "parameter", "optional": true, "list": false},
                    "token": {"kind": "secret", "optional": false, "list": false},
                    "models": {"kind": "artifact", "optional": false, "list": true},
                },
                "outputs": {
                    "accuracy": {"kind": "parameter", "optional": false, "type": "float"},
                    "best": {"kind": "artifact", "optional": false},
                    "loss": {"kind": "parameter", "optional": true, "type": "float"},
                },
                "returns": ["accuracy", "loss"],
            })
        );
    }
}
