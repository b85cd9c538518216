//! Prints steps that copy from other stores.

use kfp_argo::expression as argo;
use kfp_argo::text::Text;
use kfp_argo::{
    Archive, Artifact, Container, Inputs, KeySelector, Outputs, Parameter, ResourceRequirements, S3,
    Template, ValueFrom,
};
use kfp_model::KeyReference;

use crate::lower::analyse::artifacts::{ArtifactStore, FOLDER, artifact_path, input_path, key_of_pod};
use crate::lower::analyse::places::{ARTIFACT, INPUTS};
use crate::lower::options::{Options, Store};
use crate::lower::plan::splice::Splice;
use crate::lower::plan::terms;
use crate::lower::print::resources::volumes;

/// The default image of the step that copies.
const IMAGE: &str = "busybox:1";
/// The name of the input artifact.
const SOURCE: &str = "source";

/// Returns the template of the step that copies from the store.
pub(in crate::lower) fn template(options: &Options, name: &str, store: &Store) -> Template {
    let own = ArtifactStore::of(options);
    let key = key_of_pod(own.folder(name), ARTIFACT);
    let mut members = vec![("key", Splice::String(key.clone()))];
    members.extend(INPUTS.map(|name| (name, Splice::Json(terms::input_tag(name)))));
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
            parameters: INPUTS.map(Parameter::declared).to_vec(),
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

/// Returns the location of the object: the settings of the store, and bucket and key from the URI.
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
