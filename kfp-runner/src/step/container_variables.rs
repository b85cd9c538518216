//! Passes the variables of a step to its container, and never on a command line, which every user can read.
//!
//! A variable is set for the engine's own process, which passes it on by name. A variable that the engine would read
//! itself is passed in a file, as its value would change the behaviour of the engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::{Failure, private};

/// The maximum size of a value in a file, in bytes: engines limit the length of a line.
const MAX_SIZE: usize = 32 * 1024;

/// Passes the variables to the container that the command starts. `file` is written only if it is needed.
pub(super) fn pass(
    command: &mut Command,
    variables: BTreeMap<String, String>,
    file: &Path,
) -> Result<(), Failure> {
    let mut lines = String::new();
    for (name, value) in variables {
        if !is_read_by_engines(&name) {
            command.args(["--env", &name]).env(name, value);
        } else if value.contains(['\n', '\r']) || value.len() > MAX_SIZE || name.contains(char::is_whitespace)
        {
            return Err(Failure::error(format!(
                "cannot pass the variable `{name}` to a container: it has more than one line or more than {MAX_SIZE} \
                 bytes, and the container engine itself reads variables of this name"
            )));
        } else {
            lines.push_str(&format!("{name}={value}\n"));
        }
    }
    if !lines.is_empty() {
        private::write(file, &lines)
            .map_err(|error| Failure::error(format!("cannot write `{}`: {error}", file.display())))?;
        command.arg("--env-file").arg(file);
    }
    Ok(())
}

/// Returns whether the engine's own process would read the variable.
fn is_read_by_engines(name: &str) -> bool {
    const PREFIXES: [&str; 14] = [
        "DOCKER",
        "PODMAN",
        "CONTAINER",
        "_CONTAINER",
        "XDG_",
        "LD_",
        "LC_",
        "BUILDAH",
        "BUILDKIT",
        "STORAGE_",
        "OTEL_",
        "MOBY_",
        "LISTEN_",
        "DBUS_",
    ];
    const NAMES: [&str; 26] = [
        "PATH",
        "HOME",
        "TMPDIR",
        "TMP",
        "TEMP",
        "USER",
        "LOGNAME",
        "SHELL",
        "PWD",
        "LANG",
        "TZ",
        "TERM",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "ALL_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSH_AUTH_SOCK",
        "REGISTRY_AUTH_FILE",
        "NOTIFY_SOCKET",
        "GODEBUG",
        "GOTRACEBACK",
        "GOMAXPROCS",
        "GOGC",
        "GOMEMLIMIT",
    ];
    let upper = name.to_ascii_uppercase();
    NAMES.contains(&upper.as_str()) || PREFIXES.iter().any(|prefix| upper.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn passed(variables: &[(&str, &str)], file: &Path) -> Result<Command, Failure> {
        let mut command = Command::new("engine");
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        pass(&mut command, variables.collect(), file).map(|()| command)
    }

    #[test]
    fn values_are_not_on_the_command_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("variables");
        let variables = [
            ("A", "one\ntwo"),
            ("DOCKER_HOST", "tcp://x # \"y\""),
            ("GOOGLE_KEY", "{\n}"),
            ("PATH", "/bin"),
            ("https_proxy", ""),
        ];
        let command = passed(&variables, &file).unwrap();
        let args: Vec<&OsStr> = command.get_args().collect();
        assert_eq!(args, ["--env", "A", "--env", "GOOGLE_KEY", "--env-file", file.to_str().unwrap()]);
        let own: Vec<_> = command.get_envs().collect();
        assert_eq!(
            own,
            [("A", "one\ntwo"), ("GOOGLE_KEY", "{\n}")].map(|(n, v)| (OsStr::new(n), Some(OsStr::new(v))))
        );
        let written = fs::read_to_string(&file).unwrap();
        assert_eq!(written, "DOCKER_HOST=tcp://x # \"y\"\nPATH=/bin\nhttps_proxy=\n");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn variables_that_fit_neither_way_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("variables");
        for value in ["a\nb", "a\r", &"x".repeat(MAX_SIZE + 1)] {
            let failure = passed(&[("HOME", value)], &file).unwrap_err();
            assert!(failure.message.starts_with("cannot pass the variable `HOME`"), "{}", failure.message);
            assert!(!failure.message.contains(value));
        }
        passed(&[("A", "b")], &file).unwrap();
        assert!(!file.exists());
    }
}
