//! Positions blocks within their rows, as close as possible to the centres of their neighbours in other rows.

use super::layers::Layers;

/// The minimum space between two blocks of a row.
pub(super) const GAP: i64 = 24;
/// The number of times that all rows are moved.
const SWEEPS: usize = 6;

/// Returns the centre of each vertex; the leftmost block starts at 0. `widths` has a width for each vertex.
pub(super) fn centres(layers: &Layers, widths: &[i64]) -> Vec<i64> {
    let (above, below) = (layers.neighbours(true), layers.neighbours(false));
    let mut centres = vec![0; layers.vertices];
    for row in &layers.rows {
        let packed = spread(&vec![0; row.len()], row, widths);
        set(&mut centres, row, &packed);
    }
    for _ in 0..SWEEPS {
        for row in layers.rows.iter().skip(1) {
            pull(&mut centres, row, &above, widths);
        }
        for row in layers.rows.iter().rev().skip(1) {
            pull(&mut centres, row, &below, widths);
        }
    }
    let left = (0..layers.vertices).map(|vertex| centres[vertex] - widths[vertex] / 2).min().unwrap_or(0);
    centres.iter().map(|centre| centre - left).collect()
}

/// Moves the blocks of a row towards the middle of their neighbours.
fn pull(centres: &mut [i64], row: &[usize], neighbours: &[Vec<usize>], widths: &[i64]) {
    let target = |vertex: &usize| {
        let joined = &neighbours[*vertex];
        let sum: i64 = joined.iter().map(|other| centres[*other]).sum();
        sum.checked_div(length(joined)).unwrap_or(centres[*vertex])
    };
    let targets: Vec<i64> = row.iter().map(target).collect();
    set(centres, row, &spread(&targets, row, widths));
}

fn set(centres: &mut [i64], row: &[usize], values: &[i64]) {
    for (vertex, value) in row.iter().zip(values) {
        centres[*vertex] = *value;
    }
}

/// Returns the centres that are closest to the targets, in the order of the row and without overlaps.
///
/// Relative to their minimum distances from the first block, the positions only have to be non-decreasing. The closest
/// non-decreasing numbers are means of groups of neighbours (isotonic regression).
fn spread(targets: &[i64], row: &[usize], widths: &[i64]) -> Vec<i64> {
    let mut distances = vec![0; row.len()];
    for idx in 1..row.len() {
        let (left, right) = (widths[row[idx - 1]], widths[row[idx]]);
        distances[idx] = distances[idx - 1] + (left + 1) / 2 + GAP + (right + 1) / 2;
    }
    let mut groups: Vec<(i64, i64)> = Vec::new();
    let mean = |(sum, count): (i64, i64)| sum.div_euclid(count);
    for (target, distance) in targets.iter().zip(&distances) {
        let mut group = (target - distance, 1);
        while let Some(last) = groups.pop_if(|last| mean(*last) > mean(group)) {
            group = (group.0 + last.0, group.1 + last.1);
        }
        groups.push(group);
    }
    let mut centres = Vec::new();
    for group in groups {
        for _ in 0..group.1 {
            centres.push(mean(group) + distances[centres.len()]);
        }
    }
    centres
}

fn length(of: &[usize]) -> i64 {
    i64::try_from(of.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::layers::layers;
    use super::*;

    #[test]
    fn blocks_are_at_their_targets_if_they_do_not_overlap() {
        assert_eq!(spread(&[0, 100], &[0, 1], &[40, 40]), [0, 100]);
        assert_eq!(spread(&[50, 50], &[0, 1], &[40, 40]), [18, 82]);
    }

    #[test]
    fn blocks_of_a_row_never_overlap() {
        let arrows: Vec<(usize, usize)> = (0..12)
            .flat_map(|to| (0..to).filter(move |from| (from * 7 + to) % 5 == 0).map(move |from| (from, to)))
            .collect();
        let layers = layers(12, &arrows);
        let widths: Vec<i64> = (0..layers.vertices)
            .map(|vertex| if vertex < 12 { 30 + 17 * i64::try_from(vertex).unwrap() } else { 8 })
            .collect();
        let centres = centres(&layers, &widths);
        for row in &layers.rows {
            for pair in row.windows(2) {
                let (left, right) = (pair[0], pair[1]);
                let space = centres[right] - widths[right] / 2 - (centres[left] + widths[left] / 2);
                assert!(space >= GAP, "{space} between {left} and {right} of {row:?}");
            }
        }
        assert_eq!((0..layers.vertices).map(|vertex| centres[vertex] - widths[vertex] / 2).min(), Some(0));
    }

    #[test]
    fn a_chain_is_straight() {
        let layers = layers(3, &[(0, 1), (1, 2)]);
        assert_eq!(centres(&layers, &[100, 40, 60]), [50, 50, 50]);
    }
}
