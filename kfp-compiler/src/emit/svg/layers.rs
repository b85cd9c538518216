//! Assigns each block to a row, and orders the blocks within each row.

/// The number of times that the order of all rows is improved.
const SWEEPS: usize = 4;

/// Blocks in rows. An arrow across several rows has a bend in each row between, which is a separate vertex.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Layers {
    /// The vertices of each row from left to right. Numbers below the number of units are units, others are bends.
    pub(super) rows: Vec<Vec<usize>>,
    /// The vertices of each arrow, one in each row.
    pub(super) routes: Vec<Vec<usize>>,
    /// The number of vertices.
    pub(super) vertices: usize,
}

/// Assigns units, which are numbered in a possible execution order, to rows.
pub(super) fn layers(units: usize, arrows: &[(usize, usize)]) -> Layers {
    let levels = levels(units, arrows);
    let mut rows = vec![Vec::new(); levels.iter().max().map_or(0, |most| most + 1)];
    for (unit, level) in levels.iter().enumerate() {
        rows[*level].push(unit);
    }
    let mut vertices = units;
    let mut routes = Vec::new();
    for (from, to) in arrows {
        let mut route = vec![*from];
        for row in &mut rows[levels[*from] + 1..levels[*to]] {
            row.push(vertices);
            route.push(vertices);
            vertices += 1;
        }
        route.push(*to);
        routes.push(route);
    }
    let mut layers = Layers { rows, routes, vertices };
    layers.untangle();
    layers
}

/// Returns the row of each unit: the first one below all its predecessors. A unit without predecessors is directly
/// above its first successor.
fn levels(units: usize, arrows: &[(usize, usize)]) -> Vec<usize> {
    let mut levels = vec![0; units];
    let mut sorted = arrows.to_vec();
    sorted.sort_by_key(|(from, to)| (*to, *from));
    for (from, to) in &sorted {
        levels[*to] = levels[*to].max(levels[*from] + 1);
    }
    for unit in 0..units {
        let has_before = arrows.iter().any(|(_, to)| *to == unit);
        let follows = arrows.iter().filter(|(from, _)| *from == unit).map(|(_, to)| levels[*to]).min();
        if let (false, Some(row)) = (has_before, follows) {
            levels[unit] = row - 1;
        }
    }
    levels
}

impl Layers {
    /// Returns the vertices in the row above, or below, that each vertex is connected to.
    pub(super) fn neighbours(&self, above: bool) -> Vec<Vec<usize>> {
        let mut neighbours = vec![Vec::new(); self.vertices];
        for pair in self.routes.iter().flat_map(|route| route.windows(2)) {
            let (of, neighbour) = if above { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
            neighbours[of].push(neighbour);
        }
        neighbours
    }

    /// Moves each vertex towards the middle of its neighbours, so that few arrows cross.
    fn untangle(&mut self) {
        let (above, below) = (self.neighbours(true), self.neighbours(false));
        for _ in 0..SWEEPS {
            for row in 1..self.rows.len() {
                self.sort(row, row - 1, &above);
            }
            for row in (1..self.rows.len()).rev() {
                self.sort(row - 1, row, &below);
            }
        }
    }

    fn sort(&mut self, row: usize, by: usize, neighbours: &[Vec<usize>]) {
        let mut places = vec![0; self.vertices];
        for vertices in [&self.rows[by], &self.rows[row]] {
            for (place, vertex) in vertices.iter().enumerate() {
                // Scaled, so that the integer mean keeps fractions of a position.
                places[*vertex] = place * 1000;
            }
        }
        let middle = |vertex: &usize| match neighbours[*vertex].as_slice() {
            [] => places[*vertex],
            joined => joined.iter().map(|other| places[*other]).sum::<usize>() / joined.len(),
        };
        self.rows[row].sort_by_key(middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_bend_in_each_row_between() {
        let layers = layers(4, &[(0, 1), (0, 2), (1, 2), (2, 3), (0, 3)]);
        assert_eq!(layers.rows.iter().map(Vec::len).collect::<Vec<_>>(), [1, 3, 2, 1]);
        assert_eq!(layers.routes[4].len(), 4);
        assert_eq!(layers.vertices, 7);
    }

    #[test]
    fn units_without_predecessors_are_above_their_successors() {
        let layers = layers(4, &[(0, 1), (1, 3), (2, 3)]);
        assert_eq!(layers.rows, [vec![0], vec![1, 2], vec![3]]);
    }

    #[test]
    fn arrows_are_untangled() {
        let layers = layers(6, &[(0, 4), (1, 3), (2, 5), (0, 3)]);
        let crossed = |first: &[usize], second: &[usize]| {
            let place = |row: usize, vertex| layers.rows[row].iter().position(|other| *other == vertex);
            (place(0, first[0]) < place(0, second[0])) != (place(1, first[1]) < place(1, second[1]))
                && first[0] != second[0]
                && first[1] != second[1]
        };
        for first in &layers.routes {
            assert!(layers.routes.iter().all(|second| !crossed(first, second)), "{layers:?}");
        }
    }

    #[test]
    fn an_empty_area_has_no_rows() {
        assert_eq!(layers(0, &[]), Layers { rows: Vec::new(), routes: Vec::new(), vertices: 0 });
    }
}
