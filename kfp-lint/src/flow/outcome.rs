//! How tasks may end, and which tasks run then.
//!
//! A task is followed with every way in which another one may end, so that a rule can ask whether it runs although
//! that one failed or was left out. What cannot be told is taken to be possible. Where that would take too long,
//! as in thousands of tasks that run after failures, nothing is reported.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, HashMap, HashSet};

use kfp_argo::depends::{Dependency, Depends, Outcome};

use super::exclusive::are_exclusive;
use super::graph::Graph;
use crate::view::{Task, TemplateKind};

/// A set of ways in which a task may end.
pub(crate) type Ends = u8;

pub(crate) const SUCCEEDED: Ends = 1;
pub(crate) const FAILED: Ends = 1 << 1;
pub(crate) const ERRORED: Ends = 1 << 2;
pub(crate) const SKIPPED: Ends = 1 << 3;
pub(crate) const OMITTED: Ends = 1 << 4;
pub(crate) const DAEMONED: Ends = 1 << 5;

/// Tasks and edges that are followed for all questions about one graph together: those of a few thousand tasks.
const WORK: usize = 50_000_000;

/// When a task runs.
#[derive(Debug, PartialEq)]
enum Formula {
    /// The task ended in one of these ways.
    Ended(usize, Ends),
    /// It may be either.
    Unknown,
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

/// Whether something may hold, and whether it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Maybe {
    yes: bool,
    no: bool,
}

/// When a task runs, and the tasks whose ends decide that in several places.
///
/// Where each task is named once, the ends of tasks are looked at one by one; a task that is named several times is
/// looked at with each of its ends in all places at once.
#[derive(Debug)]
struct Rule {
    formula: Formula,
    repeated: Vec<usize>,
}

/// The most tasks that are looked at with each of their ends. Beyond them, more is taken to be possible than is.
const MOST_REPEATED: usize = 5;

/// How the tasks of one DAG may end.
#[derive(Debug)]
pub(crate) struct Outcomes {
    rules: Vec<Rule>,
    /// The tasks, each after all that it waits for.
    order: Vec<usize>,
    /// The place of each task in the order.
    position: Vec<usize>,
    /// How each may end.
    ends: Vec<Ends>,
    /// How each may end where none fails.
    well: OnceCell<Vec<Ends>>,
    is_plain: bool,
    /// Tasks and edges.
    size: usize,
    work: Cell<usize>,
}

impl Outcomes {
    /// Nothing where tasks wait for each other.
    pub(crate) fn of(graph: &Graph<'_, '_>) -> Option<Self> {
        let order = graph.order()?;
        let rules: Vec<Rule> =
            graph.template.tasks.iter().map(|task| Rule::of(formula(graph, task))).collect();
        let mut position = vec![0; order.len()];
        for (idx, task) in order.iter().enumerate() {
            position[*task] = idx;
        }
        let is_plain = rules.iter().all(|rule| rule.formula.is_plain());
        let size = rules.len() + graph.edges.len();
        let (well, work) = (OnceCell::new(), Cell::new(0));
        let mut outcomes = Self { rules, order, position, ends: Vec::new(), well, is_plain, size, work };
        outcomes.ends = outcomes.follow(graph, None, 0);
        Some(outcomes)
    }

    /// Whether no task runs unless all that it waits for ended well: the usual case, in which nothing else need be
    /// followed.
    pub(crate) fn are_plain(&self) -> bool {
        self.is_plain
    }

    /// Whether every task can be followed with every way in which one may end.
    pub(crate) fn can_follow_all(&self) -> bool {
        self.size.saturating_mul(2 * self.rules.len()) <= WORK
    }

    /// How the task may end where all that run do so to their end and none fails.
    pub(crate) fn ends_well(&self, graph: &Graph<'_, '_>, task: usize) -> Ends {
        let well = self.well.get_or_init(|| self.follow(graph, None, FAILED | ERRORED | DAEMONED));
        of(well, task)
    }

    /// In which of these ways a task may have ended when one that comes after it runs.
    pub(crate) fn ends_before(
        &self,
        graph: &Graph<'_, '_>,
        before: usize,
        runs: usize,
        wanted: Ends,
    ) -> Ends {
        if graph.template.is(TemplateKind::Steps) {
            return of_step(&graph.template.tasks[before]) & wanted;
        }
        // In a plain graph nothing runs after a task that failed or was left out.
        let possible = if self.is_plain { wanted & !(FAILED | ERRORED | OMITTED) } else { wanted };
        let ways = self.ways(before).filter(|way| possible & way != 0);
        ways.filter(|way| self.may_run(graph, (before, *way), runs)).fold(0, |acc, way| acc | way)
    }

