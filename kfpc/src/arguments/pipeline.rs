//! The arguments of the commands that read pipelines.

use std::path::PathBuf;

use clap::Args;

use super::formats::{DataFormat, DiagnosticFormat, MessageArguments, PictureFormat, WorkflowFormat};
use super::source::{LevelArguments, PackageArguments, PipelineArguments};

/// `kfpc compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    /// Write the workflow to this file instead of standard output.
    #[arg(long, short, value_name = "FILE", conflicts_with = "out")]
    pub(crate) output: Option<PathBuf>,
    /// Write each pipeline to `PIPELINE.yaml` in this folder, which is created if it is missing; report the workflows in
    /// it whose pipeline no longer exists.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,
    /// Check that the files of `--out` or `--output` are up to date, without writing them; print how they differ. With
    /// `--out`, also check that the pipelines of all workflows in the folder still exist.
    #[arg(long)]
    pub(crate) check: bool,
    /// Also print the size of the workflow, to standard error: templates, tasks, bytes, maximum number of pods.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print what a task, such as `all/train`, is compiled to, instead of the workflow.
    #[arg(long, value_name = "TASK", conflicts_with_all = ["format", "stats", "check", "out"])]
    pub(crate) explain: Option<String>,
    /// Set the default of a parameter in the workflow: strings as they are or as JSON after `json:`, other types as
    /// JSON.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
    /// The spelling of Kubeflow Pipelines, which is refused with the right one.
    #[arg(long = "param", value_name = "NAME=VALUE", hide = true)]
    pub(crate) misspelled_parameters: Vec<String>,
    /// Image of Rust steps that do not set one.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) image: Option<String>,
    /// Image of Python steps that do not set one.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) python_image: Option<String>,
    /// Prefix of artifacts, such as `s3://bucket/prefix`, in the bucket of Argo's artifact repository.
    #[arg(long, value_name = "URI")]
    pub(crate) pipeline_root: Option<String>,
    /// Service account of the pods.
    #[arg(long, value_name = "NAME")]
    pub(crate) service_account: Option<String>,
    /// Version of Argo Workflows on the cluster, such as `3.7.16` or `4.0.7` [default: 4.1].
    #[arg(long, value_name = "VERSION")]
    pub(crate) argo_version: Option<String>,
    /// Format of the workflow.
    #[arg(long, value_enum, default_value_t = WorkflowFormat::Yaml)]
    pub(crate) format: WorkflowFormat,
}

/// `kfpc check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Pipeline binaries to execute, pipeline documents, Argo manifests (JSON or YAML), folders of these (binaries in
    /// folders are not executed), or `-` for standard input [default: the cargo package in the current folder].
    #[arg(value_name = "SOURCE", conflicts_with_all = ["package", "bin", "example", "release"])]
    pub(crate) sources: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArguments,
    /// Name of the pipeline to check [default: all].
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    #[command(flatten)]
    pub(crate) levels: LevelArguments,
    /// Format of diagnostics, like `--message-format` of other commands.
    #[arg(long, alias = "message-format", value_enum, default_value_t = DiagnosticFormat::Text)]
    pub(crate) format: DiagnosticFormat,
}

/// `kfpc run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    #[command(flatten)]
    pub(crate) parameters: ParameterArguments,
    /// Read a secret from a source: `NAME/KEY=env:VARIABLE` or `NAME/KEY=file:PATH`.
    #[arg(long = "secret", value_name = "NAME/KEY=SOURCE")]
    pub(crate) secrets: Vec<String>,
    /// Read a config map entry from a source, as for `--secret`.
    #[arg(long = "config-map", value_name = "NAME/KEY=SOURCE")]
    pub(crate) config_maps: Vec<String>,
    /// Approve a task by its name or id, with values as a JSON object; other approvals are requested on the terminal.
    #[arg(long = "approve", value_name = "NAME[=JSON]")]
    pub(crate) approvals: Vec<String>,
    /// Run every step, without using cached results.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Continue an unfinished run, by its id or `last`.
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "last")]
    pub(crate) resume: Option<String>,
    /// Maximum number of steps that run at once [default: number of processor cores].
    #[arg(long, value_name = "COUNT")]
    pub(crate) parallelism: Option<std::num::NonZeroUsize>,
    #[command(flatten)]
    pub(crate) local: LocalArguments,
    /// Format of the result.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// `kfpc plan`.
#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLE)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    #[command(flatten)]
    pub(crate) parameters: ParameterArguments,
    #[command(flatten)]
    pub(crate) local: LocalArguments,
    /// Format of the forecast.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// The example in the help of `kfpc plan`.
const PLAN_EXAMPLE: &str = "\
Compares the steps with the cached results of local runs. Nothing runs, and nothing is written.

Example:
  $ kfpc plan -p rate=0.2
  TASK        FORECAST  REASON
  preprocess  hit       result from 2026-11-30T14:02:11Z
  train       miss      input `rate` changed from `0.1` to `0.2`
  evaluate    unknown   depends on `train`
  notify      run       not cached";

/// The parameters of a run.
#[derive(Debug, Args)]
pub(crate) struct ParameterArguments {
    /// Set a parameter: strings as they are or as JSON after `json:`, such as `-p 'text=json:"two\nlines"'`, other
    /// types as JSON, and `null` (for strings `json:null`) to use the default.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
    /// The spelling of Kubeflow Pipelines, which is refused with the right one.
    #[arg(long = "param", value_name = "NAME=VALUE", hide = true)]
    pub(crate) misspelled_parameters: Vec<String>,
    /// Read parameters from a JSON or YAML file; `-p` overrides it.
    #[arg(long, value_name = "FILE")]
    pub(crate) params: Option<PathBuf>,
}

/// What steps of local runs need.
#[derive(Debug, Args)]
pub(crate) struct LocalArguments {
    /// Pipeline binary that contains the Rust steps of a document.
    #[arg(long, value_name = "PATH")]
    pub(crate) binary: Option<PathBuf>,
    /// Python interpreter for Python steps.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
}

/// Where runs are stored.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// Folder of runs and caches [default: `.kfp` beside kfpc.toml, or in the current folder].
    #[arg(long, value_name = "FOLDER")]
    pub(crate) store: Option<PathBuf>,
}

/// `kfpc graph`.
#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    /// Write the picture to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Draw the pipeline of a local run, by its id or `last`, with the states and durations of its tasks.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["source", "package", "bin", "example", "pipeline"])]
    pub(crate) run: Option<String>,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// Format of the picture.
    #[arg(long, value_enum, default_value_t = PictureFormat::Mermaid)]
    pub(crate) format: PictureFormat,
}

/// `kfpc describe`.
#[derive(Debug, Args)]
pub(crate) struct DescribeArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    /// Format of the description; JSON is a JSON Schema of the parameters.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}
