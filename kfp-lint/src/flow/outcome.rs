//! The possible outcomes of tasks, and which tasks run after them.
//!
//! The analysis evaluates each task for every outcome of the tasks before it, so that a rule can ask whether it runs
//! after one of them failed or was omitted. What is unknown is assumed to be possible. If the analysis would take too
//! long, such as for thousands of tasks that run after failures, nothing is reported.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, HashMap, HashSet};

use kfp_argo::depends::{Dependency, Depends, Outcome};

use super::exclusive::Conditions;
use super::graph::Graph;
use crate::view::{Task, TemplateKind};

/// A set of outcomes of a task, as bits.
pub(crate) type OutcomeSet = u8;

pub(crate) const SUCCEEDED: OutcomeSet = 1;
pub(crate) const FAILED: OutcomeSet = 1 << 1;
pub(crate) const ERRORED: OutcomeSet = 1 << 2;
pub(crate) const SKIPPED: OutcomeSet = 1 << 3;
pub(crate) const OMITTED: OutcomeSet = 1 << 4;
pub(crate) const DAEMONED: OutcomeSet = 1 << 5;

/// The maximum number of visited tasks and edges per graph, enough for a few thousand tasks.
const WORK: usize = 50_000_000;

/// The condition under which a task runs.
#[derive(Debug, PartialEq)]
enum Formula {
    /// The task has one of these outcomes.
    Ended(usize, OutcomeSet),
    /// May be true or false.
    Unknown,
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// Whether a condition may be true, and whether it may be false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Possible {
    yes: bool,
    no: bool,
}

/// The condition under which a task runs, and the tasks that it mentions several times.
///
/// If each task is mentioned once, outcomes are evaluated independently. A task that is mentioned several times is
/// evaluated once per outcome, in all places at once.
#[derive(Debug)]
struct Rule {
    formula: Formula,
    repeated: Vec<usize>,
}

/// The maximum number of repeated tasks to evaluate per outcome. Beyond it, the result is an overestimate.
const MAX_REPEATED: usize = 5;

/// The possible outcomes of the tasks of a template.
#[derive(Debug)]
pub(crate) struct TaskOutcomes {
    rules: Vec<Rule>,
    conditions: Conditions,
    /// The tasks in topological order.
    order: Vec<usize>,
    /// The position of each task in the order.
    position: Vec<usize>,
    /// The possible outcomes of each task.
    ends: Vec<OutcomeSet>,
    /// The possible outcomes of each task if no task fails.
    without_failures: OnceCell<Vec<OutcomeSet>>,
    is_plain: bool,
    /// The number of tasks and edges.
    size: usize,
    work: Cell<usize>,
}

impl TaskOutcomes {
    /// Analyzes the graph; `None` if it has a cycle.
    pub(crate) fn of(graph: &Graph<'_, '_>) -> Option<Self> {
        let order = graph.order()?;
        let rules: Vec<Rule> =
            graph.template.tasks.iter().map(|task| Rule::of(formula(graph, task))).collect();
        let whens = graph.template.tasks.iter().map(|task| task.when()?.text());
        let conditions = Conditions::of(whens);
        let mut position = vec![0; order.len()];
        for (idx, task) in order.iter().enumerate() {
            position[*task] = idx;
        }
        let is_plain = rules.iter().all(|rule| rule.formula.is_plain());
        let size = rules.len() + graph.edges.len();
        let (without_failures, work) = (OnceCell::new(), Cell::new(0));
        let mut outcomes = Self {
            rules,
            conditions,
            order,
            position,
            ends: Vec::new(),
            without_failures,
            is_plain,
            size,
            work,
        };
        outcomes.ends = outcomes.follow(graph, None, 0);
        Some(outcomes)
    }

    /// Returns whether every task runs only if all of its dependencies succeed, which is the usual case.
    pub(crate) fn are_plain(&self) -> bool {
        self.is_plain
    }

    /// Returns whether the graph is small enough to evaluate every outcome of every task.
    pub(crate) fn can_follow_all(&self) -> bool {
        self.size.saturating_mul(2 * self.rules.len()) <= WORK
    }

    /// Returns the possible outcomes of the task if no task fails.
    pub(crate) fn ends_without_failures(&self, graph: &Graph<'_, '_>, task: usize) -> OutcomeSet {
        let without_failures =
            self.without_failures.get_or_init(|| self.follow(graph, None, FAILED | ERRORED | DAEMONED));
        of(without_failures, task)
    }

