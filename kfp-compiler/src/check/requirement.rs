//! The syntax of requirement specifiers of Python packages: PEP 508, with versions of PEP 440.
//!
//! It accepts what Python's `packaging` accepts, which the shim uses, apart from URLs without a scheme. Names are not
//! looked up in an index.

/// Why a requirement is invalid.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid {
    /// What is wrong, as a part of a sentence.
    pub(super) problem: String,
    /// The whole requirement that was probably meant.
    pub(super) fixed: Option<String>,
}

const OPERATORS: [&str; 8] = ["===", "~=", "==", "!=", "<=", ">=", "<", ">"];
const MARKERS: [&str; 12] = [
    "python_version",
    "python_full_version",
    "os_name",
    "sys_platform",
    "platform_release",
    "platform_system",
    "platform_version",
    "platform_machine",
    "platform_python_implementation",
    "implementation_name",
    "implementation_version",
    "extra",
];
/// The maximum nesting of parentheses in a marker.
const DEPTH: usize = 32;

/// Checks a requirement such as `pandas[excel]>=2.2,<3; python_version >= '3.9'`.
pub(super) fn check(text: &str) -> Result<(), Invalid> {
    let mut reader = Reader { whole: text, rest: text.trim() };
    if reader.rest.starts_with('-') {
        return Err(reader.invalid("options of pip are not supported"));
    }
    let start = reader.rest;
    let name = reader.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if let Some((scheme, _)) = start.split_once("://").filter(|(scheme, _)| !scheme.contains([' ', '@', ';']))
    {
        return Err(reader.invalid(format!("expected a package name before the `{scheme}` URL")));
    }
    let ends = |name: &str| name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !ends(name) {
        return Err(reader.invalid("expected a package name, which starts and ends with a letter or digit"));
    }
    if reader.accept("[") {
        reader.extras()?;
    }
    if reader.accept("@") {
        return reader.url();
    }
    reader.versions(name)?;
    reader.end_or_marker()
}

