//! `[stores.NAME]` in `kfpc.toml`: stores that artifacts are imported from, besides the pipeline root.

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
    /// The scheme of its URIs, before `://`; the name of the store by default.
    scheme: Option<String>,
    /// The host and port of its S3 API, as reached from pods.
    endpoint: Option<String>,
    /// Whether to connect without TLS.
    insecure: bool,
    /// The region of its buckets.
    region: Option<String>,
    /// The Kubernetes secret with the access key, in the form `SECRET/KEY`.
    access_key: Option<String>,
    /// The Kubernetes secret with the secret key, in the form `SECRET/KEY`.
    secret_key: Option<String>,
    /// The image of the step that copies artifacts from it.
    image: Option<String>,
    /// The folder that local runs use instead, with a folder for each bucket.
    pub(super) path: Option<PathBuf>,
}

/// Returns the stores for the compiler.
pub(crate) fn of(settings: &BTreeMap<String, StoreSettings>) -> anyhow::Result<BTreeMap<String, Store>> {
    let mut stores: BTreeMap<String, Store> = BTreeMap::new();
    for (name, settings) in settings {
        let store =
            store(name, settings).with_context(|| format!("invalid `[stores.{name}]` in kfpc.toml"))?;
        if let Some((other, _)) = stores.iter().find(|(_, other)| other.scheme == store.scheme) {
            let scheme = &store.scheme;
            bail!("duplicate scheme `{scheme}` of the stores `{other}` and `{name}` in kfpc.toml");
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
        bail!("invalid scheme `{scheme}`: expected lowercase letters, such as `s3`");
    }
    if settings.access_key.is_some() != settings.secret_key.is_some() {
        bail!("`access-key` and `secret-key` require each other: set both or neither");
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
        _ => bail!("invalid key of a secret `{text}`: expected SECRET/KEY"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<BTreeMap<String, Store>> {
        of(&toml::from_str(text).unwrap())
    }

    #[test]
    fn stores_are_read_and_mistakes_are_reported() {
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
            ("[Lake]", "invalid scheme `Lake`: expected lowercase letters, such as `s3`"),
            ("[file]", "invalid scheme `file`: expected lowercase letters, such as `s3`"),
            (
                "[a]\naccess-key = 'x/y'",
                "`access-key` and `secret-key` require each other: set both or neither",
            ),
            ("[a]\naccess-key = 'x'\nsecret-key = 'x/y'", "invalid key of a secret `x`: expected SECRET/KEY"),
            (
                "[a]\nscheme = 's3'\n[b]\nscheme = 's3'",
                "duplicate scheme `s3` of the stores `a` and `b` in kfpc.toml",
            ),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.root_cause().to_string(), expect, "{text}");
        }
    }
}