    /// Whether the task may run where another one, which comes before it, ended in that way. Only the tasks between
    /// both are followed.
    fn may_run(&self, graph: &Graph<'_, '_>, fixed: (usize, Ends), runs: usize) -> bool {
        let (before, way) = fixed;
        // A task that did not run says nothing about those of which only one runs.
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
        let mut ends: HashMap<usize, Ends> = HashMap::new();
        for task in between {
            let changed = self.end(graph, task, Some(fixed), 0, &|task| self.changed(&ends, task));
            ends.insert(task, changed);
        }
        self.rules[runs].holds(&|task| self.changed(&ends, task)).yes
    }

    fn changed(&self, ends: &HashMap<usize, Ends>, task: usize) -> Ends {
        ends.get(&task).copied().unwrap_or_else(|| of(&self.ends, task))
    }

    /// A task that runs although the other one ended in one of these ways. A condition that cannot be read is
    /// told as such, and nothing is said of when it holds.
    pub(crate) fn runs_after(&self, graph: &Graph<'_, '_>, before: usize, ways: Ends) -> Option<usize> {
        self.ways(before).filter(|way| ways & way != 0).find_map(|way| {
            let ends = self.follow(graph, Some((before, way)), 0);
            let runs = |rule: &Rule| rule.formula.is_known() && rule.holds(&|task| of(&ends, task)).yes;
            (0..self.rules.len()).find(|after| runs(&self.rules[*after]) && graph.is_before(before, *after))
        })
    }

    /// Every way in which the task may end.
    fn ways(&self, task: usize) -> impl Iterator<Item = Ends> + use<> {
        let all = self.ends.get(task).copied().unwrap_or_default();
        (0..8).map(|bit| 1 << bit).filter(move |way| all & way != 0)
    }

    /// How tasks end where one ends in a certain way, and none in one of the others.
    fn follow(&self, graph: &Graph<'_, '_>, fixed: Option<(usize, Ends)>, none: Ends) -> Vec<Ends> {
        let mut ends = vec![0; self.rules.len()];
        for idx in &self.order {
            ends[*idx] = self.end(graph, *idx, fixed, none, &|task| of(&ends, task));
        }
        ends
    }

    /// How one of them ends, if those that it waits for end so.
    fn end(
        &self,
        graph: &Graph<'_, '_>,
        idx: usize,
        fixed: Option<(usize, Ends)>,
        none: Ends,
        ends: &dyn Fn(usize) -> Ends,
    ) -> Ends {
        let holds = self.rules[idx].holds(ends);
        let runs = if holds.yes { run(&graph.template.tasks[idx]) & !none } else { 0 };
        let end = runs | if holds.no { OMITTED } else { 0 };
        match fixed {
            Some((task, way)) if task == idx => end & way,
            Some((task, way)) if way & (SKIPPED | OMITTED) == 0 && exclude(graph, task, idx) => {
                end & (SKIPPED | OMITTED)
            }
            _ => end,
        }
    }
}

fn of(ends: &[Ends], task: usize) -> Ends {
    ends.get(task).copied().unwrap_or_default()
}

/// Whether at most one of both tasks runs.
fn exclude(graph: &Graph<'_, '_>, task: usize, other: usize) -> bool {
    let when = |task: usize| graph.template.tasks[task].when();
    match (when(task), when(other)) {
        (Some(when), Some(other)) => {
            are_exclusive(when.text().unwrap_or_default(), other.text().unwrap_or_default())
        }
        _ => false,
    }
}

/// How a task may end that is not left out.
fn run(task: &Task<'_>) -> Ends {
    let skipped = if task.when().is_some() { SKIPPED } else { 0 };
    SUCCEEDED | FAILED | ERRORED | DAEMONED | skipped
}

/// Steps go on after a failure only where they say so.
fn of_step(step: &Task<'_>) -> Ends {
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

/// A name alone.
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

/// A name, with an outcome or without. Whether those of loops are true is unknown, however the loop ended.
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

    fn holds(&self, ends: &dyn Fn(usize) -> Ends) -> Maybe {
        let roughly = self.formula.holds(ends);
        let repeated: Vec<usize> =
            self.repeated.iter().copied().filter(|task| ends(*task).count_ones() > 1).collect();
        if roughly.is_certain() || repeated.is_empty() || repeated.len() > MOST_REPEATED {
            return roughly;
        }
        self.in_each_case(ends, &mut Vec::new(), &repeated)
    }

    /// Whether it holds with each end of these tasks, where others have ended in certain ways.
    fn in_each_case(
        &self,
        ends: &dyn Fn(usize) -> Ends,
        certain: &mut Vec<(usize, Ends)>,
        tasks: &[usize],
    ) -> Maybe {
        let known = |task: usize| certain.iter().find(|(other, _)| *other == task).map(|(_, way)| *way);
        let here = self.formula.holds(&|task| known(task).unwrap_or_else(|| ends(task)));
        let Some((task, others)) = tasks.split_first().filter(|_| !here.is_certain()) else { return here };
        let all = ends(*task);
        let mut found = Maybe { yes: false, no: false };
        for way in (0..8).map(|bit| 1 << bit).filter(|way| all & way != 0) {
            certain.push((*task, way));
            let holds = self.in_each_case(ends, certain, others);
            certain.pop();
            found = Maybe { yes: found.yes || holds.yes, no: found.no || holds.no };
        }
        found
    }
}

