//! Stores that artifacts are imported from: which of them a URI may lie in, and the one leaf that copies.

use std::collections::BTreeSet;

use kfp_argo::expression as argo;
use kfp_argo::text::Text;
use kfp_argo::{
    Archive, Artifact, Container, Inputs, KeySelector, Outputs, Parameter, ResourceRequirements, S3,
    Template, ValueFrom,
};
use kfp_model::{Expression, Import, KeyReference, TaskKind, TextPart};
use serde_json::Value;

use super::ctx::Ctx;
use super::executor_input::key_of_pod;
use super::executor_input::{ArtifactStore, artifact_path, input_path};
use super::leaf::{FOLDER, volumes};
use super::options::{Options, PipelineRoot};
use super::splice::Splice;
use super::terms;
use crate::check::{Checked, Program};

/// The image that copies, unless the store says otherwise.
const IMAGE: &str = "busybox:1";
/// What the leaf reads.
const SOURCE: &str = "source";
/// What it gives, as imports do.
pub(super) const ARTIFACT: &str = "artifact";
/// What the leaf is told of the artifact, as JSON texts.
pub(super) const TOLD: [&str; 4] = ["metadata", "name", "type", "uri"];

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

/// Where something may lie that is imported.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Places<'o> {
    /// Whether it may lie below the pipeline root.
    pub(super) root: bool,
    /// The stores that it may lie in, by name.
    pub(super) stores: Vec<(&'o str, &'o Store)>,
    /// Whether it is known before anything runs that it lies in the one store.
    pub(super) is_certain: bool,
}

impl<'o> Places<'o> {
    /// The places that the URI may name, as far as it is known before anything runs.
    pub(super) fn of(options: &'o Options, import: &Import) -> Self {
        let (start, is_whole) = known_start(&import.uri);
        let root = options.pipeline_root.as_ref().is_some_and(|root| may_be_below(root, start, is_whole));
        let is_below =
            options.pipeline_root.as_ref().is_some_and(|root| start.starts_with(&format!("{root}/")));
        let fits = |store: &Store| {
            let wanted = format!("{}://", store.scheme);
            start.starts_with(&wanted) || (!is_whole && wanted.starts_with(start))
        };
        let stores = options.stores.iter().filter(|(_, store)| !is_below && fits(store));
        let stores: Vec<_> = stores.map(|(name, store)| (name.as_str(), store)).collect();
        let is_certain = !root && !stores.is_empty() && start.contains("://");
        Self { root, stores, is_certain }
    }

    /// Whether there is no such place.
    pub(super) fn are_none(&self) -> bool {
        !self.root && self.stores.is_empty()
    }
}

fn may_be_below(root: &PipelineRoot, start: &str, is_whole: bool) -> bool {
    let folder = format!("{root}/");
    start.starts_with(&folder) || (!is_whole && folder.starts_with(start))
}

/// What the text begins with whatever happens, and whether that is all of it.
pub(super) fn known_start(uri: &Expression) -> (&str, bool) {
    match uri {
        Expression::Constant(Value::String(uri)) => (uri, true),
        Expression::Text(parts) => match parts.first() {
            Some(TextPart::Literal(start)) => (start, parts.len() == 1),
            _ => ("", false),
        },
        _ => ("", false),
    }
}

/// The names of the stores that something in the pipelines may lie in.
pub(super) fn used<'o>(program: &Program<'_>, options: &'o Options) -> impl Iterator<Item = &'o str> {
    let nodes = program.pipelines().flat_map(Checked::nodes);
    let names: BTreeSet<&str> = nodes
        .filter_map(|node| match &node.task.kind {
            TaskKind::Import(import) => Some(Places::of(options, import).stores),
            _ => None,
        })
        .flatten()
        .map(|(name, _)| name)
        .collect();
    names.into_iter()
}

