//! Python environments of local runs: the packages are the same whether uv or pip installs them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tests::Programs;

/// Every environment has pip, so nothing is downloaded.
const DOCUMENT: &str = "schema_version: 1
pipelines:
- name: environment
  root:
    tasks:
    - {id: it, name: it, kind: {call: {callee: {component: it}}}}
components:
  it:
    name: it
    outputs: {version: {type: string}}
    implementation:
      python:
        image: 'python:3.12'
        file: it.py
        function: it
        packages: [pip]
        source: |
          def it():
              import pip
              return pip.__version__
";

/// A folder with a document, an interpreter without packages and a program `uv`, which records its arguments.
struct Ground {
    folder: tempfile::TempDir,
    python: PathBuf,
}

impl Ground {
    fn new(uv: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bare = folder.path().join("bare");
        let created =
            Command::new("python3").args(["-m", "venv", "--without-pip"]).arg(&bare).status().unwrap();
        assert!(created.success());
        fs::write(folder.path().join("document.yaml"), DOCUMENT).unwrap();
        let path = folder.path().join("bin/uv");
        fs::create_dir(path.parent().unwrap()).unwrap();
        let log = folder.path().join("uv.log");
        fs::write(&path, format!("#!/bin/sh\necho \"$@\" UV_INDEX=$UV_INDEX > {}\n{uv}\n", log.display()))
            .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self { python: bare.join("bin/python"), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the pipeline, without settings of pip other than the given ones.
    fn run(&self, variables: &[(&str, &str)]) -> Output {
        let mut command = Programs::get().kfpc(self.folder.path());
        command.args(["run", "document.yaml", "--python"]).arg(&self.python);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PIP_")) {
            command.env_remove(name);
        }
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        let output = command
            .env("PATH", path)
            .env("PIP_CONFIG_FILE", "/dev/null")
            .env("UV_INDEX", "https://example.com/simple")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output));
        output
    }

    /// Returns the only complete environment.
    fn environment(&self) -> PathBuf {
        let complete = |path: &PathBuf| path.join("kfpc-complete").is_file();
        let environments: Vec<PathBuf> = fs::read_dir(self.path(".kfp/venvs"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(complete)
            .collect();
        assert_eq!(environments.len(), 1, "{environments:?}");
        environments[0].clone()
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn arguments(log: &Path) -> String {
    fs::read_to_string(log).unwrap()
}

#[test]
fn uv_installs_packages_in_the_same_environment() {
    let ground = Ground::new("exit 0");
    ground.run(&[]);
    let environment = ground.environment();
    let expected = format!(
        "pip install --no-config --compile-bytecode --python {}/bin/python -- pip UV_INDEX=\n",
        environment.canonicalize().unwrap().display()
    );
    assert_eq!(arguments(&ground.path("uv.log")), expected);

    // With other settings of pip, uv might install other packages. The environment is the same.
    fs::remove_file(ground.path("uv.log")).unwrap();
    fs::remove_dir_all(ground.path(".kfp")).unwrap();
    ground.run(&[("PIP_INDEX_URL", "https://example.com/simple")]);
    assert!(!ground.path("uv.log").exists());
    assert_eq!(ground.environment().file_name(), environment.file_name());
}

#[test]
fn pip_installs_packages_that_uv_cannot_install() {
    let ground = Ground::new("echo 'error: no solution' >&2; exit 1");
    let output = ground.run(&[]);
    assert!(ground.path("uv.log").exists());
    let expected = "uv could not install the packages, so pip installs them: error: no solution";
    assert!(text(&output).contains(expected), "{}", text(&output));
    ground.environment();
}
