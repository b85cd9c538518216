//! A pipeline binary with steps of every kind, which the runtime tests run as a container would.

use std::panic::panic_any;
use std::{fs, io, thread};

use kfp_sdk::prelude::*;

kfp_sdk::main!();

#[derive(Param, Debug)]
enum Kind {
    #[kfp(rename = "fast")]
    Fast,
    Careful,
}

#[derive(Param, Debug)]
struct Trial {
    rate: f64,
    size: Option<i64>,
}

/// The outputs of `measure`.
#[derive(Outputs)]
struct Measurement {
    mean: f64,
    count: i64,
    label: String,
}

/// Has inputs and outputs of many types.
#[component]
fn measure(
    rows: Input<Dataset>,
    /// The learning rate.
    #[default(0.5)]
    rate: f64,
    label: String,
    sizes: Option<Vec<i64>>,
    #[default(Kind::Careful)] kind: Kind,
    trial: Option<Trial>,
    model: Output<Model>,
) -> Result<Measurement> {
    let text = fs::read_to_string(rows.path()).map_err(Error::data)?;
    let size = trial.as_ref().and_then(|trial| trial.size);
    let mean = trial.as_ref().map_or(rate, |trial| trial.rate);
    fs::write(model.path(), format!("{text} {kind:?} {sizes:?} {size:?}"))?;
    model.metadata("rows", text.lines().count());
    model.metadata("of", rows.metadata("source").cloned());
    model.metadata("from", rows.uri());
    model.metadata("name", rows.name());
    Ok(Measurement { mean, count: i64::MAX, label })
}

/// Fails after it has written its artifact.
#[component]
fn fail(kind: String, model: Output<Model>) -> Result<f64> {
    fs::create_dir_all(model.path())?;
    fs::write(model.path().join("weights"), "half")?;
    match kind.as_str() {
        "data" => Err(Error::data("row 3 has no label")),
        "permanent" => Err(Error::permanent("the model is {{too}} $large é")),
        "transient" => Err(Error::transient(io::Error::from(io::ErrorKind::ConnectionReset))),
        "unknown" => Ok("x".parse::<f64>()?),
        "long" => Err(Error::data("é".repeat(3000))),
        "panic" => panic!("the weights are not finite"),
        "formatted panic" => panic!("the weights are not finite: {}", kind.len()),
        "panic without message" => panic_any(7),
        "worker" => {
            match thread::Builder::new().name("worker".to_owned()).spawn(|| panic!("in a worker"))?.join() {
                Ok(()) => Ok(0.5),
                Err(_) => Err(Error::permanent("a worker panicked")),
            }
        }
        "not a number" => Ok(f64::NAN),
        "infinite" => Ok(f64::INFINITY),
        other => Err(Error::unknown(format!("unknown failure `{other}`"))),
    }
}

/// Returns a repeated string.
#[component]
#[output(text)]
fn repeat(times: u32, #[default("x")] part: String) -> String {
    part.repeat(times as usize)
}

/// Writes nothing.
#[component]
fn forget(model: Output<Model>) {
    let _ = model;
}

/// Writes a dangling link.
#[component]
fn dangle(model: Output<Model>) -> Result<()> {
    std::os::unix::fs::symlink("nowhere", model.path())?;
    Ok(())
}

/// Leaks its secret in a message, an output or metadata.
#[component]
fn leak(token: Secret, kind: String, model: Output<Model>) -> Result<String> {
    fs::write(model.path(), "")?;
    let token = token.expose()?;
    match kind.as_str() {
        "panic" => panic!("no access with {token}"),
        "error" => Err(Error::data(format!("{}{}", "x".repeat(1990), token.repeat(20)))),
        "metadata" => {
            model.metadata("token", token);
            Ok(String::new())
        }
        _ => Ok(format!("the token is {token}")),
    }
}