impl Maybe {
    fn is_certain(self) -> bool {
        self.yes != self.no
    }
}

impl Formula {
    /// All of them hold. What is said of one task is put together.
    fn all_of(all: Vec<Self>) -> Self {
        let flat = all.into_iter().flat_map(|each| match each {
            Self::And(all) => all,
            other => vec![other],
        });
        Self::put_together(flat, |left, right| left & right, Self::And)
    }

    /// One of them holds.
    fn any_of(all: Vec<Self>) -> Self {
        let flat = all.into_iter().flat_map(|each| match each {
            Self::Or(all) => all,
            other => vec![other],
        });
        Self::put_together(flat, |left, right| left | right, Self::Or)
    }

    fn put_together(
        all: impl Iterator<Item = Self>,
        join: fn(Ends, Ends) -> Ends,
        whole: fn(Vec<Self>) -> Self,
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
        if joined.len() == 1 { joined.remove(0) } else { whole(joined) }
    }

    fn for_each_task(&self, visit: &mut impl FnMut(usize)) {
        match self {
            Self::Ended(task, _) => visit(*task),
            Self::Unknown => {}
            Self::Not(inner) => inner.for_each_task(visit),
            Self::And(all) | Self::Or(all) => all.iter().for_each(|each| each.for_each_task(visit)),
        }
    }

    /// Whether it holds only where every task in it ended well.
    fn is_plain(&self) -> bool {
        match self {
            Self::Ended(_, ways) => ways & (FAILED | ERRORED | OMITTED) == 0,
            Self::And(all) => all.iter().all(Self::is_plain),
            Self::Or(all) => all.len() == 1 && all[0].is_plain(),
            Self::Unknown | Self::Not(_) => false,
        }
    }

    /// Whether all of it could be read.
    fn is_known(&self) -> bool {
        match self {
            Self::Ended(..) => true,
            Self::Unknown => false,
            Self::Not(inner) => inner.is_known(),
            Self::And(all) | Self::Or(all) => all.iter().all(Self::is_known),
        }
    }

    fn holds(&self, ends: &dyn Fn(usize) -> Ends) -> Maybe {
        match self {
            Self::Ended(task, ways) => {
                let may = ends(*task);
                Maybe { yes: may & ways != 0, no: may & !ways != 0 }
            }
            Self::Unknown => Maybe { yes: true, no: true },
            Self::Not(inner) => {
                let inner = inner.holds(ends);
                Maybe { yes: inner.no, no: inner.yes }
            }
            Self::And(all) => Maybe {
                yes: all.iter().all(|each| each.holds(ends).yes),
                no: all.iter().any(|each| each.holds(ends).no),
            },
            Self::Or(all) => Maybe {
                yes: all.iter().any(|each| each.holds(ends).yes),
                no: all.iter().all(|each| each.holds(ends).no),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use kfp_diag::source::manifests;

    use super::*;
    use crate::view::Project;

    /// How `a` may have ended when `z` runs.
    fn ends(tasks: &str) -> Ends {
        of_tasks(tasks, |outcomes, graph| {
            let task = |name: &str| graph.task(name).unwrap();
            outcomes.ends_before(graph, task("a"), task("z"), Ends::MAX)
        })
    }

    fn of_tasks<T>(tasks: &str, ask: impl FnOnce(&Outcomes, &Graph<'_, '_>) -> T) -> T {
        let head = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n  templates:\n  - name: main\n";
        let files = [manifests("x", format!("{head}    dag: {{tasks: [{tasks}]}}\n").as_bytes()).unwrap()];
        let project = Project::of(&files);
        let graph = Graph::of(&project.manifests[0].templates[0]);
        ask(&Outcomes::of(&graph).unwrap(), &graph)
    }

    #[test]
    fn a_task_that_runs_whatever_was_skipped_is_never_left_out() {
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
                outcomes.ends_well(graph, graph.task("z").unwrap())
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
