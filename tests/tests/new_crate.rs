//! `kfpc new`: the crates that it creates work, and refusals leave nothing behind.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kfp_compiler::lower::BINARY;
use serde_json::Value;
use tests::{Programs, workspace};

fn kfpc(folder: &Path, arguments: &[&str]) -> Output {
    Programs::get().kfpc(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn succeed(output: Output) -> String {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// Crates in a folder with the settings of this workspace's own builds, so that cargo reuses what these compiled.
struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Programs::get().kfpc.parent().unwrap().parent().unwrap().to_owned();
        let settings = format!(
            "[build]\ntarget-dir = {}\n[net]\noffline = true\n[profile.dev]\ndebug = \"line-tables-only\"\n\
             [profile.dev.package.sha2]\nopt-level = 3\n",
            toml_string(&target)
        );
        fs::create_dir(folder.path().join(".cargo")).unwrap();
        fs::write(folder.path().join(".cargo/config.toml"), settings).unwrap();
        Self { folder }
    }

    /// Creates a crate, with the locked versions of this workspace.
    fn create(&self, name: &str, arguments: &[&str]) -> PathBuf {
        let sdk = workspace().to_str().unwrap();
        let arguments = [&["new", name, "--sdk-path", sdk], arguments].concat();
        let output = kfpc(self.folder.path(), &arguments);
        let messages = text(&output.stderr);
        succeed(output);
        assert!(messages.starts_with(&format!("Created `{name}`\n")), "{messages}");
        let note = format!("note: the SDK in `{sdk}` only exists on this machine");
        assert!(messages.contains(&note), "{messages}");
        let path = self.folder.path().join(name);
        fs::copy(workspace().join("Cargo.lock"), path.join("Cargo.lock")).unwrap();
        path
    }
}

fn toml_string(path: &Path) -> String {
    Value::from(path.to_str().unwrap()).to_string()
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(folder).output().unwrap();
    let messages = text(&output.stderr);
    assert!(!messages.contains("warning"), "{messages}");
    output
}

/// One test for all that requires a build, so that crates share their dependencies.
#[test]
fn new_crates_work() {
    let ground = Ground::new();
    let both = ground.create("train-models", &[]);
    let tested = succeed(cargo(&both, &["test", "--quiet"]));
    assert!(tested.contains("3 passed"), "{tested}");
    succeed(cargo(&both, &["fmt", "--check"]));

    checks_runs_and_compiles(&both, "train-models");
    ci_succeeds(&both);
    image_has_the_binary(&both, "train-models");
    from_other_folders(ground.folder.path(), &both);

    for (name, flag) in [("in-python", "--python"), ("in-rust", "--rust")] {
        let folder = ground.create(name, &[flag]);
        assert_eq!(folder.join("components").exists(), flag == "--python");
        succeed(cargo(&folder, &["test", "--quiet"]));
        succeed(cargo(&folder, &["fmt", "--check"]));
        let report = succeed(kfpc(&folder, &["run", "--format", "json", "-p", "rows=20"]));
        assert!(report.contains("\"state\": \"Succeeded\""), "{report}");
        succeed(kfpc(&folder, &["compile", "--out", "workflows"]));
        assert!(folder.join(format!("workflows/{name}.yaml")).is_file());
        ci_succeeds(&folder);
        if flag == "--rust" {
            image_has_the_binary(&folder, name);
        }
    }
}

/// The commands use the crate in the current folder, and in folders below it.
fn checks_runs_and_compiles(crate_folder: &Path, name: &str) {
    let output = kfpc(crate_folder, &["check", "--deny", "warnings", "--format", "github"]);
    assert_eq!(text(&output.stdout), "", "no annotations");
    succeed(output);
    let report = succeed(kfpc(crate_folder, &["run", "--format", "json", "-p", "rows=50"]));
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["state"], "Succeeded");
    assert!(report["outputs"]["output"].as_f64().unwrap() > 0.9, "{report}");
    let task = |name: &str| report["tasks"].as_array().unwrap().iter().find(|task| task["name"] == name);
    assert_eq!(task("publish-model").unwrap()["state"], "Succeeded");
    assert!(succeed(kfpc(&crate_folder.join("src"), &["describe"])).contains("threshold"));
    assert!(succeed(kfpc(crate_folder, &["graph"])).contains("publish-model"));

    // What CI checks, before and after the workflow is committed.
    let check = ["compile", "--check", "--out", "workflows"];
    let output = kfpc(crate_folder, &check);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), format!("stale: workflows/{name}.yaml\n  the file does not exist\n"));
    succeed(kfpc(crate_folder, &["compile", "--out", "workflows"]));
    succeed(kfpc(crate_folder, &check));
    succeed(kfpc(crate_folder, &["check", "workflows"]));
}

