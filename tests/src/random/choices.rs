//! Choices: the numbers that a random pipeline is made of. They are recorded, replayed and shrunk.

/// The numbers that decide what a random pipeline is. Where none are left, every choice is the first one, which is
/// always the simplest.
#[derive(Debug)]
pub struct Choices {
    made: Vec<usize>,
    next: usize,
    source: Option<fastrand::Rng>,
}

impl Choices {
    /// Choices that depend on the seed alone.
    pub fn random(seed: u64) -> Self {
        Self { made: Vec::new(), next: 0, source: Some(fastrand::Rng::with_seed(seed)) }
    }

    /// The same choices again.
    pub fn replayed(made: &[usize]) -> Self {
        Self { made: made.to_vec(), next: 0, source: None }
    }

    /// Returns a number below the bound, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        let number = match (self.made.get(self.next), &mut self.source) {
            (Some(number), _) => number % bound,
            (None, Some(source)) => {
                let number = source.usize(..bound);
                self.made.push(number);
                number
            }
            (None, None) => 0,
        };
        self.next += 1;
        number
    }

    /// Returns true once in so many times.
    pub fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) + 1 == bound
    }

    /// Returns one of the items, of which there is at least one.
    pub fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(items.len())]
    }

    /// The choices that were made.
    pub fn made(&self) -> &[usize] {
        &self.made[..self.made.len().min(self.next)]
    }
}

/// Makes a list of choices shorter and its numbers smaller as long as `fails` returns true of it. `fails` is asked
/// `rounds` times at most.
pub fn shrunk(made: &[usize], rounds: usize, mut fails: impl FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut left = rounds;
    let mut best = made.to_vec();
    let mut ask = |candidate: &[usize]| {
        left = left.saturating_sub(1);
        left > 0 && fails(candidate)
    };
    loop {
        let before = best.clone();
        for length in [64, 32, 16, 8, 4, 3, 2, 1] {
            let mut end = best.len();
            while end >= length {
                let mut candidate = best.clone();
                candidate.drain(end - length..end);
                if ask(&candidate) {
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
                if smaller < best[idx] && ask(&candidate) {
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
    fn choices_are_the_same_again() {
        let draw = |choices: &mut Choices| (1..50).map(|bound| choices.below(bound)).collect::<Vec<_>>();
        let mut random = Choices::random(7);
        let numbers = draw(&mut random);
        assert_eq!(draw(&mut Choices::random(7)), numbers);
        assert_eq!(draw(&mut Choices::replayed(random.made())), numbers);
        assert_ne!(draw(&mut Choices::random(8)), numbers);
        assert_eq!(draw(&mut Choices::replayed(&[])), [0; 49]);
    }

    #[test]
    fn what_fails_becomes_small() {
        // Fails where a 7 or more is followed by a 3 or more, however far behind.
        let fails = |made: &[usize]| {
            let first = made.iter().position(|number| *number >= 7);
            first.is_some_and(|first| made[first + 1..].iter().any(|number| *number >= 3))
        };
        let made: Vec<usize> = (0..100).map(|idx| (idx * 37) % 11).collect();
        assert_eq!(shrunk(&made, 10_000, fails), [7, 3]);
    }
}
