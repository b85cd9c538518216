//! Values of options that several commands share.

use clap::{Args, ValueEnum};

/// When output is colored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// If standard error is a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The format of diagnostics for commands whose result is something else.
#[derive(Debug, Args)]
pub(crate) struct MessageArguments {
    /// Format of diagnostics, which are written to standard error.
    #[arg(long, value_enum, default_value_t = DiagnosticFormat::Text, value_name = "FORMAT")]
    pub(crate) message_format: DiagnosticFormat,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// Text with source lines.
    Text,
    /// One line for each diagnostic.
    Short,
    /// One JSON object.
    Json,
    /// A SARIF log, for code hosts and editors.
    Sarif,
    /// Annotations in GitHub Actions.
    Github,
}

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataFormat {
    /// Text for a terminal.
    Text,
    /// JSON.
    Json,
}

/// How a workflow is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WorkflowFormat {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PictureFormat {
    /// Mermaid, which GitHub and many editors render.
    Mermaid,
    /// DOT, for Graphviz.
    Dot,
    /// SVG.
    Svg,
    /// The tasks and their dependencies as JSON.
    Json,
}

/// How a difference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DifferenceFormat {
    /// Text for a terminal.
    Text,
    /// Markdown tables, for a pull request.
    Markdown,
    /// JSON.
    Json,
}