    /// Returns the possible outcomes of the task.
    pub(crate) fn ends(&self, task: usize) -> OutcomeSet {
        of(&self.ends, task)
    }

    /// Returns whether the condition of the task may be true for these outcomes of the tasks before it.
    pub(crate) fn may_start(&self, task: usize, ends: &dyn Fn(usize) -> OutcomeSet) -> bool {
        self.rules.get(task).is_none_or(|rule| rule.evaluate(ends).yes)
    }

    /// Returns which of the wanted outcomes the task may have when the later task runs.
    pub(crate) fn ends_before(
        &self,
        graph: &Graph<'_, '_>,
        before: usize,
        runs: usize,
        wanted: OutcomeSet,
    ) -> OutcomeSet {
        if graph.template.is(TemplateKind::Steps) {
            return of_step(&graph.template.tasks[before]) & wanted;
        }
        // In a plain graph, nothing runs after a failed or omitted task.
        let possible = if self.is_plain { wanted & !(FAILED | ERRORED | OMITTED) } else { wanted };
        let ways = self.ways(before).filter(|way| possible & way != 0);
        ways.filter(|way| self.may_run(graph, (before, *way), runs)).fold(0, |acc, way| acc | way)
    }

    /// Returns whether the task may run after the fixed outcome of an earlier task. Only the tasks between them are
    /// evaluated.
    fn may_run(&self, graph: &Graph<'_, '_>, fixed: (usize, OutcomeSet), runs: usize) -> bool {
        let (before, way) = fixed;
        // If the task did not run, nothing follows for mutually exclusive tasks.
        let excludes = way & (SKIPPED | OMITTED) == 0 && graph.template.tasks[before].when().is_some();
        let mut between = HashSet::new();
        let mut open = vec![runs];
        while let Some(task) = open.pop() {
            self.rules[task].formula.for_each_task(&mut |earlier| {
                self.work.set(self.work.get() + 1);
                let counts = earlier == before || excludes || graph.is_before(before, earlier);
                if counts && between.insert(earlier) && earlier != before {
                    open.push(earlier);
                }
            });
            if self.work.get() > WORK {
                return false;
            }
        }
        let mut between: Vec<usize> = between.into_iter().collect();
        between.sort_unstable_by_key(|task| self.position[*task]);
        let mut ends: HashMap<usize, OutcomeSet> = HashMap::new();
        for task in between {
            let changed = self.end(graph, task, Some(fixed), 0, &|task| self.changed(&ends, task));
            ends.insert(task, changed);
        }
        self.rules[runs].evaluate(&|task| self.changed(&ends, task)).yes
    }

    fn changed(&self, ends: &HashMap<usize, OutcomeSet>, task: usize) -> OutcomeSet {
        ends.get(&task).copied().unwrap_or_else(|| of(&self.ends, task))
    }

    /// Returns a task that may run after one of these outcomes. Invalid conditions are reported elsewhere and ignored
    /// here.
    pub(crate) fn runs_after(&self, graph: &Graph<'_, '_>, before: usize, ways: OutcomeSet) -> Option<usize> {
        self.ways(before).filter(|way| ways & way != 0).find_map(|way| {
            let ends = self.follow(graph, Some((before, way)), 0);
            let runs = |rule: &Rule| rule.formula.is_known() && rule.evaluate(&|task| of(&ends, task)).yes;
            (0..self.rules.len()).find(|after| runs(&self.rules[*after]) && graph.is_before(before, *after))
        })
    }

    /// Returns each possible outcome of the task.
    fn ways(&self, task: usize) -> impl Iterator<Item = OutcomeSet> + use<> {
        let all = self.ends.get(task).copied().unwrap_or_default();
        (0..8).map(|bit| 1 << bit).filter(move |way| all & way != 0)
    }

    /// Returns the outcomes of all tasks, given a fixed outcome of one task and outcomes that do not occur.
    fn follow(
        &self,
        graph: &Graph<'_, '_>,
        fixed: Option<(usize, OutcomeSet)>,
        none: OutcomeSet,
    ) -> Vec<OutcomeSet> {
        let mut ends = vec![0; self.rules.len()];
        for idx in &self.order {
            ends[*idx] = self.end(graph, *idx, fixed, none, &|task| of(&ends, task));
        }
        ends
    }

