//! What the compiler is told besides the pipeline can stand in a workflow. Nobody else looks at it before the run does.

use kfp_argo::kubernetes::{image_problem, is_key, is_object_name, nearest_image};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Type};
use serde_json::Value;

use crate::check::Checked;
use crate::lower::options::{Options, Store};

/// One diagnostic for each option that cannot.
pub(in crate::lower) fn check(checked: &Checked<'_>, options: &Options) -> Vec<Diagnostic> {
    let wrong = Wrong { place: checked.place() };
    let mut found = Vec::new();
    for (given, flag, of) in
        [(&options.image, "image", "Rust steps"), (&options.python_image, "python-image", "Python steps")]
    {
        let by = format!("`--{flag}`, or `{flag}` in kfpc.toml");
        found.extend(given.as_deref().and_then(|image| wrong.image(image, of, &by)));
    }
    if let Some(account) = options.service_account.as_deref().filter(|account| !is_object_name(account)) {
        let help = "name one by `--service-account`, or by `service-account` in kfpc.toml, in lower case letters, \
                    digits, `-` and `.`, of which there are 253 at most";
        found.push(wrong.told(format!("`{account}` is no name of a service account")).help(help));
    }
    for (name, store) in &options.stores {
        wrong.store(name, store, &mut found);
    }
    found.extend(options.arguments.iter().filter_map(|(name, value)| {
        let r#type = &checked.pipeline().inputs.get(name)?.r#type;
        wrong.uri(options, name, value, r#type)
    }));
    found
}

/// Makes diagnostics of options, which stand in no document: the pipeline is what they are told for.
struct Wrong {
    place: Place,
}

impl Wrong {
    fn told(&self, message: String) -> Diagnostic {
        Diagnostic::error(codes::OPTION, &self.place, message)
    }

    fn image(&self, image: &str, of: &str, by: &str) -> Option<Diagnostic> {
        let problem = image_problem(image)?;
        let diagnostic = self.told(format!("`{image}` is no image for {of}: {problem}"));
        Some(match nearest_image(image) {
            Some(right) => diagnostic.help(format!("name `{right}` by {by}")),
            None => diagnostic.help(format!("name one by {by}, as `registry.example.com/team/image:1.2`")),
        })
    }

    fn store(&self, name: &str, store: &Store, found: &mut Vec<Diagnostic>) {
        let by = |key: &str| format!("`{key}` of `[stores.{name}]` in kfpc.toml");
        let image = store.image.as_deref();
        found.extend(image.and_then(|image| self.image(image, "copies from a store", &by("image"))));
        if let Some((endpoint, problem)) =
            store.endpoint.as_deref().and_then(|endpoint| Some((endpoint, endpoint_problem(endpoint)?)))
        {
            let message = format!("`{endpoint}` is no endpoint of the store `{name}`: {problem}");
            let help = format!("write host and port as {}, as `minio.example.org:9000`", by("endpoint"));
            found.push(self.told(message).help(help));
        }
        if let Some(region) = store.region.as_deref().filter(|region| !is_region(region)) {
            let help = format!("write letters, digits and `-` as {}, as `eu-central-1`", by("region"));
            found.push(self.told(format!("`{region}` is no region of the store `{name}`")).help(help));
        }
        for (reference, key) in [(&store.access_key, "access-key"), (&store.secret_key, "secret-key")] {
            let Some(reference) = reference else { continue };
            if !is_object_name(&reference.name) || !is_key(&reference.key) {
                let shown = format!("{}/{}", reference.name, reference.key);
                let help = format!(
                    "write SECRET/KEY as {}: a secret has lower case letters, digits, `-` and `.` in its name, a key \
                     upper case letters and `_` as well",
                    by(key)
                );
                found.push(self.told(format!("`{shown}` is no key of a secret")).help(help));
            }
        }
    }

    /// An artifact that a run starts with is the URI of something below the pipeline root.
    fn uri(&self, options: &Options, name: &str, value: &Value, r#type: &Type) -> Option<Diagnostic> {
        r#type.artifact()?;
        let (root, uri) = (options.pipeline_root.as_ref()?, value.as_str()?);
        let below = uri.strip_prefix(&format!("{root}/"));
        let is_absent = uri == "null" && r#type.is_option();
        if is_absent || below.is_some_and(|key| !key.is_empty() && !key.contains("{{")) {
            return None;
        }
        let message =
            format!("`{uri}` is no URI of an artifact below `{root}`, as the parameter `{name}` is");
        Some(self.told(message).help(format!("give it as `-p {name}={root}/…`, without tags")))
    }
}

/// What keeps the text from being `HOST[:PORT]`, if anything does.
fn endpoint_problem(endpoint: &str) -> Option<&'static str> {
    let (host, port) = match endpoint.rsplit_once(':') {
        // The colons of an address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (endpoint, None),
    };
    let is_address =
        |inner: &str| inner.contains(':') && inner.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if endpoint.contains("://") {
        Some("it begins with a scheme")
    } else if !address.map_or_else(|| is_object_name(&host.to_ascii_lowercase()), is_address) {
        Some("its host is none")
    } else if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        Some("its port is none")
    } else {
        None
    }
}

fn is_region(region: &str) -> bool {
    !region.is_empty() && region.len() <= 63 && region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn endpoints_are_hosts_with_ports() {
        for (endpoint, expected) in [
            ("minio", None),
            ("minio:9000", None),
            ("S3.eu-central-1.amazonaws.com", None),
            ("10.0.0.1:80", None),
            ("[2001:db8::1]:9000", None),
            ("[::1]", None),
            ("https://minio", Some("it begins with a scheme")),
            ("", Some("its host is none")),
            ("minio/path", Some("its host is none")),
            ("mi nio", Some("its host is none")),
            ("{{x}}:80", Some("its host is none")),
            ("[minio]", Some("its host is none")),
            ("minio:", Some("its port is none")),
            ("minio:http", Some("its port is none")),
            ("minio:99999", Some("its port is none")),
        ] {
            assert_eq!(endpoint_problem(endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn regions_are_short_words() {
        let of_length = |length| "a".repeat(length);
        for (region, expected) in [
            ("eu-central-1", true),
            (of_length(63).as_str(), true),
            (of_length(64).as_str(), false),
            ("", false),
            ("eu west", false),
        ] {
            assert_eq!(is_region(region), expected, "{region}");
        }
    }

    #[test]
    fn artifacts_that_a_run_starts_with_lie_below_the_root() {
        let options =
            Options { pipeline_root: Some("s3://bucket/team".parse().unwrap()), ..Options::default() };
        let artifact: Type =
            serde_json::from_value(json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}}))
                .unwrap();
        let optional = Type::Option(Box::new(artifact.clone()));
        let wrong = Wrong { place: Place::root() };
        for (uri, r#type, is_right) in [
            ("s3://bucket/team/data", &artifact, true),
            ("s3://bucket/team/data", &optional, true),
            ("null", &optional, true),
            ("null", &artifact, false),
            ("s3://bucket/other/data", &artifact, false),
            ("s3://bucket/other/data", &optional, false),
            ("s3://bucket/team/", &artifact, false),
            ("s3://bucket/team/{{x}}", &artifact, false),
            ("anything", &Type::String, true),
        ] {
            let found = wrong.uri(&options, "data", &Value::from(uri), r#type);
            assert_eq!(found.is_none(), is_right, "{uri} as {type}");
        }
    }
}
