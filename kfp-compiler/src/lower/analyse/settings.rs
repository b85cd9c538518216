//! Checks the options, because nothing else checks them before the run.

use kfp_argo::kubernetes::{image_problem, is_key, is_object_name, nearest_image};
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Place, Type};
use serde_json::Value;

use crate::check::Checked;
use crate::lower::options::{Options, Store};

/// Reports each invalid option.
pub(in crate::lower) fn check(checked: &Checked<'_>, options: &Options) -> Vec<Diagnostic> {
    let report = OptionReport { place: checked.place() };
    let mut found = Vec::new();
    for (image, flag, of) in
        [(&options.image, "image", "Rust steps"), (&options.python_image, "python-image", "Python steps")]
    {
        let by = format!("`--{flag}`, or `{flag}` in kfpc.toml");
        found.extend(image.as_deref().and_then(|image| report.image(image, of, &by)));
    }
    if let Some(account) = options.service_account.as_deref().filter(|account| !is_object_name(account)) {
        let help = "set a name of at most 253 lowercase letters, digits, `-` and `.` with `--service-account`, or \
                    `service-account` in kfpc.toml";
        found.push(report.error(format!("invalid service account name `{account}`")).help(help));
    }
    for (name, store) in &options.stores {
        report.store(name, store, &mut found);
    }
    found.extend(options.arguments.iter().filter_map(|(name, value)| {
        let r#type = &checked.pipeline().inputs.get(name)?.r#type;
        report.uri(options, name, value, r#type)
    }));
    found
}

/// Creates diagnostics about options. Options are not part of the document, so the place is the pipeline.
struct OptionReport {
    place: Place,
}

impl OptionReport {
    fn error(&self, message: String) -> Diagnostic {
        Diagnostic::error(codes::OPTION, &self.place, message)
    }

    fn image(&self, image: &str, of: &str, by: &str) -> Option<Diagnostic> {
        let problem = image_problem(image)?;
        let diagnostic = self.error(format!("invalid image `{image}` for {of}: {problem}"));
        Some(match nearest_image(image) {
            Some(valid) => diagnostic.help(format!("set `{valid}` with {by}")),
            None => diagnostic
                .help(format!("set an image such as `registry.example.com/team/image:1.2` with {by}")),
        })
    }

    fn store(&self, name: &str, store: &Store, found: &mut Vec<Diagnostic>) {
        let by = |key: &str| format!("`{key}` of `[stores.{name}]` in kfpc.toml");
        let image = store.image.as_deref();
        found.extend(image.and_then(|image| self.image(image, "copies from a store", &by("image"))));
        if let Some((endpoint, problem)) =
            store.endpoint.as_deref().and_then(|endpoint| Some((endpoint, endpoint_problem(endpoint)?)))
        {
            let message = format!("invalid endpoint `{endpoint}` of the store `{name}`: {problem}");
            let help = format!("set {} to host and port, such as `minio.example.org:9000`", by("endpoint"));
            found.push(self.error(message).help(help));
        }
        if let Some(region) = store.region.as_deref().filter(|region| !is_region(region)) {
            let help =
                format!("set {} to at most 63 letters, digits and `-`, such as `eu-central-1`", by("region"));
            found.push(self.error(format!("invalid region `{region}` of the store `{name}`")).help(help));
        }
        for (reference, key) in [(&store.access_key, "access-key"), (&store.secret_key, "secret-key")] {
            let Some(reference) = reference else { continue };
            if !is_object_name(&reference.name) || !is_key(&reference.key) {
                let shown = format!("{}/{}", reference.name, reference.key);
                let help = format!(
                    "set {} to SECRET/KEY, with lowercase letters, digits, `-` and `.` in both; the key may also \
                     contain uppercase letters and `_`",
                    by(key)
                );
                found.push(self.error(format!("invalid secret reference `{shown}`")).help(help));
            }
        }
    }

    /// Reports an artifact argument that is not a URI below the pipeline root.
    fn uri(&self, options: &Options, name: &str, value: &Value, r#type: &Type) -> Option<Diagnostic> {
        r#type.artifact()?;
        let (root, uri) = (options.pipeline_root.as_ref()?, value.as_str()?);
        let below = uri.strip_prefix(&format!("{root}/"));
        let is_absent = uri == "null" && r#type.is_option();
        if is_absent || below.is_some_and(|key| !key.is_empty() && !key.contains("{{")) {
            return None;
        }
        let message = format!("invalid artifact URI `{uri}` for the parameter `{name}`");
        let help = format!("use a URI below the pipeline root, without `{{{{`, such as `-p {name}={root}/…`");
        Some(self.error(message).help(help))
    }
}

/// Returns why the endpoint is not a valid `HOST[:PORT]`.
fn endpoint_problem(endpoint: &str) -> Option<&'static str> {
    let (host, port) = match endpoint.rsplit_once(':') {
        // The colons of an IPv6 address are in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (endpoint, None),
    };
    let is_address =
        |inner: &str| inner.contains(':') && inner.chars().all(|c| c.is_ascii_hexdigit() || c == ':');
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if endpoint.contains("://") {
        Some("it starts with a scheme")
    } else if !address.map_or_else(|| is_object_name(&host.to_ascii_lowercase()), is_address) {
        Some("the host name is invalid")
    } else if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        Some("the port is invalid")
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
            ("https://minio", Some("it starts with a scheme")),
            ("", Some("the host name is invalid")),
            ("minio/path", Some("the host name is invalid")),
            ("mi nio", Some("the host name is invalid")),
            ("{{x}}:80", Some("the host name is invalid")),
            ("[minio]", Some("the host name is invalid")),
            ("minio:", Some("the port is invalid")),
            ("minio:http", Some("the port is invalid")),
            ("minio:99999", Some("the port is invalid")),
        ] {
            assert_eq!(endpoint_problem(endpoint), expected, "{endpoint}");
        }
    }

    #[test]
    fn regions_are_checked() {
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
    fn artifact_arguments_are_below_the_root() {
        let options =
            Options { pipeline_root: Some("s3://bucket/team".parse().unwrap()), ..Options::default() };
        let artifact: Type =
            serde_json::from_value(json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}}))
                .unwrap();
        let optional = Type::Option(Box::new(artifact.clone()));
        let report = OptionReport { place: Place::root() };
        for (uri, r#type, is_valid) in [
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
            let found = report.uri(&options, "data", &Value::from(uri), r#type);
            assert_eq!(found.is_none(), is_valid, "{uri} as {type}");
        }
    }
}