/// Runs the commands of the CI workflow, except the installation of kfpc.
fn ci_succeeds(crate_folder: &Path) {
    let ci = fs::read_to_string(crate_folder.join(".github/workflows/ci.yml")).unwrap();
    let ci: Value = serde_saphyr::from_str(&ci).unwrap();
    let bin = Programs::get().kfpc.parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let mut commands = Vec::new();
    for step in ci["jobs"]["test"]["steps"].as_array().unwrap() {
        let Some(command) = step["run"].as_str() else {
            let action = step["uses"].as_str().unwrap();
            assert!(action.starts_with("actions/") && action.contains("@v"), "{action}");
            continue;
        };
        commands.push(command);
        if step["name"] == "Install kfpc" {
            let package = workspace().join("kfpc");
            assert_eq!(command, format!("cargo install --locked --path {}", package.display()));
            continue;
        }
        let mut shell = Command::new("sh");
        let output =
            shell.args(["-ec", command]).current_dir(crate_folder).env("PATH", &path).output().unwrap();
        assert!(output.status.success(), "{command}: {}{}", text(&output.stdout), text(&output.stderr));
    }
    assert_eq!(commands.len(), 4, "{commands:?}");
}

/// Checks what can be checked of the image without building it.
fn image_has_the_binary(crate_folder: &Path, name: &str) {
    let read = |file: &str| fs::read_to_string(crate_folder.join(file)).unwrap();
    let dockerfile = read("Dockerfile");
    let instructions: Vec<Vec<&str>> = dockerfile
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_whitespace().collect())
        .collect();
    let built = format!("/build/target/release/{name}");
    assert!(instructions.contains(&vec!["COPY", "--from=build", &built, BINARY]), "{dockerfile}");
    assert!(instructions.contains(&vec!["RUN", "cargo", "build", "--locked", "--release"]), "{dockerfile}");
    assert!(instructions.contains(&vec!["WORKDIR", "/build"]), "{dockerfile}");
    // A binary needs the C library of the release that it was built on, or a newer one.
    let releases: Vec<&str> = instructions
        .iter()
        .filter(|words| words[0] == "FROM")
        .map(|words| words[1].split('-').find(|word| word.ends_with("trixie")).unwrap())
        .map(|release| release.rsplit(':').next().unwrap())
        .collect();
    assert_eq!(releases, ["trixie", "trixie"], "{dockerfile}");
    // What cargo needs is in the context of the build.
    let ignored: Vec<String> = read(".dockerignore").lines().map(str::to_owned).collect();
    assert_eq!(ignored, [".git", ".kfp", "target"]);
    assert!(!read(".gitignore").contains("Cargo.lock"));
    // The package has one binary, with the name of the package.
    assert!(read("Cargo.toml").contains(&format!("name = \"{name}\"")));
    assert!(crate_folder.join("src/main.rs").is_file() && !crate_folder.join("src/bin").exists());
    let image = format!("image = \"{name}:0.1.0\"");
    assert!(read("kfpc.toml").contains(&image) && read("kfpc.toml").contains(&format!("-t {name}:0.1.0 .")));
}

/// Returns the files of a new crate: their paths and texts.
fn files_of_new_crate(flags: &[&str]) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let sdk = ["--sdk-git", "https://example.com/team/kfpc", "--quiet"];
    succeed(kfpc(folder.path(), &[&["new", "train-models"], &sdk[..], flags].concat()));
    let root = folder.path().join("train-models");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

/// The first snapshot has all files, the others have the files that differ from it.
#[test]
fn the_files_are_as_reviewed() {
    let both = files_of_new_crate(&[]);
    for (snapshot, flags) in [("new", &[][..]), ("new-python", &["--python"]), ("new-rust", &["--rust"])] {
        let files = files_of_new_crate(flags);
        let mut report: String = files.keys().map(|name| format!("{name}\n")).collect();
        for (name, text) in &files {
            if flags.is_empty() || both.get(name) != Some(text) {
                report.push_str(&format!("\n=== {name}\n{text}"));
            }
        }
        insta::with_settings!({
            snapshot_path => "snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(snapshot, report);
        });
    }
}

