//! Credentials in URLs, such as those of a package index.

use std::borrow::Cow;

/// Splits a URL into the URL without credentials, and the credentials.
///
/// A user name alone counts as well, as package indexes accept tokens as user names.
///
/// ```
/// use kfp_wire::split_credentials;
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

/// Removes the credentials from a URL, or from all URLs in a string, before it is shown.
///
/// ```
/// use kfp_wire::without_credentials;
/// assert_eq!(without_credentials("a @ https://me:pass@host/a.whl"), "a @ https://host/a.whl");
/// ```
pub fn without_credentials(text: &str) -> Cow<'_, str> {
    let is_url = |scheme: &str| scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    match text.split_once("://") {
        None => return Cow::Borrowed(text),
        Some((scheme, _)) if is_url(scheme) && !text.contains(char::is_whitespace) => {
            return Cow::Owned(split_credentials(text).0);
        }
        Some(_) => {}
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + "://".len());
        kept.push_str(before);
        let ends = |c: char| c.is_whitespace() || "/?#\"'<>\\".contains(c);
        let host = &after[..after.find(ends).unwrap_or(after.len())];
        rest = &after[host.rfind('@').map_or(0, |at| at + 1)..];
    }
    kept.push_str(rest);
    Cow::Owned(kept)
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

    #[test]
    fn the_credentials_of_all_urls_are_removed() {
        for (text, expected) in [
            ("https://me:p\"a's@host", "https://host"),
            (
                "[\"--index-url=https://me:pass@a/\",\"b @ https://t@c\"]",
                "[\"--index-url=https://a/\",\"b @ https://c\"]",
            ),
            ("{\\\"pip_index\\\":\\\"https://me:pass@host\\\"}", "{\\\"pip_index\\\":\\\"https://host\\\"}"),
            ("https://host and me@host", "https://host and me@host"),
            ("[\"https://host\",\"me@host\"]", "[\"https://host\",\"me@host\"]"),
            ("a@b", "a@b"),
        ] {
            assert_eq!(without_credentials(text), expected);
        }
    }
}
