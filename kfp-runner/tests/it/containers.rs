//! Plain containers, if docker or podman can run them: outputs of another type, timeouts, missing images.

use std::process::Command;

use kfp_runner::{FailureClass, State};
use serde_json::{Value, json};

use crate::support::{Fixture, call, message_of, output, pipeline, step, with};

const IMAGE: &str = "busybox:1.36";

/// Returns the engine that can run the image. Without one, the test is skipped and prints a message.
#[expect(clippy::print_stdout, reason = "a skipped test prints a message")]
fn engine() -> Option<&'static str> {
    let succeeds = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    let engine = ["docker", "podman"].into_iter().find(|engine| succeeds(engine, &["info"]));
    let engine = engine.filter(|engine| {
        succeeds(engine, &["image", "inspect", IMAGE]) || succeeds(engine, &["pull", IMAGE])
    });
    if engine.is_none() {
        println!("skipped: neither docker nor podman can run `{IMAGE}` here");
    }
    engine
}

/// Returns a pipeline with a task that runs the script in the image.
fn container(image: &str, script: &str, policy: &Value) -> Value {
    let mut document = pipeline(&json!([
        with(call("it", &json!({"component": "plain"}), &json!({})), &json!({"policy": policy})),
        step("behind", "echo", &json!({"value": output("it", "rows")})),
    ]));
    document["components"] = json!({"plain": {
        "name": "plain",
        "outputs": {"rows": {"type": "integer"}},
        "implementation": {"container": {
            "image": image, "command": ["sh", "-c", script], "args": ["{outputs.rows.path}"],
        }},
    }});
    document
}

#[test]
fn outputs_of_a_container_are_checked_against_their_types() {
    if engine().is_none() {
        return;
    }
    for (script, message) in [
        ("echo 3 > $0", ""),
        ("echo many > $0", "invalid output `rows`: expected a 64-bit integer, found `many`"),
        ("true", "the step did not write its output `rows`"),
        ("exit 3", "the step ended with exit code 3"),
        ("exit 125", "the step ended with exit code 125"),
        ("exit 137", "the step ended with exit code 137"),
        (
            "touch /tmp/kfp/out-rows; rm /tmp/kfp/out-rows; mkdir $0",
            "the output `rows` is a folder: expected a regular file",
        ),
    ] {
        let report = Fixture::new().run(&container(IMAGE, script, &json!({})));
        assert_eq!(message_of(&report, "it"), message, "{script}");
        let state = if message.is_empty() { State::Succeeded } else { State::Failed };
        assert_eq!(report.state, state, "{script}: {report:#?}");
    }
}

#[test]
fn a_container_that_hangs_is_gone_after_its_timeout() {
    let Some(engine) = engine() else { return };
    let mut fixture = Fixture::new();
    fixture.options.grace = std::time::Duration::from_millis(200);
    let script = "trap '' TERM; echo started; while true; do sleep 1; done";
    let report = fixture.run(&container(IMAGE, script, &json!({"timeout": "1s"})));
    let it = report.task("it").unwrap();
    assert_eq!((it.state, it.class), (State::Failed, Some(FailureClass::Timeout)), "{it:#?}");
    assert_eq!(it.log_tail, ["started"]);
    let label = format!("label=kfpc.run={}", report.id);
    let left = Command::new(engine).args(["ps", "--all", "--quiet", "--filter", &label]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&left.stdout), "", "the container still exists");
}

#[test]
fn a_missing_image_is_a_transient_error() {
    let Some(engine) = engine() else { return };
    let report = Fixture::new().run(&container("localhost:1/no-such-image:1", "true", &json!({})));
    let it = report.task("it").unwrap();
    assert_eq!((it.state, it.class), (State::Error, Some(FailureClass::Transient)), "{it:#?}");
    let message = it.message.as_deref().unwrap();
    assert!(
        message.starts_with(&format!("`{engine}` cannot run the image `localhost:1/no-such-image:1`")),
        "{message}"
    );
}
