//! Image references.

/// The minimum length of a digest in hexadecimal digits.
const DIGEST: usize = 32;
/// The maximum length of registry and path in characters. Longer images cannot be started.
const LONGEST: usize = 255;

/// Returns why the text is not a valid `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`; `None` if it is valid.
pub fn image_problem(image: &str) -> Option<&'static str> {
    if image.is_empty() {
        return Some("the reference is empty");
    }
    if image.contains(char::is_whitespace) {
        return Some("it contains spaces");
    }
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    if digest.is_some_and(|digest| !is_digest(digest)) {
        return Some("the digest is invalid");
    }
    let (host, rest) = match rest.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (Some(host), rest),
        _ => (None, rest),
    };
    if host.is_some_and(|host| !is_host(host)) {
        return Some("the registry is not a valid host name");
    }
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) => (path, Some(tag)),
        None => (rest, None),
    };
    if tag.is_some_and(|tag| !is_tag(tag)) {
        return Some("the tag is invalid");
    }
    if path.contains(|c: char| c.is_ascii_uppercase()) {
        return Some("the path contains uppercase letters");
    }
    if host.map_or(0, |host| host.len() + 1) + path.len() > LONGEST {
        return Some("it is longer than 255 characters without the tag");
    }
    (!path.split('/').all(is_path_part)).then_some("the path is invalid")
}

/// Returns the corrected reference if only the case of the path or surrounding spaces are wrong.
pub fn nearest_image(image: &str) -> Option<String> {
    let image = image.trim();
    let end = image.find(['@', ':']).unwrap_or(image.len());
    let end = image[end..].find('/').map_or(end, |_| image.rfind(['@', ':']).unwrap_or(end));
    let right = format!("{}{}", image[..end].to_lowercase(), &image[end..]);
    image_problem(&right).is_none().then_some(right)
}

fn is_host(host: &str) -> bool {
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        && port.parse::<u16>().is_ok()
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 128
        && !tag.starts_with(['.', '-'])
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

fn is_digest(digest: &str) -> bool {
    digest.split_once(':').is_some_and(|(algorithm, hex)| {
        !algorithm.is_empty() && hex.len() >= DIGEST && hex.chars().all(|c| c.is_ascii_hexdigit())
    })
}

fn is_path_part(part: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    part.starts_with(inner)
        && part.ends_with(inner)
        && part.chars().all(|c| inner(c) || matches!(c, '.' | '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_validated_as_in_registries() {
        let digest = format!("python@sha256:{}", "a1".repeat(32));
        let (long, too_long) = (format!("a.b/{}:1", "x".repeat(251)), format!("a.b/{}:1", "x".repeat(252)));
        for (image, expected) in [
            ("alpine", None),
            ("python:3.11-slim", None),
            ("localhost:5000/a/b_c.d:v1", None),
            ("ghcr.io/team/image", None),
            (&digest, None),
            (&long, None),
            (&too_long, Some("it is longer than 255 characters without the tag")),
            ("{{x}}", Some("the path is invalid")),
            ("", Some("the reference is empty")),
            ("python 3", Some("it contains spaces")),
            ("Python:3", Some("the path contains uppercase letters")),
            ("python:", Some("the tag is invalid")),
            ("python@sha256:1", Some("the digest is invalid")),
            ("a.b:x/python", Some("the registry is not a valid host name")),
            ("-a", Some("the path is invalid")),
            ("a//b", Some("the path is invalid")),
        ] {
            assert_eq!(image_problem(image), expected, "{image}");
        }
        for (image, right) in [
            ("Python:3.11", Some("python:3.11")),
            (" python:3", Some("python:3")),
            ("localhost:5000/Team/image:V1", Some("localhost:5000/team/image:V1")),
            ("python 3", None),
            ("python:", None),
        ] {
            assert_eq!(nearest_image(image).as_deref(), right, "{image}");
        }
    }
}
