//! Retry tiers: settings for failures of one class.

use kfp_model::Growth;

use super::mistake::{Mistake, TIER};
use super::note::Note;

/// Retry settings for failures of one class, for [`Retry::on`](super::Retry::on).
///
/// ```
/// use kfp_sdk::prelude::*;
/// let once = Tier::times(1);
/// let retry = Retry::times(3).on(FailureClass::Unknown, once).on(Oom, Grow::memory(2.0).up_to("64Gi"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "pass it to `.on(class, ..)`"]
pub struct Tier {
    pub(super) model: kfp_model::Tier,
    pub(super) notes: Vec<Note>,
}

/// A retry tier that requests more memory for each retry.
///
/// Growth counts attempts: the memory of the third attempt has grown twice, whatever the causes of the earlier
/// failures. Local runs do not limit memory, so nothing grows there.
#[derive(Debug, Clone)]
#[must_use = "pass it to `.on(Oom, ..)`"]
pub struct Grow {
    growth: Growth,
    note: Option<Note>,
}

/// A retry tier that prefers spot nodes for the first attempt and on-demand nodes for retries.
#[derive(Debug, Clone, Copy)]
#[must_use = "pass it to `.on(SpotReclaimed, ..)`"]
pub struct OnDemand;

impl Tier {
    /// Retries failures of the class while the step has been retried fewer than `limit` times, whatever the causes of
    /// the earlier failures.
    pub fn times(limit: u32) -> Self {
        Self::of(kfp_model::Tier { limit: Some(limit), ..kfp_model::Tier::default() })
    }

    /// Multiplies the memory by `factor` for each retry, up to `cap`, such as `"64Gi"`.
    #[track_caller]
    pub fn grow_memory(mut self, factor: f64, cap: &str) -> Self {
        let grown = Self::from(Grow::memory(factor).up_to(cap));
        self.model.memory = grown.model.memory;
        self.notes.extend(grown.notes);
        self
    }

    /// Runs retries on on-demand nodes.
    pub fn on_demand(mut self) -> Self {
        self.model.on_demand = true;
        self
    }

    fn of(model: kfp_model::Tier) -> Self {
        Self { model, notes: Vec::new() }
    }
}

impl Grow {
    /// Multiplies the memory by `factor` for each retry.
    #[track_caller]
    pub fn memory(factor: f64) -> Self {
        let message = format!("invalid memory growth factor `{factor}`: expected a number of at least 1.1");
        let note = Note::mistake("retry/tiers", Mistake::new(message).code(TIER));
        Self { growth: Growth { factor, cap: None }, note: (!factor.is_finite()).then_some(note) }
    }

    /// Limits the memory of an attempt, such as to `"64Gi"`.
    pub fn up_to(mut self, cap: &str) -> Self {
        self.growth.cap = Some(cap.to_owned());
        self
    }
}

impl From<Grow> for Tier {
    fn from(grow: Grow) -> Self {
        // A document cannot represent a factor that is not finite, so the tier is left without growth.
        let memory = grow.note.is_none().then_some(grow.growth);
        let model = kfp_model::Tier { memory, ..kfp_model::Tier::default() };
        Self { model, notes: grow.note.into_iter().collect() }
    }
}

impl From<OnDemand> for Tier {
    fn from(_: OnDemand) -> Self {
        Self::of(kfp_model::Tier { on_demand: true, ..kfp_model::Tier::default() })
    }
}
