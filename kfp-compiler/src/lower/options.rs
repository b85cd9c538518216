//! What lowering has to be told besides the pipeline.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kfp_argo::version::Version;
use kfp_model::KeyReference;
use serde_json::Value;

/// The first part of every artifact's key.
pub const ARTIFACT_ROOT: &str = "kfp";

/// Where the images of Rust steps hold the binary.
pub const BINARY: &str = "/usr/local/bin/pipelines";

/// Most bytes of a pipeline root: a key has 1024, and a run, a pod and an artifact are still to be named in it.
const LONGEST: usize = 512;

/// The place in a store below which all artifacts lie, as `s3://bucket/prefix`. The bucket is that of Argo's
/// artifact repository.
///
/// ```
/// use kfp_compiler::lower::PipelineRoot;
/// let root: PipelineRoot = "s3://models/team/a/".parse()?;
/// assert_eq!(root.to_string(), "s3://models/team/a");
/// assert!("models/team".parse::<PipelineRoot>().is_err());
/// assert!("s3://models/team/../a".parse::<PipelineRoot>().is_err());
/// # Ok::<(), kfp_compiler::lower::PipelineRootError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineRoot {
    /// Scheme and bucket, with a slash at the end.
    pub(super) base: String,
    /// What keys begin with.
    pub(super) prefix: String,
}

/// The text has another form.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no pipeline root: write `s3://bucket/prefix` in letters, digits, `.`, `-` and `_`, of which there are \
     {LONGEST} at most"
)]
pub struct PipelineRootError(String);

impl PipelineRoot {
    /// Takes the place of a root that is not set.
    pub(super) fn placeholder() -> Self {
        Self { base: "s3://bucket/".to_owned(), prefix: "prefix".to_owned() }
    }
}

impl FromStr for PipelineRoot {
    type Err = PipelineRootError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || PipelineRootError(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(refuse)?;
        let (bucket, prefix) = rest.trim_end_matches('/').split_once('/').ok_or_else(refuse)?;
        // Stores have no folders that `.` and `..` could lead to, nor ones without a name.
        let is_plain = |part: &str| {
            !["", ".", ".."].contains(&part)
                && part.chars().all(|letter| letter.is_ascii_alphanumeric() || "-._".contains(letter))
        };
        if text.len() <= LONGEST && [scheme, bucket].into_iter().chain(prefix.split('/')).all(is_plain) {
            Ok(Self { base: format!("{scheme}://{bucket}/"), prefix: prefix.to_owned() })
        } else {
            Err(refuse())
        }
    }
}

impl fmt::Display for PipelineRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.base, self.prefix)
    }
}

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
    /// Where artifacts lie; without it, below [`ARTIFACT_ROOT`] in a place that only Argo knows.
    pub pipeline_root: Option<PipelineRoot>,
    /// The version of Argo that the workflow is for; 4.1 where nothing is said.
    pub target: Version,
    /// Other stores that artifacts are imported from, by name.
    pub stores: BTreeMap<String, Store>,
    /// Values of the pipeline's parameters, which become their defaults in the workflow.
    pub arguments: BTreeMap<String, Value>,
    /// Whether workflows are made that are larger than the API server takes, to measure them.
    pub any_size: bool,
}

/// A store beside Argo's own, from which artifacts are imported.
///
/// ```
/// use kfp_compiler::lower::{Options, Store};
/// let lake = Store { endpoint: Some("minio.example.org:9000".to_owned()), ..Store::new("s3") };
/// let options = Options { stores: [("lake".to_owned(), lake)].into(), ..Options::default() };
/// assert_eq!(options.stores["lake"].scheme, "s3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// What the URIs of everything in it have before `://`; the bucket and the key follow.
    pub scheme: String,
    /// The host and, where it is not the usual one, the port of its S3 API. Without one, nothing can be copied.
    pub endpoint: Option<String>,
    /// Whether the API is spoken to without TLS.
    pub insecure: bool,
    /// The region.
    pub region: Option<String>,
    /// The secret with the access key. Without keys, the pod's own identity is used.
    pub access_key: Option<KeyReference>,
    /// The secret with the secret key.
    pub secret_key: Option<KeyReference>,
    /// The image that copies, which has to have `cp`; `busybox:1` where nothing is said.
    pub image: Option<String>,
}

impl Store {
    /// A store of which nothing but its scheme is known.
    pub fn new(scheme: impl Into<String>) -> Self {
        Self {
            scheme: scheme.into(),
            endpoint: None,
            insecure: false,
            region: None,
            access_key: None,
            secret_key: None,
            image: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipeline_roots_are_plain_and_not_too_long() {
        let of_length = |length: usize| format!("s3://bucket/{}", "a".repeat(length - "s3://bucket/".len()));
        for (text, is_root) in [
            ("s3://bucket/team", true),
            ("s3://bucket/team/", true),
            ("gs://bucket/a-b/c_d/1.2", true),
            (of_length(LONGEST).as_str(), true),
            (of_length(LONGEST + 1).as_str(), false),
            ("bucket/team", false),
            ("s3://bucket", false),
            ("s3:///team", false),
            ("s3://bucket//team", false),
            ("s3://bucket/../team", false),
            ("s3://bucket/{{x}}", false),
        ] {
            assert_eq!(text.parse::<PipelineRoot>().is_ok(), is_root, "{text}");
        }
    }
}
