//! The example `llm-finetuning`, run locally: what it does, and what it reports to the team.

use serde_json::json;
use tests::{HOSTILE, Listener, Run, row};

#[test]
fn a_good_model_is_deployed_and_reported() {
    let hook = Listener::answering(200);
    let run = Run::new("gate-open", &hook).start();
    assert_eq!(run.code, 0, "{run}");
    for task in ["download-pretrained-llm", "preprocess-data", "train-model", "deploy-model", "notify-slack"]
    {
        assert!(["Succeeded", "Cached"].contains(&run.state(task)), "{task}: {run}");
    }
    let post = hook.post();
    assert_eq!(post["state"], "Succeeded");
    assert_eq!(post["failures"], json!([]));
    assert_eq!(post["accuracy"], run.task("train-model")["outputs"]["accuracy"]);
    assert!(post["accuracy"].as_f64().unwrap() > 0.92, "{post}");
    assert!(!hook.has_more());

    let manifest = run.artifact("deploy-model", "manifest");
    let files = manifest["files"].as_array().unwrap();
    assert!(!files.is_empty());
    for file in files {
        let deployed = run.folder().join("models/latest").join(file["name"].as_str().unwrap());
        assert_eq!(std::fs::metadata(&deployed).unwrap().len(), file["bytes"].as_u64().unwrap(), "{file}");
    }
}

#[test]
fn a_bad_model_is_not_deployed_and_the_run_succeeds() {
    let hook = Listener::answering(200);
    let run = Run::new("gate-shut", &hook).parameter("deployment_threshold=0.999").start();
    assert_eq!(run.code, 0, "{run}");
    assert_eq!(run.state("deploy-model"), "Skipped", "{run}");
    assert!(!run.folder().join("models/latest").exists());
    let post = hook.post();
    assert_eq!((&post["state"], &post["failures"]), (&json!("Succeeded"), &json!([])));
    assert!(post["accuracy"].is_f64(), "{post}");
}

#[test]
fn a_failed_training_is_reported_with_exit_code_and_message() {
    let hook = Listener::answering(200);
    let run = Run::new("training-fails", &hook).parameter("n_epochs=0").start();
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.state("train-model"), "Failed", "{run}");
    assert_eq!(run.state("notify-slack"), "Succeeded", "{run}");
    let post = hook.post();
    assert_eq!(post["state"], "Failed");
    assert!(post.get("accuracy").is_none(), "{post}");
    let failure = &post["failures"][0];
    assert_eq!((&failure["task"], &failure["exit_code"]), (&json!("train-model"), &json!(10)), "{post}");
    assert_eq!(failure["class"], "data");
    assert!(failure["message"].as_str().unwrap().contains("n_epochs"), "{post}");
}

#[test]
fn a_failed_deployment_is_reported_with_the_accuracy() {
    let hook = Listener::answering(200);
    let run = Run::new("deploy-fails", &hook).parameter("model_version=../escape").start();
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.state("deploy-model"), "Failed", "{run}");
    let post = hook.post();
    assert_eq!((&post["state"], &post["failures"][0]["exit_code"]), (&json!("Failed"), &json!(11)), "{post}");
    assert!(post["accuracy"].is_f64(), "{post}");
}

#[test]
fn a_failed_notification_fails_the_run() {
    let hook = Listener::answering(400);
    let run = Run::new("notification-fails", &hook).start();
    assert_eq!(run.code, 1, "{run}");
    assert_eq!(run.state("deploy-model"), "Succeeded", "{run}");
    assert_eq!(run.state("notify-slack"), "Failed", "{run}");
    let secret = hook.address();
    assert!(!run.to_string().contains(secret), "the secret is in the output:\n{run}");
}

#[test]
fn the_base_model_is_cached_by_name() {
    let hook = Listener::answering(200);
    let first = Run::new("cache", &hook).own_store().start();
    assert_eq!(first.state("download-pretrained-llm"), "Succeeded", "{first}");
    let second = first.again().start();
    assert_eq!(second.state("download-pretrained-llm"), "Cached", "{second}");
    assert_eq!(second.state("train-model"), "Succeeded", "training is not cached: {second}");
    let changed = first.again().parameter("base_model=ticket-bert-tiny").start();
    assert_eq!(changed.state("download-pretrained-llm"), "Succeeded", "{changed}");
    let ignored = first.again().argument("--no-cache").start();
    assert_eq!(ignored.state("download-pretrained-llm"), "Succeeded", "{ignored}");
}

#[test]
fn hostile_values_arrive_unchanged() {
    let hook = Listener::answering(200);
    for value in HOSTILE {
        let folder = format!("models {value}").replace(['/', '\0'], "_");
        let run = Run::new("hostile", &hook).models(&folder).start();
        assert_eq!(run.code, 0, "{value:?}: {run}");
        assert_eq!(run.artifact("deploy-model", "manifest")["repository"], json!(run.models()), "{value:?}");
        assert!(std::path::Path::new(&run.models()).join("latest").is_dir(), "{value:?}");
    }
}

#[test]
fn the_data_may_contain_any_text() {
    let hook = Listener::answering(200);
    let texts = HOSTILE.iter().map(|text| row(text, "urgent"));
    let run = Run::new("hostile-data", &hook).more_data(texts).start();
    assert_eq!(run.code, 0, "{run}");
}
