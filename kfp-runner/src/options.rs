//! Options of a run, as opposed to the pipeline and its arguments.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::approval::{Answer, Approver};
use crate::secret::ValueSource;
use crate::store::RunId;

/// Options of a run on this machine. Start from [`Options::new`] and change fields.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder for runs, caches and environments, usually `.kfp`.
    pub store: PathBuf,
    /// The sources of secret values, by `NAME/KEY`.
    ///
    /// Values are masked in logs and messages, and steps do not inherit the environment variables that contain them.
    pub secrets: BTreeMap<String, ValueSource>,
    /// The sources of config map values, by `NAME/KEY`.
    pub config_maps: BTreeMap<String, ValueSource>,
    /// The answers to approvals, by the name of the task or, if several have the same name, by its id.
    pub approvals: BTreeMap<String, Answer>,
    /// Answers the other approvals. Without an approver, a run with such approvals does not start.
    pub approver: Option<Approver>,
    /// The local folders that represent other stores, by the scheme of their URIs: `lake://bucket/key` is the path
    /// `bucket/key` in the folder of `lake`.
    pub stores: BTreeMap<String, PathBuf>,
    /// The pipeline binary, which runs the Rust steps.
    pub binary: Option<PathBuf>,
    /// The Python interpreter that runs Python steps, or creates their virtual environment.
    pub python: PathBuf,
    /// The candidate programs for running plain containers: the first one whose `info` succeeds is used.
    pub container_engines: Vec<PathBuf>,
    /// The program that supervises steps: one whose `main` starts with [`supervise`](crate::supervise()), usually
    /// [this one](crate::own_program). Without one, steps that run when this process is killed continue until the run
    /// is resumed.
    pub supervisor: Option<PathBuf>,
    /// Whether results may be taken from the cache. They are stored in it either way.
    pub read_cache: bool,
    /// The namespace in every cache key.
    pub namespace: String,
    /// The epoch in every cache key: changing it invalidates all results.
    pub cache_epoch: u64,
    /// The maximum size in bytes of an artifact that gets a digest for cache keys; by default, that of
    /// [`Limit`](kfp_digest::Limit). With 0, artifacts of steps that are not cached get no digests.
    pub digest_limit: Option<u64>,
    /// The maximum number of steps that run at once. The default is the number of processor cores.
    pub parallelism: Option<usize>,
    /// The run to resume; `None` for a new run.
    pub resume: Option<RunId>,
    /// The time between the signals TERM and KILL when a step is ended.
    pub grace: Duration,
}

impl Options {
    /// Creates the default options, with everything stored in the folder `store`.
    pub fn new(store: impl Into<PathBuf>) -> Self {
        Self {
            store: store.into(),
            secrets: BTreeMap::new(),
            config_maps: BTreeMap::new(),
            approvals: BTreeMap::new(),
            approver: None,
            stores: BTreeMap::new(),
            binary: None,
            python: PathBuf::from("python3"),
            container_engines: ["docker", "podman"].map(PathBuf::from).to_vec(),
            supervisor: None,
            read_cache: true,
            namespace: "default".to_owned(),
            cache_epoch: 0,
            digest_limit: None,
            parallelism: None,
            resume: None,
            grace: Duration::from_secs(5),
        }
    }
}