    /// Returns the possible outcomes of a task, given those of its dependencies.
    fn end(
        &self,
        graph: &Graph<'_, '_>,
        idx: usize,
        fixed: Option<(usize, OutcomeSet)>,
        none: OutcomeSet,
        ends: &dyn Fn(usize) -> OutcomeSet,
    ) -> OutcomeSet {
        let result = self.rules[idx].evaluate(ends);
        let runs = if result.yes { run(&graph.template.tasks[idx]) & !none } else { 0 };
        let end = runs | if result.no { OMITTED } else { 0 };
        match fixed {
            Some((task, way)) if task == idx => end & way,
            Some((task, way)) if way & (SKIPPED | OMITTED) == 0 && self.conditions.exclude(task, idx) => {
                end & (SKIPPED | OMITTED)
            }
            _ => end,
        }
    }
}

fn of(ends: &[OutcomeSet], task: usize) -> OutcomeSet {
    ends.get(task).copied().unwrap_or_default()
}

/// Returns the possible outcomes of a task that is not omitted.
fn run(task: &Task<'_>) -> OutcomeSet {
    let skipped = if task.when().is_some() { SKIPPED } else { 0 };
    SUCCEEDED | FAILED | ERRORED | DAEMONED | skipped
}

/// Returns the outcomes of a step after which the next group runs.
fn of_step(step: &Task<'_>) -> OutcomeSet {
    let failed = if step.continues_on("failed") { FAILED } else { 0 };
    let errored = if step.continues_on("error") { ERRORED } else { 0 };
    (run(step) & !(FAILED | ERRORED)) | failed | errored
}

fn formula(graph: &Graph<'_, '_>, task: &Task<'_>) -> Formula {
    match task.depends() {
        Some(depends) => {
            let text = depends.text().unwrap_or_default();
            Depends::read(text).map_or(Formula::Unknown, |depends| of_depends(graph, depends))
        }
        None => {
            let before = task.dependencies().filter_map(|dependency| graph.task(dependency.text()?));
            Formula::all_of(before.map(|before| bare(graph, before)).collect())
        }
    }
}

/// Returns the condition of a task name without a result.
fn bare(graph: &Graph<'_, '_>, task: usize) -> Formula {
    let written = &graph.template.tasks[task];
    let failed = if written.continues_on("failed") { FAILED } else { 0 };
    let errored = if written.continues_on("error") { ERRORED } else { 0 };
    Formula::Ended(task, SUCCEEDED | SKIPPED | DAEMONED | failed | errored)
}

fn of_depends(graph: &Graph<'_, '_>, depends: Depends) -> Formula {
    let all = |all: Vec<Depends>| all.into_iter().map(|each| of_depends(graph, each)).collect();
    match depends {
        Depends::Ended(dependency) => ended(graph, &dependency),
        Depends::Not(inner) => Formula::Not(Box::new(of_depends(graph, *inner))),
        Depends::All(conditions) => Formula::all_of(all(conditions)),
        Depends::Any(conditions) => Formula::any_of(all(conditions)),
    }
}

/// Returns the condition of a task name with an optional result. Results of loops are unknown.
fn ended(graph: &Graph<'_, '_>, dependency: &Dependency) -> Formula {
    let Some(task) = graph.task(&dependency.task) else { return Formula::Unknown };
    match dependency.outcome {
        None => bare(graph, task),
        Some(Outcome::Succeeded) => Formula::Ended(task, SUCCEEDED),
        Some(Outcome::Failed) => Formula::Ended(task, FAILED),
        Some(Outcome::Errored) => Formula::Ended(task, ERRORED),
        Some(Outcome::Skipped) => Formula::Ended(task, SKIPPED),
        Some(Outcome::Omitted) => Formula::Ended(task, OMITTED),
        Some(Outcome::Daemoned) => Formula::Ended(task, DAEMONED),
        Some(Outcome::AnySucceeded | Outcome::AllFailed) => Formula::Unknown,
    }
}

impl Rule {
    fn of(formula: Formula) -> Self {
        let mut named = Vec::new();
        formula.for_each_task(&mut |task| named.push(task));
        named.sort_unstable();
        let mut repeated: Vec<usize> =
            named.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.dedup();
        Self { formula, repeated }
    }

    fn evaluate(&self, ends: &dyn Fn(usize) -> OutcomeSet) -> Possible {
        let roughly = self.formula.evaluate(ends);
        let repeated: Vec<usize> =
            self.repeated.iter().copied().filter(|task| ends(*task).count_ones() > 1).collect();
        if roughly.is_certain() || repeated.is_empty() || repeated.len() > MAX_REPEATED {
            return roughly;
        }
        self.evaluate_cases(ends, &mut Vec::new(), &repeated)
    }

