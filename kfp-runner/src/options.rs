//! How a run is carried out, as opposed to what is run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::approval::{Answer, Asker};
use crate::secret::Source;
use crate::store::RunId;

/// How a pipeline is run on this machine. Start from [`Options::new`] and change what differs.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder that runs, caches and environments are kept in, mostly `.kfp`.
    pub store: PathBuf,
    /// Where the values of secrets come from, by `NAME/KEY`.
    ///
    /// They are masked in logs and messages, and steps do not inherit the environment variables with them.
    pub secrets: BTreeMap<String, Source>,
    /// Where the values of config maps come from, by `NAME/KEY`.
    pub config_maps: BTreeMap<String, Source>,
    /// What is said to approvals, by the name of the task that waits or, where several have one name, by its id.
    pub approvals: BTreeMap<String, Answer>,
    /// Who is asked about the other approvals. Without anybody, a run with such approvals does not start.
    pub ask: Option<Asker>,
    /// The folders that stand for other stores here, by the scheme of their URIs: `lake://bucket/key` is the path
    /// `bucket/key` in the folder of `lake`.
    pub stores: BTreeMap<String, PathBuf>,
    /// The program that the pipeline is written in, which runs its Rust steps.
    pub binary: Option<PathBuf>,
    /// The Python interpreter that runs Python steps, or makes the environment that does.
    pub python: PathBuf,
    /// The programs that may run plain containers: the first one whose `info` succeeds does.
    pub container_engines: Vec<PathBuf>,
    /// The program that supervises steps: one whose `main` starts with [`supervise`](crate::supervise()), which is
    /// mostly [this one](crate::own_program). Without one, steps that run when this process is killed outlive it until
    /// the run is resumed.
    pub supervisor: Option<PathBuf>,
    /// Whether results may be taken from the cache. They are put into it either way.
    pub read_cache: bool,
    /// The namespace that is part of every cache key.
    pub namespace: String,
    /// The epoch that is part of every cache key: another one invalidates everything.
    pub cache_epoch: u64,
    /// The most steps that run at once; the number of processor cores where nothing is said.
    pub parallelism: Option<usize>,
    /// The run that is continued; none for a new one.
    pub resume: Option<RunId>,
    /// How long a step has between the signals TERM and KILL.
    pub grace: Duration,
}

impl Options {
    /// The usual choices, with all that is kept in the folder `store`.
    pub fn new(store: impl Into<PathBuf>) -> Self {
        Self {
            store: store.into(),
            secrets: BTreeMap::new(),
            config_maps: BTreeMap::new(),
            approvals: BTreeMap::new(),
            ask: None,
            stores: BTreeMap::new(),
            binary: None,
            python: PathBuf::from("python3"),
            container_engines: ["docker", "podman"].map(PathBuf::from).to_vec(),
            supervisor: None,
            read_cache: true,
            namespace: "default".to_owned(),
            cache_epoch: 0,
            parallelism: None,
            resume: None,
            grace: Duration::from_secs(5),
        }
    }
}
