//! Installs packages with uv, which is faster than pip, if both would install the same packages.
//!
//! uv is not used if pip has settings that uv does not read, such as another index: a package of the same name from
//! another index may be a different one. Settings of uv are ignored for the same reason.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::withhold;

/// Settings of pip that do not affect which packages are installed.
const HARMLESS: [&str; 16] = [
    "break-system-packages",
    "cache-dir",
    // Its settings are listed too.
    "config-file",
    "debug",
    "default-timeout",
    "disable-pip-version-check",
    "no-cache-dir",
    "no-color",
    "no-input",
    "no-warn-script-location",
    "progress-bar",
    "quiet",
    "retries",
    "root-user-action",
    "timeout",
    "verbose",
];

/// The variables of uv that are kept: where it caches packages.
const KEPT: [&str; 1] = ["UV_CACHE_DIR"];

/// The program `uv`.
#[derive(Debug)]
pub(super) struct Uv(PathBuf);

impl Uv {
    /// Returns `uv` of `PATH`, if pip of the interpreter has no setting that affects which packages are installed.
    /// pip does not inherit the withheld variables.
    pub(super) fn find(python: &Path, withheld: &[String]) -> Option<Self> {
        let uv = in_path(&env::var_os("PATH")?)?;
        let mut pip = Command::new(python);
        withhold(&mut pip, withheld);
        let output = pip.args(["-m", "pip", "config", "list"]).stdin(Stdio::null()).output().ok()?;
        (output.status.success() && are_harmless(&output.stdout)).then_some(Self(uv))
    }

    /// Returns the command that installs packages in the environment of the interpreter.
    pub(super) fn install(&self, python: &Path, index: Option<&str>, packages: &[String]) -> Command {
        let mut command = Command::new(&self.0);
        for (name, _) in env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        if let Some(index) = index {
            // Other users can read arguments, and the index may contain credentials. Older versions read the second.
            command.env("UV_DEFAULT_INDEX", index).env("UV_INDEX_URL", index);
        }
        // Like pip, it compiles the modules, so that steps do not have to.
        command.args(["pip", "install", "--no-config", "--compile-bytecode", "--python"]).arg(python);
        command.arg("--").args(packages);
        command
    }
}

/// Returns the program `uv` in one of the folders. Relative folders are ignored.
fn in_path(folders: &OsStr) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| {
        path.is_absolute()
            && path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    env::split_paths(folders).map(|folder| folder.join("uv")).find(is_program)
}

/// Returns whether all settings that `pip config list` printed are harmless. They are lines such as
/// `:env:.no-cache-dir='1'` and `global.index-url='https://…'`.
fn are_harmless(settings: &[u8]) -> bool {
    let key = |line: &str| {
        let (name, _) = line.split_once('=')?;
        Some(name.rsplit_once('.').map_or(name, |(_, key)| key).to_owned())
    };
    let text = String::from_utf8_lossy(settings);
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .all(|line| key(line).is_some_and(|key| HARMLESS.contains(&key.as_str())))
}

fn is_setting(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("UV_") && !KEPT.contains(&name))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_settings_that_do_not_affect_packages_are_harmless() {
        for (settings, is_harmless) in [
            ("", true),
            (":env:.disable-pip-version-check='1'\nglobal.no-cache-dir='true'\n", true),
            (":env:.index-url='https://example.com/simple'\n", false),
            ("global.timeout='60'\nuser.extra-index-url='a=b.c'\n", false),
            ("install.find-links='/wheels'\n", false),
            ("something else\n", false),
        ] {
            assert_eq!(are_harmless(settings.as_bytes()), is_harmless, "{settings}");
        }
    }

    #[test]
    fn uv_is_an_executable_file_in_an_absolute_folder() {
        let folder = tempfile::tempdir().unwrap();
        for (name, mode) in [("data", 0o644), ("first", 0o755), ("second", 0o755)] {
            let path = folder.path().join(name).join("uv");
            fs::create_dir(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir_all(folder.path().join("folder/uv")).unwrap();
        let folders = ["missing", "data", "folder", "first", "second"].map(|name| folder.path().join(name));
        let found = in_path(&env::join_paths(folders).unwrap());
        assert_eq!(found, Some(folder.path().join("first/uv")));
        assert_eq!(in_path(OsStr::new(".:bin")), None);
    }

    #[test]
    fn the_index_is_not_an_argument_and_settings_of_uv_are_removed() {
        let packages = ["pandas==2.2.3".to_owned()];
        let index = Some("https://user:secret@example.com/simple");
        let command = Uv(PathBuf::from("/bin/uv")).install(Path::new("/venv/bin/python"), index, &packages);
        let arguments: Vec<&str> = command.get_args().map(|argument| argument.to_str().unwrap()).collect();
        let expected = [
            "pip",
            "install",
            "--no-config",
            "--compile-bytecode",
            "--python",
            "/venv/bin/python",
            "--",
            &packages[0],
        ];
        assert_eq!(arguments, expected);
        let set: Vec<_> = command.get_envs().filter(|(_, value)| value.is_some()).collect();
        assert_eq!(
            set,
            ["UV_DEFAULT_INDEX", "UV_INDEX_URL"].map(|name| (OsStr::new(name), index.map(OsStr::new)))
        );
        for (name, is_removed) in
            [("UV_INDEX", true), ("UV_CACHE_DIR", false), ("UVX", false), ("PATH", false)]
        {
            assert_eq!(is_setting(&OsString::from(name)), is_removed, "{name}");
        }
    }
}