    /// Evaluates the formula for each combination of outcomes of these tasks.
    fn evaluate_cases(
        &self,
        ends: &dyn Fn(usize) -> OutcomeSet,
        certain: &mut Vec<(usize, OutcomeSet)>,
        tasks: &[usize],
    ) -> Possible {
        let known = |task: usize| certain.iter().find(|(other, _)| *other == task).map(|(_, way)| *way);
        let here = self.formula.evaluate(&|task| known(task).unwrap_or_else(|| ends(task)));
        let Some((task, others)) = tasks.split_first().filter(|_| !here.is_certain()) else { return here };
        let all = ends(*task);
        let mut found = Possible { yes: false, no: false };
        for way in (0..8).map(|bit| 1 << bit).filter(|way| all & way != 0) {
            certain.push((*task, way));
            let result = self.evaluate_cases(ends, certain, others);
            certain.pop();
            found = Possible { yes: found.yes || result.yes, no: found.no || result.no };
        }
        found
    }
}

impl Possible {
    fn is_certain(self) -> bool {
        self.yes != self.no
    }
}

impl Formula {
    /// Returns the conjunction. Conditions on the same task are merged.
    fn all_of(all: Vec<Self>) -> Self {
        let flat = all.into_iter().flat_map(|each| match each {
            Self::And(all) => all,
            other => vec![other],
        });
        Self::merge(flat, |left, right| left & right, Self::And)
    }

    /// Returns the disjunction. Conditions on the same task are merged.
    fn any_of(all: Vec<Self>) -> Self {
        let flat = all.into_iter().flat_map(|each| match each {
            Self::Or(all) => all,
            other => vec![other],
        });
        Self::merge(flat, |left, right| left | right, Self::Or)
    }

    fn merge(
        all: impl Iterator<Item = Self>,
        join: fn(OutcomeSet, OutcomeSet) -> OutcomeSet,
        combine: fn(Vec<Self>) -> Self,
    ) -> Self {
        let (mut joined, mut place): (Vec<Self>, BTreeMap<usize, usize>) = (Vec::new(), BTreeMap::new());
        for each in all {
            let Self::Ended(task, ways) = each else {
                joined.push(each);
                continue;
            };
            match place.get(&task).and_then(|idx| joined.get_mut(*idx)) {
                Some(Self::Ended(_, known)) => *known = join(*known, ways),
                _ => {
                    place.insert(task, joined.len());
                    joined.push(each);
                }
            }
        }
        if joined.len() == 1 { joined.remove(0) } else { combine(joined) }
    }

