//! The random numbers that determine a pipeline. They are recorded, replayed and shrunk.

/// The numbers that determine a random pipeline. After the last one, every choice is the first option, which is
/// always the simplest.
#[derive(Debug)]
pub struct Choices {
    recorded: Vec<usize>,
    next: usize,
    source: Option<fastrand::Rng>,
}

impl Choices {
    /// Makes choices that depend only on the seed.
    pub fn random(seed: u64) -> Self {
        Self { recorded: Vec::new(), next: 0, source: Some(fastrand::Rng::with_seed(seed)) }
    }

    /// Replays recorded choices.
    pub fn replayed(recorded: &[usize]) -> Self {
        Self { recorded: recorded.to_vec(), next: 0, source: None }
    }

    /// Returns a number below `bound`, which must be at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = match (self.recorded.get(self.next), &mut self.source) {
            (Some(number), _) => number % bound,
            (None, Some(source)) => {
                let number = source.usize(..bound);
                self.recorded.push(number);
                number
            }
            (None, None) => 0,
        };
        self.next += 1;
        number
    }

    /// Returns true once in `bound` times.
    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) + 1 == bound
    }

    /// Returns one of the items; there must be at least one.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }

    /// Returns the choices made so far.
    pub fn recorded(&self) -> &[usize] {
        &self.recorded[..self.recorded.len().min(self.next)]
    }
}

/// Shrinks a list of choices and its numbers while `fails` returns true for it. Calls `fails` at most `rounds`
/// times.
pub fn shrunk(recorded: &[usize], rounds: usize, mut fails: impl FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut calls_left = rounds;
    let mut best = recorded.to_vec();
    let mut still_fails = |candidate: &[usize]| {
        calls_left = calls_left.saturating_sub(1);
        calls_left > 0 && fails(candidate)
    };
    loop {
        let before = best.clone();
        for length in [64, 32, 16, 8, 4, 3, 2, 1] {
            let mut end = best.len();
            while end >= length {
                let mut candidate = best.clone();
                candidate.drain(end - length..end);
                if still_fails(&candidate) {
                    best = candidate;
                    end = end.min(best.len());
                } else {
                    end -= length.div_ceil(2);
                }
            }
        }
        for idx in (0..best.len()).rev() {
            for smaller in [0, best[idx] / 2, best[idx].saturating_sub(1)] {
                let mut candidate = best.clone();
                candidate[idx] = smaller;
                if smaller < best[idx] && still_fails(&candidate) {
                    best = candidate;
                    break;
                }
            }
        }
        if best == before {
            return best;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_gives_same_choices() {
        let draw = |choices: &mut Choices| (1..50).map(|bound| choices.below(bound)).collect::<Vec<_>>();
        let mut random = Choices::random(7);
        let numbers = draw(&mut random);
        assert_eq!(draw(&mut Choices::random(7)), numbers);
        assert_eq!(draw(&mut Choices::replayed(random.recorded())), numbers);
        assert_ne!(draw(&mut Choices::random(8)), numbers);
        assert_eq!(draw(&mut Choices::replayed(&[])), [0; 49]);
    }

    #[test]
    fn shrinks_to_a_minimal_failure() {
        // Fails if a 7 or more is followed by a 3 or more at any distance.
        let fails = |recorded: &[usize]| {
            let first = recorded.iter().position(|number| *number >= 7);
            first.is_some_and(|first| recorded[first + 1..].iter().any(|number| *number >= 3))
        };
        let recorded: Vec<usize> = (0..100).map(|idx| (idx * 37) % 11).collect();
        assert_eq!(shrunk(&recorded, 10_000, fails), [7, 3]);
    }
}
