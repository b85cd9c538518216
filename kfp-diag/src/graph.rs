//! Graph algorithms. This is the only file that uses the graph library.

use std::cmp::Reverse;
use std::collections::VecDeque;

use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;

/// The number of nodes in one component that are tried as the start of its shortest cycle. This is enough for graphs
/// of readable size, and limits the time for larger ones.
const STARTS: usize = 64;

/// Returns one shortest cycle of each strongly connected component, including self-loops.
///
/// Edges are pairs of nodes less than `nodes`. A cycle starts with its smallest node and contains each node once.
pub fn cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let graph = graph(nodes, edges);
    if toposort(&graph, None).is_ok() {
        return Vec::new();
    }
    let mut cycles: Vec<Vec<usize>> =
        kosaraju_scc(&graph).into_iter().filter_map(|group| shortest_cycle(&graph, group)).collect();
    cycles.sort();
    cycles
}

/// Returns the strongly connected components in topological order.
///
/// Edges are pairs of nodes less than `nodes`. Long chains do not need a deep stack.
pub fn clusters(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let graph = graph(nodes, edges);
    let finished = finish_order(&graph);
    let mut clusters: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|cluster| {
            let mut cluster: Vec<usize> = cluster.into_iter().map(NodeIndex::index).collect();
            cluster.sort_unstable();
            cluster
        })
        .collect();
    clusters.sort_by_key(|cluster| Reverse(cluster.iter().map(|node| finished[*node]).max()));
    clusters
}

/// Returns the finishing number of each node in a depth-first search. Predecessors in other components finish later.
fn finish_order(graph: &DiGraph<(), ()>) -> Vec<usize> {
    let mut finished = vec![0; graph.node_count()];
    let mut is_seen = vec![false; graph.node_count()];
    let mut count = 0;
    for start in graph.node_indices() {
        if std::mem::replace(&mut is_seen[start.index()], true) {
            continue;
        }
        let mut open = vec![(start, graph.neighbors(start))];
        while let Some((node, neighbors)) = open.last_mut() {
            match neighbors.find(|next| !is_seen[next.index()]) {
                Some(next) => {
                    is_seen[next.index()] = true;
                    open.push((next, graph.neighbors(next)));
                }
                None => {
                    count += 1;
                    finished[node.index()] = count;
                    open.pop();
                }
            }
        }
    }
    finished
}

/// Returns a representative of each node's connected component, ignoring the direction of edges.
pub fn groups(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut groups = UnionFind::new(nodes);
    for (from, to) in edges {
        groups.union(*from, *to);
    }
    groups.into_labeling()
}

fn graph(nodes: usize, edges: &[(usize, usize)]) -> DiGraph<(), ()> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(nodes, edges.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    for (from, to) in edges {
        graph.add_edge(NodeIndex::new(*from), NodeIndex::new(*to), ());
    }
    graph
}

fn shortest_cycle(graph: &DiGraph<(), ()>, mut group: Vec<NodeIndex>) -> Option<Vec<usize>> {
    group.sort();
    let mut shortest =
        group.iter().take(STARTS).filter_map(|start| cycle_through(graph, *start)).min_by_key(Vec::len)?;
    let smallest = shortest.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(idx, _)| idx);
    shortest.rotate_left(smallest);
    Some(shortest)
}

/// Returns a shortest path from the node back to itself, found by breadth-first search.
fn cycle_through(graph: &DiGraph<(), ()>, start: NodeIndex) -> Option<Vec<usize>> {
    let mut came_from: Vec<Option<NodeIndex>> = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for next in graph.neighbors(node) {
            if next == start {
                let path = std::iter::successors(Some(node), |node| came_from[node.index()]);
                let mut cycle: Vec<usize> = path.map(NodeIndex::index).collect();
                cycle.reverse();
                return Some(cycle);
            }
            if came_from[next.index()].is_none() {
                came_from[next.index()] = Some(node);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_shortest_cycle_per_component_is_found() {
        for (nodes, edges, expected) in [
            (3, vec![(0, 1), (1, 2)], vec![]),
            (2, vec![(1, 1)], vec![vec![1]]),
            (4, vec![(0, 1), (1, 2), (2, 3), (3, 0), (2, 1)], vec![vec![1, 2]]),
            (5, vec![(4, 3), (3, 4), (0, 1), (1, 2), (2, 0)], vec![vec![0, 1, 2], vec![3, 4]]),
        ] {
            assert_eq!(cycles(nodes, &edges), expected, "{edges:?}");
        }
    }

    #[test]
    fn long_chains_do_not_overflow_the_stack() {
        let mut edges: Vec<(usize, usize)> = (1..50_000).map(|node| (node - 1, node)).collect();
        assert!(cycles(50_000, &edges).is_empty());
        let clusters = clusters(50_000, &edges);
        assert!(clusters.iter().enumerate().all(|(idx, cluster)| *cluster == [idx]));
        edges.push((49_999, 0));
        assert_eq!(cycles(50_000, &edges)[0].len(), 50_000);
    }
}
