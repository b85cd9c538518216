//! What can be said on the command line. Nothing is decided here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Typed ML pipelines: check them, run them here, compile them to plain Argo Workflows.
#[derive(Debug, Parser)]
#[command(name = "kfpc", version, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", display_order = 900)]
    pub(crate) color: Color,
    /// Say nothing but errors: no warnings, no progress.
    #[arg(long, short, global = true, conflicts_with = "verbose", display_order = 901)]
    pub(crate) quiet: bool,
    /// Say more.
    #[arg(long, short, global = true, display_order = 902)]
    pub(crate) verbose: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compile a pipeline to an Argo Workflow.
    Compile(CompileArguments),
    /// Check pipelines, and any manifests of Argo Workflows.
    Check(CheckArguments),
    /// Run a pipeline on this machine, without a cluster.
    Run(RunArguments),
    /// Draw a pipeline.
    Graph(GraphArguments),
    /// Describe a pipeline: its parameters, and what it gives back.
    Describe(DescribeArguments),
    /// Tell what changed between two pipelines, and which results can be used again.
    Diff(DiffArguments),
    /// Print the Rust signature of a Python function.
    Bind(BindArguments),
    /// Explain a diagnostic's code.
    Explain(ExplainArguments),
    /// Look at runs on this machine.
    Runs(RunsArguments),
    /// Print the JSON Schema of a file format, for editors and other programs.
    Schema(SchemaArguments),
    /// Print what makes a shell complete the arguments of this program.
    Completions(CompletionsArguments),
}

/// What `kfpc schema` prints.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The format.
    #[arg(value_enum)]
    pub(crate) subject: SchemaSubject,
}

/// A format that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaSubject {
    /// Pipeline documents.
    Document,
    /// `kfpc.toml`.
    Config,
}

/// Where pipelines come from.
#[derive(Debug, Args)]
pub(crate) struct SourceArguments {
    /// A pipeline binary, which is executed, a pipeline document (JSON or YAML), or `-` for a document on standard
    /// input.
    #[arg(value_name = "SOURCE", required_unless_present = "package", conflicts_with = "package")]
    pub(crate) source: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArguments,
}

/// A package whose program knows pipelines.
#[derive(Debug, Clone, Args)]
pub(crate) struct PackageArguments {
    /// Build this package with cargo and ask its program.
    #[arg(long, value_name = "NAME")]
    pub(crate) package: Option<String>,
    /// The program of the package, where it has several.
    #[arg(long, value_name = "NAME", requires = "package", conflicts_with = "example")]
    pub(crate) bin: Option<String>,
    /// The example of the package that is asked in place of a program.
    #[arg(long, value_name = "NAME", requires = "package")]
    pub(crate) example: Option<String>,
    /// Build the package with optimizations.
    #[arg(long, requires = "package")]
    pub(crate) release: bool,
}

/// Where a pipeline comes from.
#[derive(Debug, Args)]
pub(crate) struct PipelineArguments {
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    /// The pipeline, where the source has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    #[command(flatten)]
    pub(crate) levels: LevelArguments,
}

/// What is said about warnings.
#[derive(Debug, Default, Args)]
pub(crate) struct LevelArguments {
    /// Take warnings for errors, as `deny-warnings = true` in kfpc.toml does.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) deny: Option<Deny>,
    /// Tell no warnings of this code, besides those in the list `allow` in kfpc.toml; may be repeated.
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<String>,
}

/// What can be denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    /// All warnings.
    Warnings,
}

