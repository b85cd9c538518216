//! Draws random hyperparameters.

use kfp_sdk::prelude::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use crate::trial::Trial;

/// The maximum number of trials.
pub(crate) const MAX_TRIALS: u32 = 128;

/// Draws random hyperparameters: learning rates are log-uniform, depths are uniform.
#[component(cpu = "100m", memory = "64Mi")]
#[output(trials)]
pub(crate) fn draw_trials(
    /// The number of trials to draw.
    count: u32,
    /// The random seed.
    seed: u32,
) -> Result<Vec<Trial>> {
    if !(1..=MAX_TRIALS).contains(&count) {
        return Err(Error::data(format!(
            "invalid `count` {count}: expected an integer from 1 to {MAX_TRIALS}"
        )));
    }
    // This generator returns the same numbers on every machine.
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
    fn the_same_seed_draws_the_same_trials() {
        let trials = draw_trials(20, 1).unwrap();
        assert_eq!(draw_trials(20, 1).unwrap(), trials);
        assert_ne!(draw_trials(20, 2).unwrap(), trials);
        for Trial { learning_rate, depth } in trials {
            assert!((0.01..=1.0).contains(&learning_rate) && (1..=4).contains(&depth));
        }
    }

    #[test]
    fn the_number_of_trials_is_limited() {
        for count in [0, MAX_TRIALS + 1] {
            let error = draw_trials(count, 1).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("invalid `count` {count}: expected an integer from 1 to 128")
            );
        }
    }
}
