//! Secrets are passed to steps, and do not appear anywhere else.

use std::fs;

use kfp_runner::{RunError, ValueSource};
use serde_json::{Value, json};

use crate::support::{Fixture, call, compare, input, message_of, pipeline, step, value_of, when, with};

const SECRET: &str = "s3cret-token";

fn with_token(component: &str) -> Value {
    json!({
        "name": "test",
        "inputs": {"token": {"type": "secret", "default": "slack/url"}},
        "root": {"tasks": [step("it", component, &json!({"token": input("token")}))]},
    })
}

fn fixture() -> Fixture {
    let mut fixture = Fixture::new();
    let file = fixture.folder.path().join("token");
    fs::write(&file, SECRET).unwrap();
    fixture.options.secrets.insert("slack/url".to_owned(), ValueSource::File(file));
    fixture
}

/// Returns the content of every file of the store.
fn stored(fixture: &Fixture) -> String {
    fn visit(path: &std::path::Path, all: &mut String) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                visit(&entry.unwrap().path(), all);
            }
        } else {
            all.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
        }
    }
    let mut all = String::new();
    visit(&fixture.options.store.join("runs"), &mut all);
    all.push_str(&String::from_utf8_lossy(&fs::read(fixture.options.store.join("runs.sqlite")).unwrap()));
    all
}

#[test]
fn a_step_receives_the_secret_and_its_log_does_not_contain_it() {
    let fixture = fixture();
    let report = fixture.run(&with_token("secret"));
    assert_eq!(value_of(&report, "it", "value"), json!(SECRET.len()));
    let log = fs::read_to_string(report.task("it").unwrap().log.as_ref().unwrap()).unwrap();
    assert_eq!(log, "the token is ***\n");
    assert!(!stored(&fixture).contains(SECRET));
}

#[test]
fn values_that_a_step_reports_for_an_artifact_cannot_contain_a_secret() {
    for (field, expect) in [
        ("name", "the field `name` of the artifact `file` contains the value of the secret `slack/url`"),
        ("extra", "the artifact `file` contains the value of the secret `slack/url`"),
        ("digest", "the field `digest` of the artifact `file` contains the value of the secret `slack/url`"),
        ("", "invalid digest of the artifact `file`: expected `sha256:` and 64 hexadecimal digits"),
    ] {
        let fixture = fixture();
        let mut document = with_token("secret");
        let arguments = json!({"token": input("token"), "field": field});
        document["root"]["tasks"] = json!([step("it", "secret-artifact", &arguments)]);
        let report = fixture.run(&document);
        let message = message_of(&report, "it");
        assert!(message.starts_with(expect), "{field}: {message}");
        assert!(!stored(&fixture).contains(SECRET), "{field}");
    }
}

#[test]
fn messages_are_masked() {
    let fixture = fixture();
    let report = fixture.run(&with_token("secret-fail"));
    assert_eq!(message_of(&report, "it"), "bad token ***");
}

#[test]
fn missing_secrets_are_reported_before_anything_starts() {
    let fixture = Fixture::new();
    let environment = json!({"policy": {"environment": {
        "URI": {"secret": {"name": "mlflow", "key": "uri"}},
        "TEAM": {"config_map": {"name": "team", "key": "name"}},
    }}});
    let mut document = with_token("secret");
    let tasks = document["root"]["tasks"].as_array_mut().unwrap();
    tasks.push(with(step("other", "environment", &json!({"names": []})), &environment));
    tasks.push(step("third", "secret", &json!({"token": "third/key"})));
    let Err(RunError::Setup(problems)) = fixture.try_run(&document, &json!({})) else {
        panic!("not refused")
    };
    let text = problems.join("\n");
    assert_eq!(problems.len(), 4, "{text}");
    for name in [
        "the secret `slack/url`",
        "the secret `mlflow/uri`",
        "the config map `team/name`",
        "the secret `third/key`",
    ] {
        assert!(text.contains(&format!("missing value of {name}")), "{text}");
    }
    assert!(!fixture.options.store.exists());
}

#[test]
fn secrets_of_called_pipelines_are_required_as_well() {
    let named = |name: &str, tasks: &Value| {
        json!({
            "name": name,
            "inputs": {
                "token": {"type": "secret", "default": format!("{name}/key")},
                "more": {"type": "integer", "default": 1},
            },
            "root": {"tasks": tasks},
        })
    };
    let it = || step("it", "secret", &json!({"token": input("token")}));
    let call_itself = json!({"call": {
        "callee": {"pipeline": "main"},
        "arguments": {"token": {"constant": "deeper/key"}, "more": {"constant": 0}},
        "max_depth": 2,
    }});
    let again = json!({"tasks": [{"id": "again", "name": "again", "kind": call_itself}]});
    let calling_itself =
        named("main", &json!([it(), when("maybe", &compare(&input("more"), "greater", &json!(0)), &again)]));
    let calling = named("main", &json!([call("sub", &json!({"pipeline": "sub"}), &json!({}))]));
    let sub = named("sub", &json!([it()]));
    for (document, missing) in
        [(calling_itself, ["deeper/key", "main/key"]), (json!([calling, sub]), ["main/key", "sub/key"])]
    {
        let result = Fixture::new().try_run(&document, &json!({}));
        let Err(RunError::Setup(problems)) = result else { panic!("{result:?}") };
        let missing = missing.map(|name| format!("missing value of the secret `{name}`"));
        let is_reported = |name: &String| problems.iter().any(|problem| problem.contains(name));
        assert!(problems.len() == 2 && missing.iter().all(is_reported), "{problems:#?}");
    }
}

#[test]
fn the_environment_has_variables_from_all_sources() {
    let mut fixture = fixture();
    let file = fixture.folder.path().join("team");
    fs::write(&file, "ml").unwrap();
    fixture.options.config_maps.insert("team/name".to_owned(), ValueSource::File(file));
    let environment = json!({"policy": {"environment": {
        "PLAIN": {"literal": "a b"},
        "TEAM": {"config_map": {"name": "team", "key": "name"}},
        "HOOK": {"secret": {"name": "slack", "key": "url"}},
    }}});
    let task = with(step("it", "environment", &json!({"names": ["PLAIN", "TEAM"]})), &environment);
    let report = fixture.run(&pipeline(&json!([task])));
    assert_eq!(value_of(&report, "it", "value"), json!({"PLAIN": "a b", "TEAM": "ml"}));
}