    fn for_each_task(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Ended(task, _) => visit(*task),
            Self::Unknown => {}
            Self::Not(inner) => inner.for_each_task(visit),
            Self::And(all) | Self::Or(all) => all.iter().for_each(|each| each.for_each_task(visit)),
        }
    }

    /// Returns whether it is true only if every task in it succeeds.
    fn is_plain(&self) -> bool {
        match self {
            Self::Ended(_, ways) => ways & (FAILED | ERRORED | OMITTED) == 0,
            Self::And(all) => all.iter().all(Self::is_plain),
            Self::Or(all) => all.len() == 1 && all[0].is_plain(),
            Self::Unknown | Self::Not(_) => false,
        }
    }

    /// Returns whether it contains no unknown part.
    fn is_known(&self) -> bool {
        match self {
            Self::Ended(..) => true,
            Self::Unknown => false,
            Self::Not(inner) => inner.is_known(),
            Self::And(all) | Self::Or(all) => all.iter().all(Self::is_known),
        }
    }

    fn evaluate(&self, ends: &dyn Fn(usize) -> OutcomeSet) -> Possible {
        match self {
            Self::Ended(task, ways) => {
                let may = ends(*task);
                Possible { yes: may & ways != 0, no: may & !ways != 0 }
            }
            Self::Unknown => Possible { yes: true, no: true },
            Self::Not(inner) => {
                let inner = inner.evaluate(ends);
                Possible { yes: inner.no, no: inner.yes }
            }
            Self::And(all) => Possible {
                yes: all.iter().all(|each| each.evaluate(ends).yes),
                no: all.iter().any(|each| each.evaluate(ends).no),
            },
            Self::Or(all) => Possible {
                yes: all.iter().any(|each| each.evaluate(ends).yes),
                no: all.iter().all(|each| each.evaluate(ends).no),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use kfp_diag::source::manifests;

    use super::*;
    use crate::view::Project;

    /// Returns the possible outcomes of `a` when `z` runs.
    fn ends(tasks: &str) -> OutcomeSet {
        of_tasks(tasks, |outcomes, graph| {
            let task = |name: &str| graph.task(name).unwrap();
            outcomes.ends_before(graph, task("a"), task("z"), OutcomeSet::MAX)
        })
    }

    fn of_tasks<T>(tasks: &str, test: impl FnOnce(&TaskOutcomes, &Graph<'_, '_>) -> T) -> T {
        let head = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - name: main\n";
        let files = [manifests("x", format!("{head}    dag: {{tasks: [{tasks}]}}\n").as_bytes()).unwrap()];
        let project = Project::of(&files);
        let graph = Graph::of(&project.manifests[0].templates[0]);
        test(&TaskOutcomes::of(&graph).unwrap(), &graph)
    }

    #[test]
    fn a_task_that_runs_after_skipped_tasks_is_never_omitted() {
        let chain = "{name: a, when: x}, {name: b, depends: a.Succeeded}, {name: c, depends: b.Succeeded}";
        for (depends, expected) in [
            ("a.Succeeded || a.Skipped", SUCCEEDED),
            ("a.Succeeded || (a.Skipped && b.Omitted)", SUCCEEDED | OMITTED),
            ("a.Succeeded || (a.Skipped && (b.Succeeded || b.Omitted))", SUCCEEDED),
            ("c.Succeeded || c.Omitted", SUCCEEDED),
            (
                "(c.Succeeded || c.Skipped || (c.Omitted && (b.Succeeded || b.Skipped || (b.Omitted && (a.Succeeded || a.Skipped)))))",
                SUCCEEDED,
            ),
            (
                "(c.Succeeded || c.Omitted) && (b.Succeeded || b.Omitted) && (a.Succeeded || a.Skipped)",
                SUCCEEDED,
            ),
            ("c.Succeeded || c.Skipped", SUCCEEDED | OMITTED),
            ("!c.Succeeded", SUCCEEDED | OMITTED),
            ("!c.Failed && !c.Errored && !c.Daemoned", SUCCEEDED),
        ] {
            let ends = of_tasks(&format!("{chain}, {{name: z, depends: '{depends}'}}"), |outcomes, graph| {
                outcomes.ends_without_failures(graph, graph.task("z").unwrap())
            });
            assert_eq!(ends, expected, "{depends}");
        }
    }

    #[test]
    fn a_task_runs_after_what_it_depends_on() {
        let ended = SUCCEEDED | DAEMONED;
        let all = ended | FAILED | ERRORED;
        for (tasks, expected) in [
            ("{name: a}, {name: z, depends: a.Succeeded}", SUCCEEDED),
            ("{name: a}, {name: z, depends: a}", ended),
            ("{name: a, when: x}, {name: z, depends: a}", ended | SKIPPED),
            ("{name: a, when: x}, {name: z, dependencies: [a]}", ended | SKIPPED),
            ("{name: a, continueOn: {failed: true}}, {name: z, dependencies: [a]}", ended | FAILED),
            ("{name: a}, {name: z, depends: a.Succeeded || a.Failed}", SUCCEEDED | FAILED),
            ("{name: a}, {name: z, depends: '!a.Succeeded'}", FAILED | ERRORED | DAEMONED),
            ("{name: a}, {name: b, depends: a}, {name: z, depends: b.Succeeded}", ended),
            ("{name: a}, {name: b, depends: a}, {name: z, depends: b.Omitted}", FAILED | ERRORED),
            ("{name: a}, {name: b}, {name: z, depends: a.Succeeded && (b || b.Failed)}", SUCCEEDED),
            ("{name: a}, {name: b}, {name: z, depends: a.Succeeded || b.Succeeded}", all),
            ("{name: b}, {name: a, depends: b.Failed}, {name: z, depends: a || a.Omitted}", ended | OMITTED),
            ("{name: a}, {name: z, depends: a and not a.Daemoned}", SUCCEEDED),
            ("{name: a}, {name: z, depends: a.AnySucceeded}", all),
            (
                "{name: a, when: '{{=c}}'}, {name: b, when: '{{=!c}}'}, {name: z, depends: a.Succeeded || b.Succeeded}",
                SUCCEEDED | SKIPPED,
            ),
        ] {
            assert_eq!(ends(tasks), expected, "{tasks}");
        }
    }
}
