//! The options of lowering.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use kfp_argo::version::Version;
use kfp_model::KeyReference;
use serde_json::Value;

/// The first part of the key of every artifact, if there is no pipeline root.
pub const ARTIFACT_ROOT: &str = "kfp";

/// The path of the binary in the images of Rust steps.
pub const BINARY: &str = "/usr/local/bin/pipelines";

/// The maximum length of a pipeline root in bytes. A key has at most 1024 bytes and also contains the names of the run,
/// the pod and the artifact.
const MAX_BYTES: usize = 512;

/// The prefix of the URIs of all artifacts, such as `s3://bucket/prefix`. The bucket must be that of Argo's artifact
/// repository.
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
    /// The prefix of keys.
    pub(super) prefix: String,
}

/// The error for an invalid pipeline root.
#[derive(Debug, thiserror::Error)]
#[error(
    "invalid pipeline root `{0}`: expected `s3://bucket/prefix` with at most {MAX_BYTES} letters, digits, `.`, `-` and `_`"
)]
pub struct PipelineRootError(String);

impl PipelineRoot {
    /// Returns a root to use if none is set.
    pub(super) fn placeholder() -> Self {
        Self { base: "s3://bucket/".to_owned(), prefix: "prefix".to_owned() }
    }
}

impl FromStr for PipelineRoot {
    type Err = PipelineRootError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || PipelineRootError(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(error)?;
        let (bucket, prefix) = rest.trim_end_matches('/').split_once('/').ok_or_else(error)?;
        // Stores do not resolve `.` and `..`, and have no folders without a name.
        let is_plain = |part: &str| {
            !["", ".", ".."].contains(&part)
                && part
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "-._".contains(character))
        };
        if text.len() <= MAX_BYTES && [scheme, bucket].into_iter().chain(prefix.split('/')).all(is_plain) {
            Ok(Self { base: format!("{scheme}://{bucket}/"), prefix: prefix.to_owned() })
        } else {
            Err(error())
        }
    }
}

impl fmt::Display for PipelineRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.base, self.prefix)
    }
}

/// The options of lowering.
///
/// ```
/// use kfp_compiler::lower::Options;
/// let options = Options { image: Some("registry.example/pipelines:1".to_owned()), ..Options::default() };
/// assert_eq!(options.python_image, None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The image of Rust steps that do not set one. It contains the binary at [`BINARY`].
    pub image: Option<String>,
    /// The image of Python steps that do not set one.
    pub python_image: Option<String>,
    /// The service account of the pods; by default, that of the namespace.
    pub service_account: Option<String>,
    /// The location of artifacts; by default, below [`ARTIFACT_ROOT`] in Argo's artifact repository.
    pub pipeline_root: Option<PipelineRoot>,
    /// The Argo version that the workflow is for; 4.1 by default.
    pub target: Version,
    /// The other stores that artifacts can be imported from, by name.
    pub stores: BTreeMap<String, Store>,
    /// The maximum size in bytes of an artifact that gets a digest for cache keys; by default, that of
    /// [`Limit`](kfp_digest::Limit). With 0, artifacts get no digests.
    pub digest_limit: Option<u64>,
    /// The values of parameters that become the defaults in the workflow.
    pub arguments: BTreeMap<String, Value>,
    /// Whether to disable the size limits of the API server, for measurements.
    pub any_size: bool,
}

/// A store other than Argo's artifact repository, from which artifacts can be imported.
///
/// ```
/// use kfp_compiler::lower::{Options, Store};
/// let lake = Store { endpoint: Some("minio.example.org:9000".to_owned()), ..Store::new("s3") };
/// let options = Options { stores: [("lake".to_owned(), lake)].into(), ..Options::default() };
/// assert_eq!(options.stores["lake"].scheme, "s3");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// The scheme of its URIs, which consist of `SCHEME://BUCKET/KEY`.
    pub scheme: String,
    /// The host and optionally the port of its S3 API. Required to copy from the store.
    pub endpoint: Option<String>,
    /// Whether to access the API without TLS.
    pub insecure: bool,
    /// The region of the store.
    pub region: Option<String>,
    /// The secret with the access key. Without keys, the identity of the pod is used.
    pub access_key: Option<KeyReference>,
    /// The secret with the secret key.
    pub secret_key: Option<KeyReference>,
    /// The image of the step that copies, which must contain `cp`; `busybox:1` by default.
    pub image: Option<String>,
}

impl Store {
    /// Creates a store with a scheme and no other settings.
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
    fn pipeline_roots_are_checked() {
        let of_length = |length: usize| format!("s3://bucket/{}", "a".repeat(length - "s3://bucket/".len()));
        for (text, is_root) in [
            ("s3://bucket/team", true),
            ("s3://bucket/team/", true),
            ("gs://bucket/a-b/c_d/1.2", true),
            (of_length(MAX_BYTES).as_str(), true),
            (of_length(MAX_BYTES + 1).as_str(), false),
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
