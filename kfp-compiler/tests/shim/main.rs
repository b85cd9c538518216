//! Tests the Python shim with a real interpreter: its outputs and its error messages.
//!
//! Without `python3`, the tests print a message and pass.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test panics if its own files are invalid"
)]

mod artifacts;

use std::fs;
use std::path::Path;
use std::process::Command;

use kfp_compiler::shim;
use kfp_model::value::encode;
use serde_json::{Value, json};

/// The result of a step.
struct StepResult {
    code: i32,
    stderr: String,
    termination: Value,
    /// The contents of the output files by name; `null` if there is no file.
    outputs: Value,
    folder: tempfile::TempDir,
}

#[expect(clippy::print_stdout, reason = "a skipped test prints a message")]
fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok();
    if !found {
        println!("skipped: `python3` not found in PATH");
    }
    found
}

/// Runs the function `step` in `source`. `interface` has `inputs`, `outputs` and `returns` in the form that the shim
/// expects; `inputs` is the part of the executor input.
fn run(source: &str, interface: &Value, inputs: &Value) -> StepResult {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let outputs = interface["outputs"].as_object().unwrap();
    let mut expected_outputs =
        json!({"parameters": {}, "artifacts": {}, "paths": {}, "outputFile": path("executor_output.json")});
    for (name, output) in outputs {
        expected_outputs["parameters"][name] = json!({"outputFile": path(&format!("out-{name}"))});
        if output["kind"] == "artifact" {
            let title = output["type"].as_str().unwrap_or("system.Model");
            let r#type = json!({"schemaTitle": title, "schemaVersion": "0.0.1"});
            let value = json!({"name": name, "key": name, "uri": name, "type": r#type, "metadata": {}});
            expected_outputs["artifacts"][name] = json!({"artifacts": [value]});
            expected_outputs["paths"][name] = json!(path(&format!("art-{name}")));
        }
    }
    let mut step = interface.clone();
    step["file"] = json!("step.py");
    step["function"] = json!("step");
    step["packages"] = json!([]);
    step["pip_index"] = Value::Null;
    let executor_input = json!({"inputs": inputs, "outputs": expected_outputs}).to_string();
    let output = Command::new("python3")
        .args([
            "-c",
            shim::SOURCE,
            &step.to_string(),
            "--source",
            source,
            "--executor_input",
            &executor_input,
        ])
        .env("KFP_TERMINATION_LOG", path("termination"))
        .env("KFP_SECRET_TOKEN", "s3cret")
        .output()
        .unwrap();
    let read = |name: String| fs::read_to_string(name).ok();
    let texts = outputs.keys().map(|name| (name.clone(), json!(read(path(&format!("out-{name}"))))));
    StepResult {
        code: output.status.code().unwrap_or(-1),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        termination: serde_json::from_str(&read(path("termination")).unwrap_or("null".to_owned())).unwrap(),
        outputs: texts.collect(),
        folder,
    }
}

fn one_output(r#type: &str) -> Value {
    json!({
        "inputs": {"value": {"kind": "parameter", "optional": true}},
        "outputs": {"result": {"kind": "parameter", "optional": false, "type": r#type}},
        "returns": ["result"],
    })
}

#[test]
fn values_are_written_in_canonical_form() {
    if !has_python() {
        return;
    }
    let values = json!([
        null, true, 0, -1, 9_007_199_254_740_993_i64, i64::MIN, 0.1, 1.0, 1e16, 1e20, 1.234_567_890_123_456_7e20, 1e21,
        1e-5, 1e-6, 1e-7, 1.5e-9, 5e-324, 1.797_693_134_862_315_7e308, "", "it's \"quoted\" \\ \n\r\t\u{8}\u{c}",
        "{{workflow.name}} {{{ }}", "$(HOME) $$", "é 🚀 🇩🇪 \u{1} \u{7f}", {"b": {"é": 1}, "a": [], "$": "{{"}
    ]);
    let interface = one_output("list");
    let result = run(
        "def step(value):\n    return value\n",
        &interface,
        &json!({"parameterValues": {"value": values}}),
    );
    assert_eq!(result.code, 0, "{}", result.stderr);
    assert_eq!(result.outputs["result"], encode(&values));
}

#[test]
fn returned_values_are_unwrapped_and_checked() {
    if !has_python() {
        return;
    }
    for (r#type, body, expected) in [
        ("text", "return 'x'", Ok("\"x\"")),
        ("float", "return 1", Ok("1")),
        ("map", "return {'b': (1, 2)}", Ok(r#"{"b":[1,2]}"#)),
        ("integer", "return True", Err("output `result`: expected type integer, found bool")),
        ("integer", "return 2**63", Err("output `result`: expected type integer, found int")),
        ("float", "return 2**70", Ok("1.1805916207174113e+21")),
        (
            "any",
            "return [2**64]",
            Err(
                "output `result` cannot be written: it contains an integer of more than 64 bits: use a float or a string",
            ),
        ),
        (
            "float",
            "return 10**5000",
            Err("output `result` cannot be written: int too large to convert to float"),
        ),
        (
            "any",
            "value = []\n    value += [value, value]\n    return value",
            Err("output `result` cannot be written: it is nested too deeply: 125 levels are allowed"),
        ),
        ("text", "return 1", Err("output `result`: expected type text, found int")),
        ("text", "return None", Err("output `result` was not written")),
        ("text", "return '\\ud800'", Err("output `result` cannot be written: 'utf-8' codec can't encode")),
        ("any", "return {1: 2}", Err("output `result` cannot be written: it has keys that are not strings")),
        ("any", "return object()", Err("it contains a value of type `object`, which is not JSON")),
        (
            "float",
            "return float('nan')",
            Err("output `result` cannot be written: NaN and infinity are not allowed in JSON"),
        ),
        ("list", "return [float('inf')]", Err("output `result` cannot be written: NaN and infinity")),
        (
            "text",
            "return 'x' * 40960",
            Err("output `result` has 40960 bytes, more than the limit of 32768: use an artifact"),
        ),
        // Bytes count, and neither characters nor escapes.
        (
            "text",
            "return '\\u00e9' * 16385",
            Err("output `result` has 32770 bytes, more than the limit of 32768: use an artifact"),
        ),
        (
            "list",
            "return ['\\u00e9' * 20000]",
            Err("output `result` has 40004 bytes, more than the limit of 32768: use an artifact"),
        ),
    ] {
        let source = format!("def step(value):\n    {body}\n");
        let result = run(&source, &one_output(r#type), &json!({}));
        match expected {
            Ok(text) => assert_eq!((result.code, &result.outputs["result"]), (0, &json!(text)), "{body}"),
            Err(message) => {
                assert_eq!((result.code, &result.outputs["result"]), (10, &Value::Null), "{body}");
                assert_eq!(result.termination["class"], "data", "{body}");
                let found = result.termination["message"].as_str().unwrap();
                assert!(found.contains(message), "{body}: {found}");
            }
        }
    }
}

#[test]
fn several_values_are_returned_by_field_or_by_order() {
    if !has_python() {
        return;
    }
    let output = |r#type: &str| json!({"kind": "parameter", "optional": false, "type": r#type});
    let interface = json!({
        "inputs": {},
        "outputs": {"accuracy": output("float"), "name": output("text")},
        "returns": ["accuracy", "name"],
    });
    for body in [
        "return 0.5, 'x'",
        "return {'name': 'x', 'accuracy': 0.5}",
        "return NamedTuple('Fit', [('name', str), ('accuracy', float)])('x', 0.5)",
        "return make_dataclass('Fit', ['name', 'accuracy'])('x', 0.5)",
    ] {
        let source = format!(
            "from typing import NamedTuple\nfrom dataclasses import make_dataclass\ndef step():\n    {body}\n"
        );
        let result = run(&source, &interface, &json!({}));
        assert_eq!(result.outputs, json!({"accuracy": "0.5", "name": "\"x\""}), "{body}: {}", result.stderr);
    }
}

#[test]
fn failures_have_a_class_and_an_exit_code() {
    if !has_python() {
        return;
    }
    for (body, code, class, message) in [
        ("raise ValueError('bad {{ $')", 1, "unknown", "ValueError: bad {{ $"),
        ("raise ConnectionError('gone')", 75, "transient", "ConnectionError: gone"),
        ("raise TimeoutError()", 75, "transient", "TimeoutError"),
        ("raise Bad('rows')", 10, "data", "rows"),
        ("raise Worse('never')", 11, "permanent", "never"),
        ("raise SystemExit(3)", 3, "unknown", "SystemExit: 3"),
        ("raise SystemExit(0)", 10, "data", "the function exited before it returned its outputs"),
        ("import nowhere", 1, "unknown", "ModuleNotFoundError: No module named 'nowhere'"),
    ] {
        let classes = "class Bad(Exception):\n    kfp_class = 'data'\nclass Worse(Exception):\n    kfp_class = 'permanent'\n";
        let result =
            run(&format!("{classes}def step(value):\n    {body}\n"), &one_output("text"), &json!({}));
        assert_eq!(result.code, code, "{body}: {}", result.stderr);
        assert_eq!(result.termination, json!({"class": class, "message": message}), "{body}");
        assert!(result.stderr.contains(&format!("error: {message}")), "{body}: {}", result.stderr);
    }
    let result = run("def step(value):\n    raise ValueError('ä' * 5000)\n", &one_output("text"), &json!({}));
    let line = fs::read_to_string(result.folder.path().join("termination")).unwrap();
    assert!(line.len() <= 2048 && line.ends_with('\n') && line.is_ascii(), "{} bytes", line.len());
}

#[test]
fn tracebacks_show_the_lines_of_the_user_only() {
    if !has_python() {
        return;
    }
    let result =
        run("def step(value):\n    raise ValueError('x')  # here\n", &one_output("text"), &json!({}));
    assert!(
        result.stderr.contains("File \"step.py\", line 2, in step\n    raise ValueError('x')  # here"),
        "{}",
        result.stderr
    );
    assert!(!result.stderr.contains("<string>"), "{}", result.stderr);
}

#[test]
fn arguments_come_from_values_defaults_and_the_environment() {
    if !has_python() {
        return;
    }
    let parameter = |optional: bool| json!({"kind": "parameter", "optional": optional});
    let interface = json!({
        "inputs": {
            "given": parameter(false),
            "defaulted": {"kind": "parameter", "optional": false, "default": 7},
            "own": parameter(true),
            "absent": parameter(true),
            "token": {"kind": "secret", "optional": false},
        },
        "outputs": {"result": {"kind": "parameter", "optional": false, "type": "list"}},
        "returns": ["result"],
    });
    let source = "def step(given, defaulted, absent, token, own='own'):\n    return [given, defaulted, own, absent, token[::-1]]\n";
    let result = run(source, &interface, &json!({"parameterValues": {"given": 1, "defaulted": null}}));
    assert_eq!(result.outputs["result"], r#"[1,7,"own",null,"terc3s"]"#, "{}", result.stderr);
    let result = run(source, &interface, &json!({}));
    assert_eq!(result.termination["message"], "missing required input `given`");
}

#[test]
fn modules_can_be_imported() {
    if !has_python() {
        return;
    }
    let mut interface = one_output("text");
    interface["modules"] = json!({
        "helpers.py": "from kfp.dsl import Model\nfrom lib import tables\nNAME = Model.__name__ + tables.NAME\n",
        "lib/__init__.py": "",
        "lib/tables.py": "NAME = 'é{{$}}'\r\n",
        "json.py": "raise ImportError('the shim needs the standard module')\n",
    });
    let source = "import helpers\ndef step(value):\n    return helpers.NAME\n";
    let result = run(source, &interface, &json!({}));
    assert_eq!(result.outputs["result"], encode(&json!("Modelé{{$}}")), "{}", result.stderr);
    let source = "def step(value):\n    import lib.missing\n";
    let result = run(source, &interface, &json!({}));
    assert_eq!(result.termination["message"], "ModuleNotFoundError: No module named 'lib.missing'");
}

#[test]
fn modules_named_like_standard_modules_do_not_replace_them_in_the_shim() {
    if !has_python() {
        return;
    }
    let interface = |r#type: &str| {
        let mut interface = one_output(r#type);
        interface["outputs"]["model"] = json!({"kind": "artifact", "optional": false});
        let names = [
            "ast",
            "base64",
            "decimal",
            "hashlib",
            "linecache",
            "re",
            "shutil",
            "stat",
            "tokenize",
            "traceback",
        ];
        let module = |name: &&str| (format!("{name}.py"), json!("OWN = 1e20\n"));
        interface["modules"] = names.iter().map(module).collect();
        interface
    };
    let body =
        "open(model.path, 'w').write('1')\n    value = sum([hashlib.OWN, decimal.OWN, traceback.OWN])\n";
    let source =
        format!("import decimal, hashlib, linecache, traceback\ndef step(value, model):\n    {body}");
    let result = run(&format!("{source}    return value\n"), &interface("float"), &json!({}));
    assert_eq!(
        (result.code, &result.outputs["result"]),
        (0, &json!("300000000000000000000")),
        "{}",
        result.stderr
    );
    assert!(result.outputs["model"].as_str().unwrap().contains("sha256:"));

    let result =
        run(&format!("{source}    raise ValueError('it failed')\n"), &interface("float"), &json!({}));
    assert_eq!(result.termination["message"], "ValueError: it failed", "{}", result.stderr);
    assert!(result.stderr.contains("    raise ValueError('it failed')"), "{}", result.stderr);
}

/// Tests the cases that the Rust and the Python implementation share.
#[test]
fn secrets_are_masked_in_every_encoding() {
    if !has_python() {
        return;
    }
    let check = r#"
import json, sys
names = {"__name__": "shim"}
exec(sys.argv[1], names)
for case in json.load(open(sys.argv[2], encoding="utf-8")):
    names["SECRETS"].clear()
    names["SECRETS"].update({secret: names["patterns"](secret.strip()) for secret in case["secrets"] if secret.strip()})
    masked = names["mask"](case["text"])
    assert masked == case["masked"], (case["why"], masked)
    assert bool(names["secret_in"](["", {"a": case["text"]}])) == (masked != case["text"]), case["why"]
assert [names["secret_in"](value) for value in (1, True, None, 1.5)] == [None] * 4
"#;
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kfp-wire/tests/masking.json");
    let output = Command::new("python3").args(["-c", check, shim::SOURCE]).arg(cases).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn truncated_messages_do_not_show_a_secret() {
    if !has_python() {
        return;
    }
    let interface = json!({
        "inputs": {"token": {"kind": "secret", "optional": false}},
        "outputs": {},
        "returns": [],
    });
    for before in [0, 1990, 2000, 2010, 2020] {
        let source = format!("def step(token):\n    raise RuntimeError('x' * {before} + token * 100)\n");
        let result = run(&source, &interface, &json!({}));
        let message = result.termination["message"].as_str().unwrap();
        assert_eq!(message.trim_start_matches("RuntimeError: ").trim_matches('x').trim_matches('*'), "");
        assert!(result.stderr.contains("***") && !result.stderr.contains("s3c"), "{}", result.stderr);
    }
}

#[test]
fn outputs_that_contain_a_secret_are_rejected() {
    if !has_python() {
        return;
    }
    let token = json!({"token": {"kind": "secret", "optional": false}});
    let parameter = json!({"kind": "parameter", "optional": false, "type": "any"});
    let model = json!({"kind": "artifact", "optional": false});
    for (what, output, returns, body) in [
        ("output `result`", &parameter, json!(["result"]), "return {'a': [token]}"),
        ("output `result`", &parameter, json!(["result"]), "return {token: 1}"),
        (
            "output `result`",
            &parameter,
            json!(["result"]),
            "return __import__('base64').b64encode(b'a:' + token.encode()).decode()",
        ),
        (
            "metadata of output `result`",
            &model,
            json!([]),
            "open(result.path, 'w').close(); result.metadata['a'] = token",
        ),
    ] {
        let interface = json!({"inputs": token, "outputs": {"result": output}, "returns": returns});
        let inputs = if returns == json!([]) { "token, result" } else { "token" };
        let result = run(&format!("def step({inputs}):\n    {body}\n"), &interface, &json!({}));
        let message = result.termination["message"].as_str().unwrap();
        let expect = format!("{what} contains the value of the secret in `KFP_SECRET_TOKEN`: ");
        assert!(message.starts_with(&expect), "{message}");
        assert_eq!((result.code, &result.outputs["result"]), (10, &Value::Null));
    }
}
