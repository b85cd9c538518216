//! Policies of random tasks. None of them changes what a step returns.

use kfp_model::{Cache, Duration, Policy, Retry, Settings, TaskPolicy};

use super::Choices;

/// Far longer than any run takes.
const HOURS: u64 = 6 * 60 * 60;

/// Generates the policy of a task.
pub(super) fn of_task(choices: &mut Choices) -> TaskPolicy {
    let mut policy = Policy::default();
    match choices.below(8) {
        5 => policy.retry = Some(Retry::times(1 + u32::from(choices.one_in(2)))),
        6 => policy.timeout = Some(Duration::from_seconds(HOURS)),
        7 => policy.cache = Some(cache(choices)),
        _ => {}
    }
    policy.into()
}

/// Generates the settings of a pipeline.
pub(super) fn of_pipeline(choices: &mut Choices) -> Settings {
    let mut settings = Settings::default();
    match choices.below(8) {
        5 => settings.parallelism = Some(2),
        6 => settings.timeout = Some(Duration::from_seconds(HOURS)),
        7 => settings.cache = Some(cache(choices)),
        _ => {}
    }
    settings
}

fn cache(choices: &mut Choices) -> Cache {
    match choices.below(3) {
        0 => Cache::Off,
        _ => Cache::For { max_age: Duration::from_seconds(HOURS), key: None, version: None },
    }
}
