//! Drawing: hyperparameters by chance.

use kfp_sdk::prelude::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use crate::trial::Trial;

/// The most hyperparameters that are drawn.
pub(crate) const MOST_TRIALS: u32 = 128;

/// Draw hyperparameters: learning rates evenly among their orders of magnitude, depths evenly.
#[component(cpu = "100m", memory = "64Mi")]
#[output(trials)]
pub(crate) fn draw_trials(
    /// How many.
    count: u32,
    /// What the draw depends on.
    seed: u32,
) -> Result<Vec<Trial>> {
    if !(1..=MOST_TRIALS).contains(&count) {
        return Err(Error::data(format!("`count` is {count}: it must be between 1 and {MOST_TRIALS}")));
    }
    // This generator gives the same numbers on every machine.
    let mut random = Xoshiro256PlusPlus::seed_from_u64(u64::from(seed));
    let mut trial = || {
        let exponent: f64 = random.random_range(-2.0..0.0);
        let learning_rate = (10_f64.powf(exponent) * 1e4).round() / 1e4;
        Trial { learning_rate, depth: random.random_range(1..=4) }
    };
    Ok((0..count).map(|_| trial()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_trials_again() {
        let trials = draw_trials(20, 1).unwrap();
        assert_eq!(draw_trials(20, 1).unwrap(), trials);
        assert_ne!(draw_trials(20, 2).unwrap(), trials);
        for Trial { learning_rate, depth } in trials {
            assert!((0.01..=1.0).contains(&learning_rate) && (1..=4).contains(&depth));
        }
    }

    #[test]
    fn as_many_as_can_be_halved_to_one_are_drawn() {
        for count in [0, MOST_TRIALS + 1] {
            let error = draw_trials(count, 1).unwrap_err();
            assert_eq!(error.to_string(), format!("`count` is {count}: it must be between 1 and 128"));
        }
    }
}
