//! The values of all secrets and config maps that a run needs, read before anything starts.

use std::collections::{BTreeMap, BTreeSet};

use super::{Mask, ValueSource, ValueSourceError};
use crate::Cancel;

/// The values by `NAME/KEY`.
#[derive(Default)]
pub(crate) struct Vault {
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) config_maps: BTreeMap<String, String>,
    /// The environment variables that secrets were read from.
    pub(crate) variables: Vec<String>,
}

impl Vault {
    /// Reads the required values, and all others that have a source, so that they can be masked.
    ///
    /// All missing values are reported together.
    pub(crate) fn read(
        secrets: &BTreeMap<String, ValueSource>,
        config_maps: &BTreeMap<String, ValueSource>,
        needed_secrets: &BTreeSet<String>,
        needed_config_maps: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let variables = secrets.values().filter_map(ValueSource::variable).map(str::to_owned).collect();
        let secrets = values(secrets, needed_secrets, "secret", cancel, &mut problems);
        let config_maps = values(config_maps, needed_config_maps, "config map", cancel, &mut problems);
        if problems.is_empty() { Ok(Self { secrets, config_maps, variables }) } else { Err(problems) }
    }

    /// Creates a vault with the values that `value` returns for each name.
    pub(crate) fn of(
        secrets: &BTreeSet<String>,
        config_maps: &BTreeSet<String>,
        value: impl Fn(&str) -> String,
    ) -> Self {
        let values =
            |names: &BTreeSet<String>| names.iter().map(|name| (name.clone(), value(name))).collect();
        Self { secrets: values(secrets), config_maps: values(config_maps), variables: Vec::new() }
    }

    /// Returns the mask for the secrets and the additional values, by name.
    pub(crate) fn mask<'v>(&'v self, more: impl IntoIterator<Item = (&'v str, &'v str)>) -> Mask {
        let secrets = self.secrets.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Mask::new(secrets.chain(more))
    }
}

fn values(
    sources: &BTreeMap<String, ValueSource>,
    needed: &BTreeSet<String>,
    kind: &str,
    cancel: &Cancel,
    problems: &mut Vec<String>,
) -> BTreeMap<String, String> {
    for name in needed.iter().filter(|name| !sources.contains_key(*name)) {
        let flag = kind.replace(' ', "-");
        problems.push(format!(
            "missing value of the {kind} `{name}`: pass `--{flag} {name}=env:VARIABLE` or `--{flag} {name}=file:PATH`"
        ));
    }
    let mut values = BTreeMap::new();
    for (name, source) in sources {
        match source.read(cancel) {
            Ok(value) => {
                values.insert(name.clone(), value);
            }
            Err(error) => problems.push(format!("the {kind} `{name}`: {}", with_cause(&error))),
        }
    }
    values
}

fn with_cause(error: &ValueSourceError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_missing_values_are_reported_together() {
        let sources = BTreeMap::from([("a/b".to_owned(), ValueSource::File("no/such/file".into()))]);
        let needed = BTreeSet::from(["slack/url".to_owned()]);
        let configuration = BTreeSet::from(["team/name".to_owned()]);
        let Err(problems) = Vault::read(&sources, &BTreeMap::new(), &needed, &configuration, &Cancel::new())
        else {
            panic!("values are missing")
        };
        assert_eq!(problems.len(), 3);
        assert!(problems[0].contains("--secret slack/url=env:VARIABLE"), "{}", problems[0]);
        assert!(problems[1].starts_with("the secret `a/b`: cannot read the file"), "{}", problems[1]);
        assert!(problems[2].contains("--config-map team/name="), "{}", problems[2]);
    }
}
