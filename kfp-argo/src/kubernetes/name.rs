//! Names of objects, keys, environment variables and extended resources.

/// Whether the text can be the name of an environment variable in every shell.
pub fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether Kubernetes takes the name for an object: a subdomain as DNS has them (RFC 1123).
pub fn is_object_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    name.len() <= 253 && name.split('.').all(part)
}

/// Whether the text can be a key of a secret or a config map.
pub fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 253
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Whether the name is that of an extended resource: a domain, `/` and a name.
pub fn is_resource(text: &str) -> bool {
    let Some((domain, name)) = text.split_once('/') else { return false };
    let label = |label: &str| {
        !label.is_empty()
            && label.starts_with(|c: char| c.is_ascii_alphanumeric())
            && label.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let in_domain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    domain.split('.').all(|part| label(part) && part.chars().all(in_domain))
        && label(name)
        && name.len() <= 63
        && name.chars().all(in_name)
}
