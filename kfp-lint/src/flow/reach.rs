//! Reachability between tasks, in little more time and memory than the edges need.
//!
//! The main type is [`Reach`]. A table of all ancestors would be quadratic in the number of tasks. Instead, tasks are
//! numbered so that most queries only compare numbers, and the others need a short search.

use std::cell::Cell;
use std::collections::HashSet;

use kfp_diag::graph::clusters;

/// The maximum number of edges that all searches follow. Only adversarial graphs need more.
const WORK: usize = 20_000_000;

/// The reachability of nodes in a graph that may have cycles.
#[derive(Debug)]
pub(super) struct Reach {
    /// The group of each node. A group is a strongly connected component.
    group: Vec<usize>,
    /// The nodes of each group. Edges lead to the same group or a later one.
    members: Vec<Vec<usize>>,
    /// The other groups that edges of each group lead to.
    next: Vec<Vec<usize>>,
    /// Whether the group contains a cycle.
    is_cycle: Vec<bool>,
    /// The numbers of two walks that follow the edges in opposite orders.
    walks: [Walk; 2],
    work: Cell<usize>,
}

/// The numbers of groups in a depth-first walk.
#[derive(Debug, Default)]
struct Walk {
    /// The number of groups left before this one was entered.
    entered: Vec<usize>,
    /// The number of groups left before this one was left.
    left: Vec<usize>,
    /// The lowest number of any group that this one leads to.
    least: Vec<usize>,
}

impl Reach {
    /// Creates the index from edges, which are pairs of node indices less than `nodes`.
    pub(super) fn of(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let members = clusters(nodes, edges);
        let mut group = vec![0; nodes];
        for (idx, cluster) in members.iter().enumerate() {
            for node in cluster {
                group[*node] = idx;
            }
        }
        let mut is_cycle: Vec<bool> = members.iter().map(|cluster| cluster.len() > 1).collect();
        let mut next = vec![Vec::new(); members.len()];
        for (from, to) in edges {
            let (from, to) = (group[*from], group[*to]);
            if from == to {
                is_cycle[from] = true;
            } else {
                next[from].push(to);
            }
        }
        for next in &mut next {
            next.sort_unstable();
            next.dedup();
        }
        let walks = [Walk::of(&next, false), Walk::of(&next, true)];
        Self { group, members, next, is_cycle, walks, work: Cell::new(0) }
    }

    /// Returns whether edges lead from one node to the other. Also true if the search would take too long.
    pub(super) fn leads(&self, from: usize, to: usize) -> bool {
        let (from, to) = (self.group[from], self.group[to]);
        if from == to {
            return self.is_cycle[from];
        }
        self.compared(from, to).unwrap_or_else(|| self.search(from, to))
    }

    /// Returns the nodes in order, each after all nodes it leads to; `None` if there is a cycle.
    pub(super) fn order(&self) -> Option<Vec<usize>> {
        let has_cycle = self.is_cycle.iter().any(|is_cycle| *is_cycle);
        (!has_cycle).then(|| self.members.iter().rev().flatten().copied().collect())
    }

    /// Returns for each node whether it leads to a node for which the predicate is true.
    pub(super) fn leads_to_any(&self, predicate: impl Fn(usize) -> bool) -> Vec<bool> {
        let own: Vec<bool> =
            self.members.iter().map(|cluster| cluster.iter().any(|node| predicate(*node))).collect();
        let mut below = vec![false; self.members.len()];
        for idx in (0..self.members.len()).rev() {
            let leads = self.next[idx].iter().any(|next| own[*next] || below[*next]);
            below[idx] = leads || (self.is_cycle[idx] && own[idx]);
        }
        self.group.iter().map(|group| below[*group]).collect()
    }

    /// Returns the result if comparing numbers is enough.
    fn compared(&self, from: usize, to: usize) -> Option<bool> {
        if to < from || self.walks.iter().any(|walk| walk.excludes(from, to)) {
            return Some(false);
        }
        self.walks.iter().any(|walk| walk.includes(from, to)).then_some(true)
    }

