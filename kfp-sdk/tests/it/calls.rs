//! Calls: arguments of every form, sub-pipelines, ordering without data, and policies.

use std::collections::BTreeMap;

use kfp_sdk::prelude::*;
use serde_json::json;

use crate::components::{Kind, NotifySlack, Trial};
use crate::outline::outline;
use crate::steps::{Check, Count, Everything, PartsOut, Print, Split, Store};

/// Arguments of every type: constants, and absent values.
#[pipeline]
fn constants(p: &Pipeline) {
    let trial = || Trial { lr: 0.1, bs: 16, kind: Some(Kind::Fast) };
    let call =
        Everything::new().text("text").boolean(true).small(-1).integer(i64::MAX).unsigned(7).single(0.1);
    let call =
        call.number(1).list([0.5, 1.5]).table([[1, 2], [3, 4]]).map(BTreeMap::from([("a".to_owned(), 0.5)]));
    let call = call.trial(trial()).kind(Kind::Careful).any(json!({"a": [1, null]}));
    p.add(call.secret(Secret::named("bucket", "token")).strings(["a", "b"]).trials(vec![trial()]))
        .name("constants");
    let text: Option<String> = None;
    p.add(Everything::new().text(text).list(Vec::<f64>::new()).number(None)).name("absent");
    p.add(Print::new().message(String::from("{{x}} $(y) \u{e9}\n")));
}

/// Arguments of every type: handles, and lists and structs of handles.
#[pipeline]
fn handles(
    p: &Pipeline,
    text: In<String>,
    small: In<i32>,
    single: In<f32>,
    kind: In<Kind>,
    secret: In<Secret>,
    optional: In<Option<Trial>>,
    any: In<serde_json::Value>,
) {
    let trial = Trial::of(single, small, kind);
    let call = Everything::new().text(text).integer(small).number(single).trial(trial).kind(kind).any(any);
    let call = call
        .secret(secret)
        .list([p.constant(0.5), trial.lr()])
        .strings(vec![text, text!("{text}/{small}/{kind}")]);
    p.add(call.trials([trial, Trial::of(0.1, 16, Kind::Careful), optional.or(trial)])).name("handles");
    // Inputs accept handles of narrower types.
    p.add(Everything::new().any(trial).number(small).text(kind)).name("wider");
    p.add(Everything::new().any(p.constant::<Vec<f64>>([trial.lr()]))).name("any list");
}

/// A pipeline that other pipelines call.
#[pipeline(name = "parts-of", version = "7")]
fn parts_of(p: &Pipeline, table: In<String>, #[default(2)] times: In<i64>) -> PartsOut {
    let parts = p.add(Split::new().table(text!("{times} {table}")));
    PartsOut { first: parts.second, second: parts.first }
}

/// A pipeline without parameters and results.
#[pipeline]
fn hello(p: &Pipeline) {
    p.add(Print::new().message("hello"));
}

/// Calls other pipelines, one of them as a plain function, which adds its tasks to the caller.
#[pipeline]
fn caller(p: &Pipeline, table: In<String>) -> Out<String> {
    let first = p.add(PartsOf::new().table(table)).name("first").timeout("1h");
    let second = p.add(PartsOf::new().table(first.second).times(3)).name("second");
    p.add(Hello::new()).after(&second);
    p.parallel_for(["a", "b"]).each(|p, letter| p.add(PartsOf::new().table(letter)).first);
    parts_of(p, second.first, p.constant(4)).first
}

/// A pipeline that calls itself, and two that call each other.
#[pipeline]
fn recursive(p: &Pipeline, #[default(0.5)] rate: In<f64>) {
    let ok = p.add(Check::new().rate(rate)).ok;
    p.when("again", !ok, |p| {
        p.add(Recursive::new().rate(0.25)).max_depth(5);
        p.add(Ping::new());
    });
}

#[pipeline]
fn ping(p: &Pipeline) {
    p.when("pong", p.add(Check::new()).ok, |p| p.add(Pong::new()).max_depth(3));
}

#[pipeline]
fn pong(p: &Pipeline) {
    p.add(Ping::new());
}

/// Ordering without data, and tasks that run after failures.
#[pipeline]
fn order(p: &Pipeline, webhook: In<Secret>) {
    let first = p.add(Print::new().message("first"));
    let second = p.add(Check::new()).after(&first);
    let third = p.add(Print::new().message("third")).after(&first).after(&second);
    p.when("fourth", second.ok, |p| p.add(Print::new().message("fourth")).after(&third)).after(&third);
    let rows = p
        .exit_handler(|p| {
            p.add(Print::new().message("body"));
            (p.add(Count::new().table("a")).rows, ())
        })
        .after(&first)
        .finally(|p, status, (rows, ())| {
            let call = NotifySlack::new().slack_webhook(webhook).status(status.state());
            p.add(call.failures(status.failures()).accuracy(None))
                .after(&p.add(Print::new().message(text!("{rows.or(0)}"))))
        })
        .0;
    p.add(Print::new().message(text!("{rows} rows"))).ignore_upstream_failure();
    p.add(Everything::new().integer(rows)).ignore_upstream_failure().name("last");
}

/// Policies of tasks.
#[pipeline(cache = true, timeout = "2d", parallelism = 4)]
fn policies(p: &Pipeline, model: In<Model>) {
    let large = Policy::new().cpu("8").memory("32Gi").retry(Retry::times(2)).env("MODE", "large");
    p.add(Store::new().model(model)).with(&large).cpu("4");
    p.add(Store::new().model(model))
        .memory("1Gi")
        .with(&large)
        .timeout("30m")
        .gpu("nvidia.com/gpu", 2)
        .retry(Retry::times(3).backoff("10s", 1.5).cap("5m"))
        .env("LOG", "debug")
        .env_from_secret("TOKEN", "bucket", "token")
        .env_from_config_map("REGION", "site", "region");
    p.add(Check::new()).cache("24h").cache_key("v1");
    p.add(Check::new()).cache_key("v2");
    p.add(Check::new()).cache(false);
    p.add(Check::new()).cache(true);
    let tiers = Retry::times(3).backoff("30s", 2.0).on(Oom, Grow::memory(2.0)).on(SpotReclaimed, OnDemand);
    p.add(Check::new()).name("tiers").memory("1Gi").retry(tiers);
    let tiers = Retry::times(5).on(Oom, Tier::times(2).grow_memory(1.5, "8Gi")).on(Timeout, Tier::times(1));
    let tiers = tiers.on(SpotReclaimed, Tier::times(4).on_demand()).on(FailureClass::Data, Tier::times(1));
    p.add(Check::new()).name("more-tiers").memory("1Gi").retry(tiers);
}

#[test]
fn calls_are_recorded() {
    for (name, document) in [
        ("constants", Constants::definition()),
        ("handles", Handles::definition()),
        ("caller", Caller::definition()),
        ("recursive", Recursive::definition()),
        ("order", Order::definition()),
        ("policies", Policies::definition()),
    ] {
        insta::assert_snapshot!(name, outline(&document));
    }
}