/// The leaf that copies from the store.
pub(super) fn template(ctx: &Ctx<'_, '_>, name: &str, store: &Store) -> Template {
    let own = ArtifactStore::of(ctx.options);
    let key = key_of_pod(own.folder(name), ARTIFACT);
    let mut members = vec![("key", Splice::String(key.clone()))];
    members.extend(TOLD.map(|name| (name, Splice::Json(terms::input_tag(name)))));
    let value = ValueFrom::path(format!("{FOLDER}/absent")).or(Splice::object(members).write());
    let artifact = |name: &str, path: String, s3: S3| Artifact {
        name: name.to_owned(),
        path: path.into(),
        archive: Archive::default(),
        s3,
        optional: false,
    };
    let (volumes, volume_mounts) = volumes();
    Template {
        name: name.to_owned(),
        inputs: Inputs {
            parameters: TOLD.map(Parameter::declared).to_vec(),
            artifacts: vec![artifact(SOURCE, input_path(SOURCE), source(store))],
        },
        outputs: Outputs {
            parameters: vec![Parameter::from_source(ARTIFACT, value)],
            artifacts: vec![artifact(ARTIFACT, artifact_path(ARTIFACT), S3::of_key(key))],
        },
        volumes,
        container: Some(Container {
            image: store.image.clone().unwrap_or_else(|| IMAGE.to_owned()),
            command: ["cp", "-r"].map(Text::literal).to_vec(),
            args: [input_path(SOURCE), artifact_path(ARTIFACT)].map(Text::literal).to_vec(),
            env: Vec::new(),
            resources: ResourceRequirements::default(),
            volume_mounts,
        }),
        ..Template::default()
    }
}

/// Where the object lies: what is known of the store, and bucket and key out of the URI.
fn source(store: &Store) -> S3 {
    let below = terms::from_json(argo::Expression::path("inputs", ["parameters", "uri"]));
    let start = i64::try_from(store.scheme.len() + "://".len()).unwrap_or(i64::MAX);
    let path =
        || argo::Expression::call("split", [below.clone().slice(Some(start.into()), None), "/".into()]);
    let selector = |key: &KeyReference| KeySelector {
        name: (&key.name).into(),
        key: (&key.key).into(),
        optional: false,
    };
    S3 {
        endpoint: store.endpoint.clone(),
        insecure: store.insecure,
        region: store.region.clone(),
        access_key_secret: store.access_key.as_ref().map(selector),
        secret_key_secret: store.secret_key.as_ref().map(selector),
        use_sdk_creds: store.access_key.is_none(),
        bucket: Some(path().index(0.into()).into()),
        key: argo::Expression::call("join", [path().slice(Some(1.into()), None), "/".into()]).into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_known_of_a_uri_tells_where_it_may_lie() {
        let stores = [("lake", "lake"), ("minio", "s3")];
        let stores = stores.map(|(name, scheme)| (name.to_owned(), Store::new(scheme))).into();
        let root = Some("s3://bucket/team".parse().unwrap());
        let options = Options { stores, pipeline_root: root, ..Options::default() };
        let text =
            |start: &str| json!({"text": [{"literal": start}, {"value": {"reference": {"input": "x"}}}]});
        for (uri, expect) in [
            (json!({"constant": "s3://bucket/team/a"}), "root"),
            (json!({"constant": "s3://bucket/teams"}), "minio"),
            (json!({"constant": "lake://a/b"}), "lake"),
            (json!({"constant": "gs://a/b"}), ""),
            (json!({"constant": "s3:"}), ""),
            (json!({"reference": {"input": "x"}}), "root lake minio"),
            (text("s3://"), "root minio"),
            (text("s3://bucket/team/"), "root"),
            (text("s3://other/"), "minio"),
            (text("l"), "lake"),
            (text("gs://"), ""),
        ] {
            let import =
                json!({"uri": uri, "type": {"artifact": {"name": "system.Dataset", "version": "0.0.1"}}});
            let import: Import = serde_json::from_value(import).unwrap();
            let places = Places::of(&options, &import);
            let names =
                places.root.then_some("root").into_iter().chain(places.stores.iter().map(|(name, _)| *name));
            assert_eq!(names.collect::<Vec<_>>().join(" "), expect, "{uri}");
        }
    }
}