/// Returns the lengths of its secrets.
#[component]
fn unlock(token: Secret, spare: Option<Secret>) -> Result<Vec<i64>> {
    let spare = spare.as_ref().map(Secret::expose).transpose()?;
    let lengths =
        [Some(token.expose()?), spare].map(|text| text.map_or(Ok(-1), |text| i64::try_from(text.len())));
    Ok(lengths.into_iter().collect::<std::result::Result<_, _>>()?)
}

fn read(models: &[Input<Model>]) -> io::Result<Vec<String>> {
    models.iter().map(|model| fs::read_to_string(model.path())).collect()
}

/// Takes lists of artifacts, and an optional artifact.
#[component]
fn gather(
    models: Vec<Input<Model>>,
    nested: Vec<Vec<Input<Model>>>,
    extra: Option<Input<Artifact>>,
) -> Result<Vec<Vec<String>>> {
    let extra =
        extra.iter().map(|extra| fs::read_to_string(extra.path())).collect::<io::Result<Vec<String>>>();
    let mut all = vec![read(&models)?, extra?];
    for row in &nested {
        all.push(read(row)?);
    }
    Ok(all)
}

/// Logs the metrics of a model.
#[component]
fn score(
    #[default(0.5)] loss: f64,
    metrics: Output<Metrics>,
    classes: Output<ClassificationMetrics>,
) -> Result<()> {
    metrics.log_metric("accuracy", 0.875);
    metrics.log_metric("loss", loss.ln());
    classes.log_confusion_matrix(&["cat", "dog"], &[vec![3, 1], vec![0, 4]]);
    fs::write(metrics.path(), "")?;
    fs::create_dir(classes.path())?;
    Ok(())
}

/// Logs metrics without writing files, to some of its outputs.
#[component]
fn log(
    outputs: Vec<String>,
    metrics: Output<Metrics>,
    classes: Output<ClassificationMetrics>,
    optional: Option<Output<Metrics>>,
) {
    let logs = |name: &str| outputs.iter().any(|output| output == name);
    if logs("metrics") {
        metrics.log_metric("accuracy", 0.875);
    }
    if logs("classes") {
        classes.log_roc_point(0.25, 1.0, 0.5);
    }
    if let Some(optional) = optional.filter(|_| logs("optional")) {
        optional.log_metric("loss", 0.5);
    }
}

/// Sets the metadata of a model without writing it.
#[component]
fn describe(model: Output<Model>) {
    model.metadata("framework", "none");
}

/// Logs a metric and leaves a dangling link.
#[component]
fn dangle_metrics(metrics: Output<Metrics>) -> Result<()> {
    metrics.log_metric("accuracy", 0.875);
    std::os::unix::fs::symlink("nowhere", metrics.path())?;
    Ok(())
}

/// Summarizes the final status of a run.
#[component]
fn explain(state: State, failures: Vec<Failure>) -> String {
    let causes = failures.iter().map(|failure| {
        format!("{}: {} ({:?}, {:?})", failure.task, failure.message, failure.exit_code, failure.class)
    });
    format!("{state}; {}", causes.collect::<Vec<_>>().join("; "))
}

/// A component that is not a Rust function.
#[component(image = "alpine:3.20", command = ["true"])]
fn elsewhere();

/// One of two components with the same name.
#[component(name = "twin")]
fn first_twin() {}

/// One of two components with the same name.
#[component(name = "twin")]
fn second_twin() {}

/// A pipeline that calls another one.
#[pipeline(name = "caller")]
fn caller(p: &Pipeline) {
    p.add(Repeated::new());
}

/// A pipeline that is called by another one.
#[pipeline(name = "repeated")]
fn repeated(p: &Pipeline) {
    p.add(Repeat::new().times(2));
}

/// A pipeline with parameters.
#[pipeline(name = "lengths", version = "1")]
fn lengths(
    p: &Pipeline,
    token: In<Secret>,
    /// The number of repetitions.
    #[default(3)]
    times: In<u32>,
    kind: In<Option<Kind>>,
) -> Out<Vec<i64>> {
    let _ = kind;
    p.add(Repeat::new().times(times));
    p.add(Unlock::new().token(token)).output
}