/// Paths of the crate are not a SOURCE: the error says which command to type.
fn from_other_folders(around: &Path, crate_folder: &Path) {
    for (folder, arguments, help) in [
        (crate_folder, &["run", "src/main.rs"][..], "leave out SOURCE to build and use the current package"),
        (crate_folder, &["run", "."], "leave out SOURCE to use the package in the current folder"),
        (crate_folder, &["graph", "Cargo.toml"], "leave out SOURCE to use the package in the current folder"),
        (crate_folder, &["compile", "components/train.py"], "run `kfpc bind components/train.py`"),
        (around, &["run", "train-models"], "run the command in `train-models` without SOURCE"),
        (around, &["check"], "pass a pipeline binary or a pipeline document, or run `kfpc new NAME`"),
    ] {
        let output = kfpc(folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let messages = text(&output.stderr);
        assert!(messages.contains(&format!("help: {help}")), "{arguments:?}: {messages}");
    }
    // A folder is scanned and its package is not built, which a note reports.
    let output = kfpc(crate_folder, &["check", "."]);
    assert!(output.status.success());
    let messages = text(&output.stderr);
    assert!(
        messages
            .contains("the pipelines of the cargo package in `.` are not checked\nhelp: leave out SOURCE"),
        "{messages}"
    );
}

#[test]
fn a_crate_from_a_git_repository_names_it() {
    let folder = tempfile::tempdir().unwrap();
    succeed(kfpc(folder.path(), &["new", "a", "--sdk-git", "https://example.com/team/kfpc", "--quiet"]));
    let read = |name: &str| fs::read_to_string(folder.path().join("a").join(name)).unwrap();
    assert!(read("Cargo.toml").contains("kfp-sdk = { git = \"https://example.com/team/kfpc\" }"));
    let ci = read(".github/workflows/ci.yml");
    for step in [
        "run: cargo install --locked --git https://example.com/team/kfpc kfpc\n",
        "run: cargo test --locked\n",
        "run: kfpc check --format github\n",
        "run: kfpc compile --check --out workflows\n",
    ] {
        assert!(ci.contains(step), "{ci}");
    }
}

/// While the SDK is not published, its location is an argument.
#[test]
fn the_location_of_the_sdk_is_required() {
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    if !manifest.contains("repository = \"\"\n") {
        eprintln!("skipped: the repository of the SDK is known");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = kfpc(folder.path(), &["new", "a"]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "error: cannot find the SDK: this build of kfpc does not know its repository\nhelp: pass `--sdk-git \
                    URL`, or `--sdk-path PATH` with a checkout of the repository\n";
    assert_eq!(text(&output.stderr), expected);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn refusals_leave_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("taken")).unwrap();
    fs::write(folder.path().join("taken/file"), "").unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let sdk = ["--sdk-git", "https://example.com/kfpc"];
    for (arguments, error, help) in [
        (
            &["new", "taken", sdk[0], sdk[1]][..],
            "cannot create `taken`: it already exists",
            "choose another name",
        ),
        (&["new", "file", sdk[0], sdk[1]], "cannot create `file`: it already exists", "choose another name"),
        (
            &["new", "Train Model", sdk[0], sdk[1]],
            "invalid crate name `Train Model`: expected",
            "use `train-model`",
        ),
        (
            &["new", "match", sdk[0], sdk[1]],
            "invalid crate name `match`: it is a keyword",
            "use `match-pipeline`",
        ),
        (&["new", "gone/a", sdk[0], sdk[1]], "cannot create `gone/a`: the folder `gone` does not exist", ""),
        (
            &["new", "a", "--sdk-path", "taken"],
            "invalid SDK path `taken`: it does not contain",
            "pass the root",
        ),
        (&["new", "a", "--sdk-git", "https://a b"], "invalid Git URL `https://a b`", ""),
        (&["new", "a", "--python", "--rust"], "'--python' cannot be used with '--rust'", ""),
    ] {
        let output = kfpc(folder.path(), arguments);
        let messages = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {messages}");
        assert!(messages.contains(error) && messages.contains(help), "{arguments:?}: {messages}");
    }
    let mut names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["file", "taken"]);
    assert_eq!(fs::read_dir(folder.path().join("taken")).unwrap().count(), 1);
}
