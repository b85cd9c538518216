//! `[stores.NAME]` in `kfpc.toml`: where artifacts are imported from, besides the pipeline root.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use kfp_compiler::lower::Store;
use kfp_model::KeyReference;
use schemars::JsonSchema;
use serde::Deserialize;

/// A store that artifacts are imported from.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct StoreSettings {
    /// The scheme of its URIs, before `://`; by default the name of the store.
    scheme: Option<String>,
    /// The host and port of its S3 API, as seen from pods.
    endpoint: Option<String>,
    /// Whether the endpoint is used without TLS.
    insecure: bool,
    /// The region of its buckets.
    region: Option<String>,
    /// The Kubernetes secret with the access key, as `SECRET/KEY`.
    access_key: Option<String>,
    /// The Kubernetes secret with the secret key, as `SECRET/KEY`.
    secret_key: Option<String>,
    /// The image of the step that copies from it.
    image: Option<String>,
    /// The folder that local runs use in its place, with a folder for each bucket.
    pub(super) path: Option<PathBuf>,
}

/// The stores, as the compiler wants them.
pub(crate) fn of(settings: &BTreeMap<String, StoreSettings>) -> anyhow::Result<BTreeMap<String, Store>> {
    let mut stores: BTreeMap<String, Store> = BTreeMap::new();
    for (name, settings) in settings {
        let store =
            store(name, settings).with_context(|| format!("`[stores.{name}]` in kfpc.toml is wrong"))?;
        if let Some((other, _)) = stores.iter().find(|(_, other)| other.scheme == store.scheme) {
            let scheme = &store.scheme;
            bail!(
                "the stores `{other}` and `{name}` in kfpc.toml have one scheme, `{scheme}`: a URI would be of both"
            );
        }
        stores.insert(name.clone(), store);
    }
    Ok(stores)
}

fn store(name: &str, settings: &StoreSettings) -> anyhow::Result<Store> {
    let scheme = settings.scheme.as_deref().unwrap_or(name);
    let is_scheme = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_lowercase())
            && text
                .chars()
                .all(|other| other.is_ascii_lowercase() || other.is_ascii_digit() || "+-.".contains(other))
    };
    if !is_scheme(scheme) || scheme == "file" {
        bail!("`{scheme}` is no scheme of a store: write lower case letters, as `s3`");
    }
    if settings.access_key.is_some() != settings.secret_key.is_some() {
        bail!("`access-key` and `secret-key` are given together, or both left out");
    }
    Ok(Store {
        endpoint: settings.endpoint.clone(),
        insecure: settings.insecure,
        region: settings.region.clone(),
        access_key: settings.access_key.as_deref().map(key).transpose()?,
        secret_key: settings.secret_key.as_deref().map(key).transpose()?,
        image: settings.image.clone(),
        ..Store::new(scheme)
    })
}

fn key(text: &str) -> anyhow::Result<KeyReference> {
    match text.split_once('/') {
        Some((name, key)) if !name.is_empty() && !key.is_empty() && !key.contains('/') => {
            Ok(KeyReference { name: name.to_owned(), key: key.to_owned() })
        }
        _ => bail!("`{text}` is no key of a secret: write SECRET/KEY"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<BTreeMap<String, Store>> {
        of(&toml::from_str(text).unwrap())
    }

    #[test]
    fn stores_are_read_and_mistakes_are_told() {
        let stores = read(
            "[lake]\nscheme = 's3'\nendpoint = 'minio:9000'\ninsecure = true\naccess-key = 'minio/access'\n\
             secret-key = 'minio/secret'\n[gs]\npath = 'mirror'\n",
        )
        .unwrap();
        let lake = &stores["lake"];
        assert_eq!(
            (lake.scheme.as_str(), lake.endpoint.as_deref(), lake.insecure),
            ("s3", Some("minio:9000"), true)
        );
        assert_eq!(
            lake.secret_key,
            Some(KeyReference { name: "minio".to_owned(), key: "secret".to_owned() })
        );
        assert_eq!((stores["gs"].scheme.as_str(), &stores["gs"].endpoint), ("gs", &None));
        for (text, expect) in [
            ("[Lake]", "`Lake` is no scheme of a store: write lower case letters, as `s3`"),
            ("[file]", "`file` is no scheme of a store: write lower case letters, as `s3`"),
            ("[a]\naccess-key = 'x/y'", "`access-key` and `secret-key` are given together, or both left out"),
            ("[a]\naccess-key = 'x'\nsecret-key = 'x/y'", "`x` is no key of a secret: write SECRET/KEY"),
            (
                "[a]\nscheme = 's3'\n[b]\nscheme = 's3'",
                "the stores `a` and `b` in kfpc.toml have one scheme, `s3`: a URI would be of both",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.root_cause().to_string(), expect, "{text}");
        }
    }
}