struct Reader<'a> {
    whole: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn invalid(&self, problem: impl Into<String>) -> Invalid {
        Invalid { problem: problem.into(), fixed: None }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes the longest prefix of such characters.
    fn take(&mut self, allowed: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c: char| !allowed(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Takes the text, after spaces, if it is next.
    fn accept(&mut self, text: &str) -> bool {
        self.skip_space();
        let Some(rest) = self.rest.strip_prefix(text) else { return false };
        self.rest = rest;
        true
    }

    fn extras(&mut self) -> Result<(), Invalid> {
        loop {
            self.skip_space();
            let extra = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if extra.is_empty() && !self.rest.starts_with(']') {
                return Err(self.invalid("invalid list of extras"));
            }
            if self.accept("]") {
                return Ok(());
            }
            if !self.accept(",") {
                return Err(self.invalid("expected `]` after the extras"));
            }
        }
    }

    fn url(&mut self) -> Result<(), Invalid> {
        self.skip_space();
        let url = self.take(|c| !c.is_whitespace());
        if url.is_empty() || !url.contains(':') {
            return Err(self.invalid("expected a URL after `@`"));
        }
        self.end_or_marker()
    }

    fn versions(&mut self, name: &str) -> Result<(), Invalid> {
        let in_parentheses = self.accept("(");
        loop {
            self.skip_space();
            let Some(operator) = OPERATORS.into_iter().find(|operator| self.rest.starts_with(operator))
            else {
                break;
            };
            self.rest = &self.rest[operator.len()..];
            self.skip_space();
            let text = self.rest;
            // An epoch, as in `2!1.0`, is not the operator `!=`.
            let ends = |(idx, c): (usize, char)| {
                c.is_whitespace()
                    || matches!(c, ',' | ';' | ')' | '<' | '>' | '=' | '~')
                    || text[idx..].starts_with("!=")
            };
            let end = text.char_indices().find(|each| ends(*each)).map_or(text.len(), |(idx, _)| idx);
            let (version, rest) = text.split_at(end);
            self.rest = rest;
            if version.is_empty() {
                return Err(self.invalid(format!("expected a version after `{operator}`")));
            }
            if !is_version(operator, version) {
                return Err(self.invalid(format!("invalid version `{version}`")));
            }
            if !self.accept(",") {
                break;
            }
        }
        self.skip_space();
        if in_parentheses && !self.accept(")") {
            return Err(self.invalid("expected `)` after the versions"));
        }
        self.unexpected(name)
    }

    /// Reports what cannot follow the versions.
    fn unexpected(&self, name: &str) -> Result<(), Invalid> {
        let fix = |from: &str, to: &str| {
            let at = self.whole.len() - self.rest.len() - (self.whole.len() - self.whole.trim_end().len());
            let fixed = format!("{}{to}{}", self.whole[..at].trim(), self.rest[from.len()..].trim());
            Some(fixed).filter(|fixed| check(fixed).is_ok())
        };
        let next = self.rest.chars().next();
        match next {
            None | Some(';') => Ok(()),
            Some('=') => Err(Invalid { problem: "unknown operator `=`".to_owned(), fixed: fix("=", "==") }),
            Some(c) if c.is_ascii_digit() => Err(Invalid {
                problem: format!("expected an operator such as `==` after `{name}`"),
                fixed: fix("", "=="),
            }),
            Some('<' | '>' | '!' | '~') => {
                Err(Invalid { problem: "expected `,` between the versions".to_owned(), fixed: fix("", ",") })
            }
            Some(_) => Err(self.invalid(format!("unexpected `{}`", self.rest.trim()))),
        }
    }

    fn end_or_marker(&mut self) -> Result<(), Invalid> {
        self.skip_space();
        if self.rest.is_empty() {
            return Ok(());
        }
        if !self.accept(";") {
            return Err(self.invalid(format!("unexpected `{}`", self.rest.trim())));
        }
        self.marker(0)?;
        self.skip_space();
        if self.rest.is_empty() { Ok(()) } else { Err(self.invalid(format!("unexpected `{}`", self.rest))) }
    }

    fn marker(&mut self, depth: usize) -> Result<(), Invalid> {
        loop {
            if depth < DEPTH && self.accept("(") {
                self.marker(depth + 1)?;
                if !self.accept(")") {
                    return Err(self.invalid("expected `)` in the marker"));
                }
            } else {
                self.operand()?;
                self.comparison()?;
                self.operand()?;
            }
            if !self.keyword("and") && !self.keyword("or") {
                return Ok(());
            }
        }
    }

    fn operand(&mut self) -> Result<(), Invalid> {
        self.skip_space();
        if let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let Some(end) = self.rest[1..].find(quote) else {
                return Err(self.invalid("unterminated string in the marker"));
            };
            self.rest = &self.rest[end + 2..];
            return Ok(());
        }
        let name = self.take(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        if MARKERS.contains(&name.replace('.', "_").as_str()) {
            return Ok(());
        }
        let found = if name.is_empty() { self.rest } else { name };
        Err(self.invalid(format!(
            "invalid marker `{found}`: expected a variable such as `python_version`, or a string in quotes"
        )))
    }

    fn comparison(&mut self) -> Result<(), Invalid> {
        let is_not_in = self.keyword("not");
        if self.keyword("in") {
            return Ok(());
        }
        if is_not_in || !OPERATORS.into_iter().any(|operator| self.accept(operator)) {
            return Err(self.invalid("expected an operator such as `>=` in the marker"));
        }
        Ok(())
    }

    /// Takes the word if it is next.
    fn keyword(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if ends {
            self.rest = rest;
        }
        ends
    }
}

/// Whether the operator accepts the version, as defined in PEP 440.
fn is_version(operator: &str, version: &str) -> bool {
    if operator == "===" {
        return true;
    }
    let is_equality = matches!(operator, "==" | "!=");
    let version = match version.strip_suffix(".*") {
        Some(prefix) if is_equality => prefix,
        _ => version,
    };
    let (public, local) = match version.split_once('+') {
        Some((public, local)) => (public, Some(local)),
        None => (version, None),
    };
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
    if local.is_some_and(|local| !is_equality || !local.split(['.', '-', '_']).all(is_part)) {
        return false;
    }
    let public = public.to_ascii_lowercase();
    let public = public.strip_prefix('v').unwrap_or(&public);
    let release = match public.split_once('!') {
        Some((epoch, rest)) if !epoch.is_empty() && epoch.chars().all(|c| c.is_ascii_digit()) => rest,
        Some(_) => return false,
        None => public,
    };
    let end = release.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(release.len());
    let (numbers, suffix) = release.split_at(end);
    let (numbers, suffix) = match numbers.strip_suffix('.') {
        // `1.0.dev1`: the dot belongs to the suffix.
        Some(numbers) if !suffix.is_empty() => (numbers, suffix),
        _ => (numbers, suffix),
    };
    let is_release = !numbers.is_empty() && numbers.split('.').all(|number| !number.is_empty());
    is_release && (operator != "~=" || numbers.contains('.')) && is_suffix(suffix)
}

/// Whether the text consists of a pre-release, a post-release and a development release, each optional.
fn is_suffix(mut rest: &str) -> bool {
    const PRE: [&str; 8] = ["alpha", "beta", "preview", "pre", "rc", "a", "b", "c"];
    let strip = |text: &'_ str, words: &[&str]| -> Option<usize> {
        let trimmed = text.trim_start_matches(['.', '-', '_']);
        let word = words.iter().find(|word| trimmed.starts_with(**word))?;
        let after = trimmed[word.len()..].trim_start_matches(['.', '-', '_']);
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
        Some(text.len() - after.len())
    };
    if let Some(length) = strip(rest, &PRE) {
        rest = &rest[length..];
    }
    if let Some(length) = strip(rest, &["post", "rev", "r"]) {
        rest = &rest[length..];
    } else if let Some(number) = rest.strip_prefix('-') {
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        if end > 0 {
            rest = &number[end..];
        }
    }
    if let Some(length) = strip(rest, &["dev"]) {
        rest = &rest[length..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also accepted by `packaging` 24.
    const VALID: [&str; 24] = [
        "pandas",
        "pandas==2.2.3",
        " pandas >= 2.2 , < 3 ",
        "pandas (>=2.2)",
        "pandas>=2,",
        "scikit-learn~=1.5.0",
        "ruamel.yaml!=0.17.*",
        "torch==2.4.0+cu121",
        "torch==2!1.0",
        "numpy>=2.0.0rc1",
        "numpy<2.0.0.dev0",
        "numpy==1.0-1",
        "numpy==1.0.post1",
        "numpy===any.thing",
        "pandas[excel, plot]>=2",
        "pandas[]",
        "pkg @ https://example.org/pkg-1.0.tar.gz",
        "pkg[extra]@git+https://example.org/pkg.git@main ; os_name == 'posix'",
        "pkg @ file:///tmp/pkg.whl",
        "tomli>=1; python_version < '3.11'",
        "a; (python_version >= '3.8' and os_name == \"nt\") or sys_platform not in 'linux darwin'",
        "a; extra == 'test'",
        "a; 'linux' in sys_platform",
        "a>=v1.0",
    ];

    #[test]
    fn valid_requirements_are_accepted() {
        for text in VALID {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    /// Also rejected by `packaging` 24, apart from `pandas@2.2`, which pip rejects.
    #[test]
    fn invalid_requirements_are_rejected() {
        for (text, problem, fixed) in [
            ("", "expected a package name, which starts and ends with a letter or digit", None),
            ("pandas=2.2.3", "unknown operator `=`", Some("pandas==2.2.3")),
            ("pandas = 2.2 ", "unknown operator `=`", Some("pandas==2.2")),
            ("pandas 2.2.3", "expected an operator such as `==` after `pandas`", Some("pandas==2.2.3")),
            ("pandas>=2<3", "expected `,` between the versions", Some("pandas>=2,<3")),
            ("pandas==", "expected a version after `==`", None),
            ("pandas==latest", "invalid version `latest`", None),
            ("pandas~=2", "invalid version `2`", None),
            ("pandas>=2.*", "invalid version `2.*`", None),
            ("pandas>=1.0+cpu", "invalid version `1.0+cpu`", None),
            ("pandas, numpy", "unexpected `, numpy`", None),
            ("pandas numpy", "unexpected `numpy`", None),
            ("pandas@2.2", "expected a URL after `@`", None),
            ("-r requirements.txt", "options of pip are not supported", None),
            ("git+https://example.org/a.git", "expected a package name before the `git+https` URL", None),
            ("./wheels/a.whl", "expected a package name, which starts and ends with a letter or digit", None),
            ("_pandas", "expected a package name, which starts and ends with a letter or digit", None),
            ("pandas[excel", "expected `]` after the extras", None),
            ("pandas[a b]", "expected `]` after the extras", None),
            ("pandas (>=2", "expected `)` after the versions", None),
            (
                "a; python_versoin > '3'",
                "invalid marker `python_versoin`: expected a variable such as `python_version`, or a string in quotes",
                None,
            ),
            ("a; python_version 3", "expected an operator such as `>=` in the marker", None),
            ("a; python_version > '3", "unterminated string in the marker", None),
            ("a; python_version > '3' os", "unexpected `os`", None),
        ] {
            let invalid = check(text).unwrap_err();
            assert_eq!((invalid.problem.as_str(), invalid.fixed.as_deref()), (problem, fixed), "{text}");
        }
    }
}
