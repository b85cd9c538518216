//! Tiers of retries: what is different for failures of one class.

use kfp_model::Growth;

/// What is different for failures of one class, given to [`Retry::on`](super::Retry::on).
///
/// ```
/// use kfp_sdk::prelude::*;
/// let rarely = Tier::times(1);
/// let patient = Retry::times(3).on(FailureClass::Unknown, rarely).on(Oom, Grow::memory(2.0).up_to("64Gi"));
/// ```
#[derive(Debug, Clone)]
#[must_use = "give it to `.on(class, ..)`"]
pub struct Tier {
    pub(super) model: kfp_model::Tier,
    pub(super) problems: Vec<String>,
}

/// More memory for each try after the first one.
///
/// Growth counts attempts: the third one has twice grown memory, whatever the ones before it failed of. On this
/// machine nothing is enforced, and nothing grows.
#[derive(Debug, Clone)]
#[must_use = "give it to `.on(Oom, ..)`"]
pub struct Grow {
    growth: Growth,
    problem: Option<String>,
}

/// The first try prefers machines that may be taken away (spot machines), the others those that stay.
#[derive(Debug, Clone, Copy)]
#[must_use = "give it to `.on(SpotReclaimed, ..)`"]
pub struct OnDemand;

impl Tier {
    /// Tries after the first one that a failure of the class may be followed by: so many, whatever the attempts
    /// before failed of.
    pub fn times(limit: u32) -> Self {
        Self::of(kfp_model::Tier { limit: Some(limit), ..kfp_model::Tier::default() })
    }

    /// Multiplies the memory for each try, up to `cap`, as `"64Gi"`.
    pub fn grow_memory(mut self, factor: f64, cap: &str) -> Self {
        let grown = Self::from(Grow::memory(factor).up_to(cap));
        self.model.memory = grown.model.memory;
        self.problems.extend(grown.problems);
        self
    }

    /// Leaves machines that may be taken away after the first try.
    pub fn on_demand(mut self) -> Self {
        self.model.on_demand = true;
        self
    }

    fn of(model: kfp_model::Tier) -> Self {
        Self { model, problems: Vec::new() }
    }
}

impl Grow {
    /// So many times as much memory for each try.
    pub fn memory(factor: f64) -> Self {
        let problem = (!factor.is_finite())
            .then(|| format!("`{factor}` is no factor for memory: at least 1.1 is allowed"));
        Self { growth: Growth { factor, cap: None }, problem }
    }

    /// The most memory that a try has, as `"64Gi"`.
    pub fn up_to(mut self, cap: &str) -> Self {
        self.growth.cap = Some(cap.to_owned());
        self
    }
}

impl From<Grow> for Tier {
    fn from(grow: Grow) -> Self {
        // What no document can hold is a problem, and the tier stays without it.
        let memory = grow.problem.is_none().then_some(grow.growth);
        let model = kfp_model::Tier { memory, ..kfp_model::Tier::default() };
        Self { model, problems: grow.problem.into_iter().collect() }
    }
}

impl From<OnDemand> for Tier {
    fn from(_: OnDemand) -> Self {
        Self::of(kfp_model::Tier { on_demand: true, ..kfp_model::Tier::default() })
    }
}
