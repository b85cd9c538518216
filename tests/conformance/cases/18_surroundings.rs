//! The environment of a step: variables, secrets and config maps. Resources are only requested in the YAML.

use kfp_sdk::prelude::*;
use serde_json::json;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{
    BetraySecret, EchoText, Environment, MeasureOptionalSecret, MeasureSecret, TellState,
};

#[pipeline(name = "environment", type = "EnvironmentCase")]
fn environment(p: &Pipeline) {
    p.add(Environment::new().names(["PLAIN", "HOSTILE", "BRACES", "EMPTY", "NOT_SET"]))
        .env("PLAIN", "value")
        .env("HOSTILE", "$(PLAIN) $$ ${PLAIN} \"'\n🇩🇪")
        .env("BRACES", "{{workflow.name}} {{=1+1}}")
        .env("EMPTY", "");
}

#[pipeline(name = "environment-of-a-policy")]
fn environment_of_a_policy(p: &Pipeline) {
    let shared = Policy::new().env("SHARED", "policy").env("OWN", "policy");
    let names = ["SHARED", "OWN", "OF_THE_COMPONENT"];
    p.add(Environment::new().names(names)).name("with-policy").with(&shared).env("OWN", "task");
    p.add(Environment::new().names(names)).name("without");
}

#[pipeline(name = "environment-from-secrets")]
fn environment_from_secrets(p: &Pipeline) {
    p.add(Environment::new().names(["REGION"])).env_from_config_map("REGION", "conformance-site", "region");
    // A step outputs only the length of a secret.
    p.add(MeasureSecret::new().secret(Secret::named("conformance-team", "token")));
}

#[pipeline(name = "secrets")]
fn secrets(p: &Pipeline, token: In<Secret>, other: In<Option<Secret>>) {
    p.add(MeasureSecret::new().secret(token)).name("required");
    p.add(MeasureOptionalSecret::new().secret(token)).name("given");
    p.add(MeasureOptionalSecret::new().secret(other)).name("optional");
    p.add(MeasureOptionalSecret::new()).name("absent");
}

#[pipeline(name = "inner-with-secret")]
fn inner_with_secret(p: &Pipeline, token: In<Secret>) -> Out<i64> {
    p.add(MeasureSecret::new().secret(token)).name("measure").output
}

#[pipeline(name = "secrets-through-pipelines")]
fn secrets_through_pipelines(p: &Pipeline, token: In<Secret>) -> Out<Vec<i64>> {
    p.parallel_for([1_i64, 2]).each(|p, _| p.add(InnerWithSecret::new().token(token)).name("inner").output)
}

#[pipeline(name = "secret-in-a-message")]
fn secret_in_a_message(p: &Pipeline, token: In<Secret>) {
    p.exit_handler(|p| {
        p.add(BetraySecret::new().secret(token)).name("betray");
    })
    .finally(|p, status, ()| p.add(TellState::new().state(status.state())).name("told"));
}

#[pipeline(name = "resources")]
fn resources(p: &Pipeline) {
    p.add(EchoText::new().value("small")).name("small").cpu("50m").memory("48Mi");
    p.add(EchoText::new().value("patient")).name("patient").timeout("17m").retry(Retry::times(4));
}

#[pipeline(name = "labels-and-annotations")]
fn labels_and_annotations(p: &Pipeline) {
    let ours =
        Policy::new().label("team", "search").annotation("example.com/owner", "unknown: $(HOME) \"é\"\n");
    let first =
        p.add(EchoText::new().value("first")).name("first").with(&ours).label("example.com/tier", "gold");
    p.add(EchoText::new().value("second")).name("second").after(&first);
}

#[pipeline(name = "parallelism-of-the-run", parallelism = 2)]
fn parallelism_of_the_run(p: &Pipeline) {
    let spans: Vec<_> = (0..4_i64)
        .map(|idx| {
            p.add(crate::components::TakeTime::new().milliseconds(3000).item(idx))
                .name(&format!("step-{idx}"))
                .output
        })
        .collect();
    p.add(crate::components::CountOverlap::new().spans(spans).limit(2));
}

pub(super) fn cases() -> Vec<Case> {
    let hostile = "$(PLAIN) $$ ${PLAIN} \"'\n🇩🇪";
    let braces = "{{workflow.name}} {{=1+1}}";
    let token = "s3cret $(X) {{y}}";
    let length = 17;
    let with_token =
        |run: Run| run.argument("token", "conformance-team/token").secret("conformance-team/token", token);
    let spans = (0..4).fold(Run::succeeds(), |run, idx| run.returned_anything(&format!("step-{idx}")));
    vec![
        Case::new("environment", EnvironmentCase::definition).run(Run::succeeds().returned(
            "environment",
            json!({"PLAIN": "value", "HOSTILE": hostile, "BRACES": braces, "EMPTY": ""}),
        )),
        Case::new("environment-of-a-policy", EnvironmentOfAPolicy::definition).run(
            Run::succeeds()
                .returned("with-policy", json!({"SHARED": "policy", "OWN": "task"}))
                .returned("without", json!({})),
        ),
        Case::new("environment-from-secrets", EnvironmentFromSecrets::definition).run(
            Run::succeeds()
                .config_map("conformance-site/region", "north $(HOME)")
                .secret("conformance-team/token", token)
                .returned("environment", json!({"REGION": "north $(HOME)"}))
                .returned("measure-secret", length),
        ),
        Case::new("secrets", Secrets::definition)
            .run(
                with_token(Run::succeeds())
                    .returned("required", length)
                    .returned("given", length)
                    .returned("optional", json!(null))
                    .returned("absent", json!(null)),
            )
            .run(
                with_token(Run::succeeds())
                    .argument("other", "conformance-team/other")
                    .secret("conformance-team/other", "12345")
                    .returned("required", length)
                    .returned("given", length)
                    .returned("optional", 5)
                    .returned("absent", json!(null)),
            ),
        Case::new("secrets-through-pipelines", SecretsThroughPipelines::definition).run(
            with_token(Run::succeeds())
                .returned("0/inner/measure", length)
                .returned("1/inner/measure", length)
                .output(json!([length, length])),
        ),
        Case::new("secret-in-a-message", SecretInAMessage::definition).run(
            with_token(Run::fails())
                .failed_with("betray", 11)
                .returned_all("told", json!({"state": "Failed", "value": null})),
        ),
        Case::new("resources", Resources::definition)
            .in_yaml("cpu: 50m")
            .in_yaml("memory: 48Mi")
            .in_yaml("activeDeadlineSeconds: \"1020\"")
            .run(Run::succeeds().returned("small", "small").returned("patient", "patient")),
        Case::new("labels-and-annotations", LabelsAndAnnotations::definition)
            .in_yaml("team: search")
            .in_yaml("example.com/tier: gold")
            .in_yaml("example.com/owner:")
            .run(Run::succeeds().returned("first", "first").returned("second", "second")),
        Case::new("parallelism-of-the-run", ParallelismOfTheRun::definition)
            .in_yaml("parallelism: 2")
            .run(spans.returned_all("count-overlap", json!({"is_kept": true, "is_parallel": true}))),
    ]
}