    fn search(&self, from: usize, to: usize) -> bool {
        let mut seen = HashSet::new();
        let mut open = vec![from];
        while let Some(group) = open.pop() {
            for next in &self.next[group] {
                self.work.set(self.work.get() + 1);
                if *next == to || self.work.get() > WORK {
                    return true;
                }
                match self.compared(*next, to) {
                    Some(true) => return true,
                    None if seen.insert(*next) => open.push(*next),
                    _ => {}
                }
            }
        }
        false
    }
}

impl Walk {
    fn of(next: &[Vec<usize>], backwards: bool) -> Self {
        let count = next.len();
        let mut walk = Self { entered: vec![usize::MAX; count], left: vec![0; count], least: vec![0; count] };
        let mut done = 0;
        // A group and the number of its followed edges.
        let mut open: Vec<(usize, usize)> = Vec::new();
        for root in 0..count {
            if walk.entered[root] != usize::MAX {
                continue;
            }
            walk.entered[root] = done;
            open.push((root, 0));
            while let Some((group, followed)) = open.last_mut() {
                let edges = &next[*group];
                let at = if backwards { edges.len().wrapping_sub(*followed + 1) } else { *followed };
                if let Some(next) = edges.get(at) {
                    *followed += 1;
                    if walk.entered[*next] == usize::MAX {
                        walk.entered[*next] = done;
                        open.push((*next, 0));
                    }
                    continue;
                }
                walk.left[*group] = done;
                walk.least[*group] =
                    edges.iter().map(|next| walk.least[*next]).min().unwrap_or(done).min(done);
                done += 1;
                open.pop();
            }
        }
        walk
    }

    /// Returns whether the walk reached `to` from `from`.
    fn includes(&self, from: usize, to: usize) -> bool {
        self.entered[from] <= self.left[to] && self.left[to] <= self.left[from]
    }

    /// Returns whether the numbers exclude a path.
    fn excludes(&self, from: usize, to: usize) -> bool {
        self.left[to] > self.left[from] || self.least[to] < self.least[from]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Computes reachability by brute force.
    fn slowly(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<bool>> {
        let mut leads = vec![vec![false; nodes]; nodes];
        for (from, to) in edges {
            leads[*from][*to] = true;
        }
        for via in 0..nodes {
            for from in 0..nodes {
                for to in 0..nodes {
                    leads[from][to] |= leads[from][via] && leads[via][to];
                }
            }
        }
        leads
    }

    proptest! {
        #[test]
        fn reachability_matches_brute_force(
            edges in prop::collection::vec((0..12_usize, 0..12_usize), 0..30),
            is_ordered in any::<bool>(),
        ) {
            let order = |(from, to): (usize, usize)| if is_ordered { (from.max(to), from.min(to)) } else { (from, to) };
            let edges: Vec<(usize, usize)> =
                edges.into_iter().map(order).filter(|(from, to)| !is_ordered || from != to).collect();
            let reach = Reach::of(12, &edges);
            let expected = slowly(12, &edges);
            for (from, expected) in expected.iter().enumerate() {
                for (to, expected) in expected.iter().enumerate() {
                    prop_assert_eq!(reach.leads(from, to), *expected, "{} to {}", from, to);
                }
            }
            let odd = reach.leads_to_any(|node| node % 4 == 3);
            for (from, odd) in odd.iter().enumerate() {
                prop_assert_eq!(*odd, (0..12).any(|to| to % 4 == 3 && expected[from][to]));
            }
            match reach.order() {
                None => prop_assert!((0..12).any(|node| expected[node][node])),
                Some(order) => {
                    let at = |node| order.iter().position(|other| *other == node);
                    prop_assert!(edges.iter().all(|(from, to)| at(*from) > at(*to)));
                }
            }
        }
    }

    /// Queries a distant ancestor of every node, which must be fast.
    #[test]
    fn large_graphs_need_little_work() {
        let nodes = 20_000;
        for reach in [1, 60] {
            let edges: Vec<(usize, usize)> = (0..nodes)
                .flat_map(|node| (node.max(reach) - reach..node).map(move |before| (node, before)))
                .collect();
            let found = Reach::of(nodes, &edges);
            for node in 1..nodes {
                assert!(found.leads(node, node / 2) && !found.leads(node / 2, node));
            }
            assert!(found.work.get() <= 2 * nodes, "{}", found.work.get());
        }
    }
}
