//! Components and pipelines that the tests share.

use kfp_sdk::prelude::*;

/// The results of training.
#[derive(Outputs)]
pub(crate) struct Fit {
    pub(crate) accuracy: f64,
    pub(crate) rows: i64,
}

/// Fetch a table, in a separate image.
#[component(image = "example.org/fetch:1", command = ["fetch"], args = ["{outputs.table.path}"])]
pub(crate) fn fetch(address: String, table: Output<Dataset>);

/// Train a model.
#[component]
pub(crate) fn train(table: Input<Dataset>, model: Output<Model>, #[default(0.5)] rate: f64) -> Result<Fit> {
    let rows = std::fs::read_to_string(table.path()).map_err(Error::data)?.lines().count();
    if rows == 0 {
        return Err(Error::data("there are no rows"));
    }
    std::fs::write(model.path(), format!("{rows} rows at {rate}"))?;
    model.metadata("framework", "none");
    Ok(Fit { accuracy: 0.75, rows: i64::try_from(rows)? })
}

/// Deploy a model.
#[component]
pub(crate) fn deploy(model: Input<Model>, token: Secret) -> Result<String> {
    Ok(format!("{} with {} characters", std::fs::read_to_string(model.path())?, token.expose()?.len()))
}

/// Report how a run ended.
#[component]
pub(crate) fn notify(state: State, failures: Vec<Failure>, accuracy: Option<f64>) -> String {
    format!("{state} {} {accuracy:?}", failures.len())
}

/// Train, deploy a model that is good enough, and notify the team.
#[pipeline(name = "training", timeout = "2h")]
pub(crate) fn training(p: &Pipeline, address: In<String>, token: In<Secret>, #[default(0.7)] gate: In<f64>) {
    p.exit_handler(|p| {
        let data =
            p.add(Fetch::new().address(address)).retry(Retry::times(2).backoff("10s", 3.0)).timeout("5m");
        let train = p.add(Train::new().table(data.table)).retry(Retry::times(1));
        p.when("good-enough", train.accuracy.gt(gate), |p| {
            p.add(Deploy::new().model(train.model).token(token));
        });
        train.accuracy
    })
    .finally(|p, status, accuracy| {
        p.add(Notify::new().state(status.state()).failures(status.failures()).accuracy(accuracy))
    });
}

/// Two parallel steps, and one after both.
#[pipeline]
pub(crate) fn diamond(p: &Pipeline) {
    let first = p.add(Fetch::new().address("a")).name("first");
    let second = p.add(Fetch::new().address("b")).name("second");
    p.add(Train::new().table(first.table)).after(&second);
}

/// One fetch for each address, one after the other.
#[pipeline]
pub(crate) fn one_by_one(p: &Pipeline, addresses: In<Vec<String>>) {
    p.parallel_for(addresses).parallelism(1).each(|p, address| {
        p.add(Fetch::new().address(address)).retry(Retry::times(1));
    });
}

/// Panic.
#[component]
pub(crate) fn explode(why: String) {
    panic!("{why}");
}

/// One step that panics.
#[pipeline]
pub(crate) fn doomed(p: &Pipeline) {
    p.add(Explode::new().why("on purpose"));
}

/// Fail in the first two attempts.
#[component]
pub(crate) fn stumble() -> Result<u32> {
    match kfp_sdk::retries() {
        retries @ 0..2 => Err(Error::transient(format!("{retries} retries are not enough"))),
        retries => Ok(retries),
    }
}

/// Two steps that need three attempts each.
#[pipeline]
pub(crate) fn stumbling(p: &Pipeline) {
    p.add(Stumble::new()).name("first").retry(Retry::times(2));
    p.add(Stumble::new()).name("second").retry(Retry::times(2));
}

/// Returns a call of the training pipeline with all its arguments.
pub(crate) fn call() -> impl kfp_model::Runnable {
    Training::new().address("example.org").token(Secret::named("registry", "token"))
}

/// Wait for two approvals.
#[pipeline(name = "release")]
pub(crate) fn release(p: &Pipeline) -> Out<i64> {
    p.approval::<()>("Is it good?").name("gate");
    p.approval::<i64>("Which one?").name("choose").output
}