/// How a command whose result is something else writes what is wrong.
#[derive(Debug, Args)]
pub(crate) struct MessageArguments {
    /// How to write to standard error what is wrong.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text, value_name = "FORMAT")]
    pub(crate) message_format: DiagnosticFormat,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// With source lines, for people.
    Text,
    /// One line each.
    Short,
    /// One JSON object.
    Json,
    /// One SARIF log, for code hosts and editors.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
}

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How a workflow is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WorkflowFormat {
    /// For `kubectl`, `argo` and people.
    Yaml,
    /// For programs.
    Json,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PictureFormat {
    /// Mermaid, which GitHub and many editors show.
    Mermaid,
    /// DOT, for Graphviz and the tools that read its language.
    Dot,
    /// SVG, for browsers and documents.
    Svg,
    /// The tasks with what they depend on, for programs.
    Json,
}

/// `kfpc compile`.
#[derive(Debug, Args)]
pub(crate) struct CompileArguments {
    #[command(flatten)]
    pub(crate) pipeline: PipelineArguments,
    #[command(flatten)]
    pub(crate) messages: MessageArguments,
    /// The file to write in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Tell how large the workflow is: templates, tasks, bytes, pods at most.
    #[arg(long)]
    pub(crate) stats: bool,
    /// Print what becomes of a task, such as `all/train`, in place of the workflow.
    #[arg(long, value_name = "TASK", conflicts_with_all = ["format", "stats"])]
    pub(crate) explain: Option<String>,
    /// Give a parameter a value, which becomes its default in the workflow.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
    /// The image of Rust steps that name none.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) image: Option<String>,
    /// The image of Python steps that name none.
    #[arg(long, value_name = "REFERENCE")]
    pub(crate) python_image: Option<String>,
    /// Where artifacts lie, as `s3://bucket/prefix`; the bucket is that of Argo's artifact repository.
    #[arg(long, value_name = "URI")]
    pub(crate) pipeline_root: Option<String>,
    /// The service account of the pods.
    #[arg(long, value_name = "NAME")]
    pub(crate) service_account: Option<String>,
    /// The version of Argo that runs the workflow, as `3.7.16`, `4.0.7` or `4.1`, which holds where nothing is
    /// said.
    #[arg(long, value_name = "VERSION")]
    pub(crate) argo_version: Option<String>,
    /// How to write the workflow.
    #[arg(long, value_enum, default_value_t = WorkflowFormat::Yaml)]
    pub(crate) format: WorkflowFormat,
}

/// `kfpc check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// What to check: pipeline binaries, which are executed, pipeline documents, manifests of Argo (JSON or YAML),
    /// folders with documents and manifests, in which nothing is executed, or `-` for standard input.
    #[arg(value_name = "SOURCE", required_unless_present = "package", conflicts_with = "package")]
    pub(crate) sources: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) package: PackageArguments,
    /// The pipeline, where a source has several.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    #[command(flatten)]
    pub(crate) levels: LevelArguments,
    /// How to write what was found; other commands call it `--message-format`.
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
    /// Give a parameter a value: text as it is, everything else as JSON.
    #[arg(short = 'p', long = "parameter", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
    /// Read parameters from a JSON or YAML file; `-p` wins over it.
    #[arg(long, value_name = "FILE")]
    pub(crate) params: Option<PathBuf>,
    /// Say where a secret's value comes from: `NAME/KEY=env:VARIABLE` or `NAME/KEY=file:PATH`.
    #[arg(long = "secret", value_name = "NAME/KEY=SOURCE")]
    pub(crate) secrets: Vec<String>,
    /// Say where a config map's value comes from, likewise.
    #[arg(long = "config-map", value_name = "NAME/KEY=SOURCE")]
    pub(crate) config_maps: Vec<String>,
    /// Give an approval that the task of this name or id waits for, with the values that are asked for as a JSON
    /// object. Without it, approvals are asked about on a terminal.
    #[arg(long = "approve", value_name = "NAME[=JSON]")]
    pub(crate) approvals: Vec<String>,
    /// Run every step, whatever the cache holds.
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Continue a run that did not come to its end: its id, or `last`.
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "last")]
    pub(crate) resume: Option<String>,
    /// The most steps at once; the number of processor cores where nothing is said.
    #[arg(long, value_name = "COUNT")]
    pub(crate) parallelism: Option<std::num::NonZeroUsize>,
    /// The pipeline binary with the Rust steps of a document.
    #[arg(long, value_name = "PATH")]
    pub(crate) binary: Option<PathBuf>,
    /// The Python interpreter for Python steps.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    /// How to write the result.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// Where runs are kept.
#[derive(Debug, Args)]
pub(crate) struct StoreArguments {
    /// The folder of runs and caches; `.kfp` beside `kfpc.toml`, else in the working folder.
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
    /// The file to write in place of standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How to draw.
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
    /// How to write the description: as JSON, it is a JSON Schema of the parameters.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DifferenceFormat {
    /// For people.
    Text,
    /// Tables for the description of a pull request.
    Markdown,
    /// For programs.
    Json,
}

/// `kfpc diff`: exit code 0 where nothing changed, 1 where something did.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The earlier side: a program, a pipeline document, a manifest of Argo, `-`, or a file as git has it,
    /// `REVISION:PATH`. With `--package` a revision of it.
    #[arg(value_name = "BEFORE")]
    pub(crate) before: String,
    /// The later side, likewise. With `--package` it may be left out for the working tree.
    #[arg(value_name = "AFTER", required_unless_present = "package")]
    pub(crate) after: Option<String>,
    /// With a package, both sides are revisions at which it is built.
    #[command(flatten)]
    pub(crate) package: PackageArguments,
    /// The pipeline to compare; all where nothing is said.
    #[arg(long, value_name = "NAME")]
    pub(crate) pipeline: Option<String>,
    /// How to write the difference.
    #[arg(long, value_enum, default_value_t = DifferenceFormat::Text)]
    pub(crate) format: DifferenceFormat,
}

/// `kfpc bind`.
#[derive(Debug, Args)]
pub(crate) struct BindArguments {
    /// The Python file and, where it has several, the function: `train.py:train_model`.
    #[arg(value_name = "FILE[:FUNCTION]")]
    pub(crate) function: String,
    /// The Python interpreter that parses the file, which is not run.
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    /// How to write the signature.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// `kfpc explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The code, as `KFP0301`; without one, all codes are listed.
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// How to write the explanation.
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub(crate) format: DataFormat,
}

/// `kfpc runs`.
#[derive(Debug, Args)]
pub(crate) struct RunsArguments {
    #[command(subcommand)]
    pub(crate) command: RunsCommand,
}

/// What to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// List the runs, the latest first.
    Ls {
        #[command(flatten)]
        store: StoreArguments,
        /// How to write the list.
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Show one run with its tasks.
    Show {
        /// The id of the run, or `last`.
        #[arg(value_name = "RUN", default_value = "last")]
        run: String,
        #[command(flatten)]
        store: StoreArguments,
        /// How to write the run.
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
}

/// `kfpc completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    #[arg(value_name = "SHELL", value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
