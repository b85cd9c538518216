//! Names of objects, keys, environment variables and extended resources.

/// Returns whether the text is a valid environment variable name in every shell.
pub fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Returns whether the text is a valid object name: an RFC 1123 subdomain.
pub fn is_object_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    name.len() <= 253 && name.split('.').all(part)
}

/// Returns whether the text is a valid key of a secret or config map.
pub fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 253
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Returns whether the text is a valid extended resource name: a domain, `/` and a name.
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
