//! The conformance set, run locally: every case must meet its expectations.
//!
//! Each case is a separate test called `GROUP::CASE`; `cargo test --test conformance TEXT` runs those whose name
//! contains the text.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use kfp_compiler::check::{self, Checked};
use kfp_model::{Document, TaskKind};
use kfp_runner::{
    Answer, ArgumentProblem, Cancel, Kind, Options, RunReport, State, TaskReport, ValueSource,
    read_arguments, read_value,
};
use libtest_mimic::{Arguments, Failed, Trial};
use tempfile::TempDir;
use tests::conformance::{Ending, Expected, Observed, ObservedTask, Run, differences, located};

/// The number of cases that run at the same time; their steps mostly wait.
const WORKERS: usize = 4;

const PROGRAM: &str = env!("CARGO_BIN_EXE_conformance");

fn conformance(arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn all() -> Vec<Expected> {
    serde_json::from_str(&conformance(&["expected"])).unwrap()
}

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(WORKERS);
    let fixture = Arc::new(Fixture::new());
    let trial = |case: Expected| {
        let fixture = Arc::clone(&fixture);
        Trial::test(format!("{}::{}", case.group, case.name), move || {
            every_case_ends_here_as_expected(&fixture, &case)
        })
    };
    let mut trials: Vec<Trial> = all().into_iter().map(trial).collect();
    let others: [(&str, fn()); 3] = [
        ("case_names_are_unique_and_listed", case_names_are_unique_and_listed),
        ("the_readme_names_existing_cases", the_readme_names_existing_cases),
        ("workflows_contain_what_pipelines_request", workflows_contain_what_pipelines_request),
    ];
    trials.extend(others.map(|(name, test)| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn case_names_are_unique_and_listed() {
    let cases = all();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    let local = cases.iter().filter(|case| case.local_only.is_some()).count();
    assert!(local <= 6, "{local} cases only run locally");
    let listed = conformance(&["list"]);
    assert_eq!(listed.lines().collect::<BTreeSet<_>>(), names);
    for case in &cases {
        assert!(!case.runs.is_empty(), "`{}` has no run", case.name);
    }
}

fn the_readme_names_existing_cases() {
    let cases: BTreeSet<String> = all().into_iter().map(|case| case.name).collect();
    let readme = fs::read_to_string(tests::workspace().join("README.md")).unwrap();
    // Rows of the feature table have four columns; the last one names cases.
    let columns = |row: &str| row.split(" | ").map(str::to_owned).collect::<Vec<_>>();
    let features: Vec<_> = readme
        .lines()
        .skip_while(|line| !line.ends_with("| cases |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(columns)
        .collect();
    assert!(features.len() > 20, "cannot find the feature table");
    for row in features {
        let named = row[3].split('`').skip(1).step_by(2);
        for name in named {
            assert!(cases.contains(name), "`{}` names the unknown case `{name}`", row[0]);
        }
    }
}

/// State shared by all cases.
struct Fixture {
    python: PathBuf,
    /// A copy of the binary with different bytes.
    other_program: PathBuf,
    /// The reason that container steps cannot run, if they cannot.
    no_containers: Option<String>,
    /// The interpreter for notebooks, created on first use; `None` if it cannot be created.
    notebooks: OnceLock<Option<PathBuf>>,
    _folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let other_program = folder.path().join("conformance");
        // A child that another thread is starting could hold the copy open for writing; no thread has been started
        // yet.
        fs::copy(PROGRAM, &other_program).unwrap();
        OpenOptions::new().append(true).open(&other_program).unwrap().write_all(b"other").unwrap();
        let found =
            Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
        let python = PathBuf::from(String::from_utf8(found.stdout).unwrap().trim());
        Self {
            python,
            other_program,
            no_containers: no_containers(),
            notebooks: OnceLock::new(),
            _folder: folder,
        }
    }
}

impl Fixture {
    /// Returns the interpreter for the Python steps of the case.
    fn python_of(&self, case: &Expected) -> Option<PathBuf> {
        if case.needs_notebooks {
            self.notebooks.get_or_init(|| with_notebooks(&self.python)).clone()
        } else {
            Some(self.python.clone())
        }
    }
}

/// Returns an interpreter that can run notebooks. It is created once, because the installation takes longer than
/// all cases together.
fn with_notebooks(python: &Path) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notebooks");
    let own = folder.join("bin/python");
    let succeeds = |program: &Path, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    let is_there = |program: &Path| succeeds(program, &["-c", "import nbclient, ipykernel"]);
    let install = || {
        succeeds(python, &["-m", "venv", folder.to_str()?])
            .then(|| succeeds(&own, &["-m", "pip", "install", "nbclient>=0.10,<1", "ipykernel>=6,<8"]))
    };
    if is_there(python) {
        return Some(python.to_owned());
    }
    (is_there(&own) || install()?).then_some(own.clone())
}

/// Returns the reason that container steps cannot run: no engine responds, or the image cannot be pulled.
fn no_containers() -> Option<String> {
    const IMAGE: &str = "busybox:1.36";
    let succeeds = |program: &str, arguments: &[&str]| {
        Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
    };
    let Some(engine) = ["docker", "podman"].into_iter().find(|program| succeeds(program, &["info"])) else {
        return Some("neither docker nor podman responds".to_owned());
    };
    let has_image = succeeds(engine, &["image", "inspect", IMAGE]) || succeeds(engine, &["pull", IMAGE]);
    (!has_image).then(|| format!("`{engine}` cannot pull the image `{IMAGE}`"))
}

fn every_case_ends_here_as_expected(fixture: &Fixture, case: &Expected) -> Result<(), Failed> {
    let skip = if case.needs_containers { fixture.no_containers.as_deref() } else { None };
    let lacks_notebooks = case.needs_notebooks && fixture.python_of(case).is_none();
    if let Some(reason) = skip.or(lacks_notebooks.then_some("cannot install nbclient")) {
        writeln!(std::io::stdout(), "skipped: {}::{}: {reason}", case.group, case.name)?;
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut lines = Vec::new();
    for (idx, run) in case.runs.iter().enumerate() {
        let found = observe(fixture, case, run, folder.path())
            .map_or_else(|problem| vec![problem], |observed| differences(run, &observed));
        lines.extend(found.into_iter().map(|line| format!("run {idx}: {line}")));
    }
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n").into()) }
}

fn observe(fixture: &Fixture, case: &Expected, run: &Run, folder: &Path) -> Result<Observed, String> {
    // Let cached results grow older; this does not wait for anything.
    thread::sleep(Duration::from_secs(run.pause_seconds));
    let document =
        Document::from_json(&conformance(&["export", &case.name])).map_err(|error| error.to_string())?;
    let pipeline = document.pipeline(&case.name).ok_or("no pipeline of that name")?;
    let outcome = check::check(&document, pipeline);
    let program = outcome.program.ok_or_else(|| format!("{:#?}", outcome.diagnostics))?;
    for (name, content) in &run.files {
        let path = folder.join(name);
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(|error| error.to_string())?;
        fs::write(path, content).map_err(|error| error.to_string())?;
    }
    let options = Options {
        approvals: answers(program.root(), &run.approvals)?,
        stores: BTreeMap::from([("lake".to_owned(), folder.join("lake"))]),
        secrets: sources(&run.secrets, &folder.join("secrets")),
        config_maps: sources(&run.config_maps, &folder.join("config-maps")),
        binary: Some(if run.other_program { fixture.other_program.clone() } else { PathBuf::from(PROGRAM) }),
        python: fixture.python_of(case).ok_or("no Python interpreter")?,
        cache_epoch: run.cache_epoch,
        parallelism: Some(4),
        ..Options::new(folder.join("store"))
    };
    let place = folder.display().to_string();
    let arguments =
        run.arguments.iter().map(|(name, value)| (name.clone(), located(value, &place))).collect();
    let arguments = match read_arguments(pipeline, &run.typed, arguments) {
        Ok(arguments) => arguments,
        Err(problems) => return Ok(refused(&problems)),
    };
    let report = kfp_runner::run(&program, arguments, &options, &Cancel::new(), |_| ());
    report
        .map(|report| observed_run(&report))
        .map_err(|error| format!("cannot start the run: {error}: {error:?}"))
}

/// Returns the outcome of a run that does not start because its arguments are invalid.
fn refused(problems: &[ArgumentProblem]) -> Observed {
    let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Observed {
        state: Ending::Failed,
        message: Some(messages.join("\n")),
        outputs: Some(BTreeMap::new()),
        tasks: BTreeMap::new(),
        problems: Vec::new(),
    }
}

/// Returns the typed answers, converted to the types of the approval's outputs.
fn answers(
    checked: &Checked<'_>,
    typed: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<BTreeMap<String, Answer>, String> {
    let mut answers = BTreeMap::new();
    for (task, texts) in typed {
        let approval = checked.nodes().find_map(|node| match &node.task.kind {
            TaskKind::Approval(approval) if node.task.name == *task => Some(approval),
            _ => None,
        });
        let approval = approval.ok_or_else(|| format!("no approval task `{task}`"))?;
        let read = |(name, text): (&String, &String)| {
            let output = approval
                .outputs
                .get(name)
                .ok_or_else(|| format!("the approval `{task}` has no output `{name}`"))?;
            let value = read_value(name, &output.r#type, text).map_err(|problem| problem.to_string())?;
            Ok::<_, String>((name.clone(), value))
        };
        let values = texts.iter().map(read).collect::<Result<_, _>>()?;
        answers.insert(task.clone(), Answer::Approved(values));
    }
    Ok(answers)
}

/// Writes values to files that the runner reads them from.
fn sources(values: &BTreeMap<String, String>, folder: &Path) -> BTreeMap<String, ValueSource> {
    let mut sources = BTreeMap::new();
    for (name, value) in values {
        let path = folder.join(name.replace('/', "-"));
        fs::create_dir_all(folder).unwrap();
        fs::write(&path, value).unwrap();
        sources.insert(name.clone(), ValueSource::File(path));
    }
    sources
}

/// Returns the outcome in the report, with the step names that expectations use.
fn observed_run(report: &RunReport) -> Observed {
    let kinds: BTreeMap<&str, Kind> =
        report.tasks.iter().map(|task| (task.path.as_str(), task.kind)).collect();
    let mut problems: Vec<String> =
        report.message.iter().map(|message| format!("message of the run: {message}")).collect();
    if report.state == State::Failed {
        problems.clear();
    }
    let mut tasks = BTreeMap::new();
    for task in report.tasks.iter().filter(|task| is_step(task.kind)) {
        let name = name_of(&task.path, &kinds);
        if tasks.insert(name.clone(), observed(task)).is_some() {
            problems.push(format!("{name}: two steps have this name"));
        }
    }
    Observed {
        state: ending(report.state),
        message: report.message.clone(),
        outputs: Some(report.outputs.clone()),
        tasks,
        problems,
    }
}

fn is_step(kind: Kind) -> bool {
    matches!(kind, Kind::Step | Kind::Approval | Kind::Import)
}

/// Returns the path without branches and their arms, loops and exit handlers.
fn name_of(path: &str, kinds: &BTreeMap<&str, Kind>) -> String {
    let mut names = Vec::new();
    let mut above = None;
    let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
    let mut start = 0;
    for end in ends {
        let segment = &path[start..end];
        start = end + 1;
        let kind = kinds.get(&path[..end]).copied();
        match (kind, above) {
            (Some(Kind::Loop | Kind::Branch | Kind::ExitHandler), _) | (None, Some(Kind::Branch)) => {}
            _ => names.push(segment.strip_prefix("exit.").unwrap_or(segment)),
        }
        above = kind;
    }
    names.join("/")
}

fn observed(task: &TaskReport) -> ObservedTask {
    ObservedTask {
        state: ending(task.state),
        outputs: task.outputs.clone(),
        attempts: Some(task.attempts),
        exit_code: task.exit_code,
        message: task.message.clone(),
    }
}

fn ending(state: State) -> Ending {
    match state {
        State::Succeeded => Ending::Succeeded,
        State::Cached => Ending::Cached,
        State::Failed => Ending::Failed,
        State::Skipped => Ending::Skipped,
        State::Omitted => Ending::Omitted,
        State::Cancelled => Ending::Cancelled,
        State::Error | State::Running | State::Interrupted => Ending::Error,
    }
}

/// Checks settings that local runs ignore in the workflow.
fn workflows_contain_what_pipelines_request() {
    for case in all().into_iter().filter(|case| !case.in_yaml.is_empty()) {
        let yaml = conformance(&["argo", &case.name, "--image", "image", "--python-image", "python"]);
        for text in &case.in_yaml {
            assert!(yaml.contains(text), "{}: missing `{text}` in\n{yaml}", case.name);
        }
    }
}
