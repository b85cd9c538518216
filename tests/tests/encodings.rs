//! Values on their way into a workflow: they are inert in the YAML and can be read back.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::Value;
use tests::{HOSTILE, Programs, workspace};

/// Compiles the example with `value` as a parameter and returns the workflow.
fn compiled(value: &str) -> Value {
    let programs = Programs::get();
    let output = programs
        .kfpc(workspace())
        .args(["compile", "--image", "i:1", "--python-image", "p:1"])
        .arg(&programs.llm_finetuning)
        .args(["-p", &format!("model_repo=json:{}", Value::from(value))])
        .output()
        .unwrap();
    assert!(output.status.success(), "{value:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_saphyr::from_str(&String::from_utf8(output.stdout).unwrap()).unwrap()
}

#[test]
fn hostile_values_are_inert_and_can_be_read_back() {
    for value in HOSTILE.iter().copied().chain(["plain text", "yes", "1_000", "~", "- x", "#"]) {
        let workflow = compiled(value);
        let parameters = workflow["spec"]["arguments"]["parameters"].as_array().unwrap();
        let written = parameters.iter().find(|parameter| parameter["name"] == "model_repo").unwrap();
        let written = written["value"].as_str().unwrap();
        let read = match written.strip_prefix("json:") {
            Some(json) => {
                assert!(json.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{written}");
                assert!(!json.contains("{{") && !json.contains('$'), "{written}");
                serde_json::from_str::<String>(json).unwrap()
            }
            None => written.to_owned(),
        };
        assert_eq!(read, value);
    }
}
