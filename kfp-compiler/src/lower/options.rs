//! What lowering has to be told besides the pipeline.

use std::collections::BTreeMap;

use serde_json::Value;

/// The first part of every artifact's key.
pub const ARTIFACT_ROOT: &str = "kfp";

/// Where the images of Rust steps hold the binary.
pub const BINARY: &str = "/usr/local/bin/pipelines";

/// What lowering has to be told besides the pipeline.
///
/// ```
/// use kfp_compiler::lower::Options;
/// let options = Options { image: Some("registry.example/pipelines:1".to_owned()), ..Options::default() };
/// assert_eq!(options.python_image, None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The image of Rust steps that name none. It holds the binary at [`BINARY`].
    pub image: Option<String>,
    /// The image of Python steps that name none.
    pub python_image: Option<String>,
    /// The service account of the pods; without one it is the namespace's default.
    pub service_account: Option<String>,
    /// Values of the pipeline's parameters, which become their defaults in the workflow.
    pub arguments: BTreeMap<String, Value>,
}
