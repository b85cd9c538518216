//! Credentials in URLs.

/// Splits a URL into the URL without credentials, and the credentials.
///
/// A user name alone counts as well, as package indexes accept tokens as user names.
///
/// ```
/// use kfp_compiler::credentials::split_credentials;
/// let (url, credentials) = split_credentials("https://me:pass@host/simple");
/// assert_eq!((url.as_str(), credentials), ("https://host/simple", Some("me:pass")));
/// ```
pub fn split_credentials(url: &str) -> (String, Option<&str>) {
    let parts = || {
        let (scheme, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (credentials, _) = rest[..end].rsplit_once('@')?;
        Some((format!("{scheme}://{}", &rest[credentials.len() + 1..]), credentials))
    };
    match parts() {
        Some((url, credentials)) => (url, Some(credentials)),
        None => (url.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_the_part_before_the_host() {
        for (url, expect) in [
            ("https://me:pass@host/simple", ("https://host/simple", Some("me:pass"))),
            ("https://token@host:80", ("https://host:80", Some("token"))),
            ("https://me:p@ss@host/a@b", ("https://host/a@b", Some("me:p@ss"))),
            ("https://host/a@b", ("https://host/a@b", None)),
            ("/local/simple", ("/local/simple", None)),
        ] {
            let (without, credentials) = split_credentials(url);
            assert_eq!((without.as_str(), credentials), expect, "{url}");
        }
    }
}
