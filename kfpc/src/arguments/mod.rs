//! The command line: which arguments each command accepts. Nothing is decided here.
//!
//! One file for each group of commands; [`formats`] has the values that several commands share and [`source`] the
//! arguments that select a pipeline.

mod formats;
mod inspect;
mod new;
mod other;
mod pipeline;
mod source;
mod values;

use clap::{Parser, Subcommand};

pub(crate) use formats::{
    Color, DataFormat, DiagnosticFormat, DifferenceFormat, MessageArguments, PictureFormat, WorkflowFormat,
};
pub(crate) use inspect::{CacheArguments, CacheCommand, RunsArguments, RunsCommand};
pub(crate) use new::NewArguments;
pub(crate) use other::{
    BindArguments, CompletionsArguments, DiffArguments, ExplainArguments, SchemaArguments, SchemaSubject,
};
pub(crate) use pipeline::{
    CheckArguments, CompileArguments, DescribeArguments, GraphArguments, LocalArguments, ParameterArguments,
    PlanArguments, RunArguments, StoreArguments,
};
pub(crate) use source::{Deny, LevelArguments, PackageArguments, PipelineArguments, SourceArguments};
pub(crate) use values::Size;

/// Check, run and compile typed machine learning pipelines for Argo Workflows.
#[derive(Debug, Parser)]
#[command(name = "kfpc", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When to use colors.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN", display_order = 900)]
    pub(crate) color: Color,
    /// Print errors only, without warnings and progress.
    #[arg(long, short, global = true, conflicts_with = "verbose", display_order = 901)]
    pub(crate) quiet: bool,
    /// Print more details.
    #[arg(long, short, global = true, display_order = 902)]
    pub(crate) verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a crate with a pipeline, tests and CI.
    New(NewArguments),
    /// Compile pipelines to Argo Workflows.
    Compile(Box<CompileArguments>),
    /// Check pipelines and Argo manifests.
    Check(CheckArguments),
    /// Show which steps of a local run would use cached results, and why others would run.
    Plan(Box<PlanArguments>),
    /// Run a pipeline on this machine, without a cluster.
    Run(Box<RunArguments>),
    /// Draw a pipeline.
    Graph(GraphArguments),
    /// Show the parameters and outputs of pipelines.
    Describe(DescribeArguments),
    /// Compare two versions of a pipeline or manifest.
    Diff(DiffArguments),
    /// Print the Rust signature of a Python function.
    Bind(BindArguments),
    /// Explain a diagnostic code.
    Explain(ExplainArguments),
    /// Inspect and remove local runs.
    Runs(RunsArguments),
    /// Inspect and clean the cache of local runs.
    Cache(CacheArguments),
    /// Print the JSON Schema of a file format.
    Schema(SchemaArguments),
    /// Generate shell completions.
    Completions(CompletionsArguments),
}
