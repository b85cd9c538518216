//! Retries of failed steps, and what changes between attempts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Duration, FailureClass};

/// The retries of a failed step: their limit, delays and classes of failure.
///
/// Failures of the classes [data](FailureClass::Data) and [permanent](FailureClass::Permanent) are retried only if
/// there is a tier for the class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// The maximum number of retries.
    pub limit: u32,
    /// The delay between attempts; none by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
    /// The overrides for failure classes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<FailureClass, Tier>,
}

/// The delay before a retry: initially `duration`, multiplied by `factor` after each retry, and at most `cap`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// The initial delay.
    pub duration: Duration,
    /// The factor by which the delay is multiplied after each retry; at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// The maximum delay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Duration>,
}

/// The overrides for failures of one class.
///
/// Tiers count all attempts, regardless of why they failed: a failure of the class is retried as long as there were
/// fewer than `limit` retries of any kind, and changes of the machine depend only on the number of the attempt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The maximum number of retries; by default, the limit of the retry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The growth of the memory request with each retry; for [`FailureClass::Oom`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Growth>,
    /// Whether the first attempt prefers spot machines and retries prefer on-demand machines; for
    /// [`FailureClass::SpotReclaimed`] only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
}

/// The growth of a quantity with each retry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// The factor by which the quantity is multiplied for each retry.
    pub factor: f64,
    /// The maximum quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
}

impl Retry {
    /// Creates a retry with a limit, without delays and tiers.
    pub fn times(limit: u32) -> Self {
        Self { limit, backoff: None, tiers: BTreeMap::new() }
    }

    /// Returns the maximum number of retries for failures of the class.
    pub fn limit_for(&self, class: FailureClass) -> u32 {
        match self.tiers.get(&class) {
            Some(tier) => tier.limit.map_or(self.limit, |limit| limit.min(self.limit)),
            None if class.may_retry() => self.limit,
            None => 0,
        }
    }

    /// Returns the growth of the memory request, if it grows.
    pub fn memory_growth(&self) -> Option<&Growth> {
        self.tiers.get(&FailureClass::Oom)?.memory.as_ref()
    }

    /// Whether only the first attempt prefers spot machines.
    pub fn retries_on_demand(&self) -> bool {
        self.tiers.get(&FailureClass::SpotReclaimed).is_some_and(|tier| tier.on_demand)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_without_tiers_are_read_and_written_as_before() {
        let json = json!({"limit": 2, "backoff": {"duration": "30s"}});
        let retry: Retry = serde_json::from_value(json.clone()).unwrap();
        assert_eq!((retry.limit_for(FailureClass::Oom), retry.limit_for(FailureClass::Data)), (2, 0));
        assert_eq!(serde_json::to_value(&retry).unwrap(), json);
    }

    #[test]
    fn tiers_override_the_limit_of_their_class() {
        let growth = json!({"factor": 2.0, "cap": "8Gi"});
        let tiers =
            json!({"oom": {"limit": 2, "memory": growth}, "spot_reclaimed": {"on_demand": true}, "data": {}});
        let json = json!({"limit": 3, "tiers": tiers});
        let retry: Retry = serde_json::from_value(json.clone()).unwrap();
        let limits = FailureClass::ALL.map(|class| retry.limit_for(class));
        assert_eq!(limits, [3, 3, 2, 3, 0, 3, 3]);
        assert_eq!(retry.memory_growth().unwrap().cap.as_deref(), Some("8Gi"));
        assert!(retry.retries_on_demand());
        assert_eq!(serde_json::to_value(&retry).unwrap(), json);
    }
}
