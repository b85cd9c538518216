//! Retries: how often and when a failed step is tried again, and what the next try has that the last one had not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Duration, FailureClass};

/// How often and when a failed step is tried again.
///
/// Failures of class [data](FailureClass::Data) and [permanent](FailureClass::Permanent) are tried again only where a tier
/// says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Retry {
    /// Tries after the first one.
    pub limit: u32,
    /// The pause between tries; without one there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
    /// What is different for failures of a class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tiers: BTreeMap<FailureClass, Tier>,
}

/// The pause before a retry: `duration`, then `factor` times as long each time, never longer than `cap`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Backoff {
    /// The first pause.
    pub duration: Duration,
    /// What each pause is multiplied with to give the next; at least 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// The longest pause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Duration>,
}

/// What is different for failures of one class.
///
/// Tiers count attempts, whatever these failed of: an attempt that failed of the class is followed by another
/// one as long as there were fewer than `limit` retries, and what the tier changes of the machine depends on the
/// number of the attempt alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Tries after the first one; without one, as many as the retry has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// How the memory grows from try to try; for [`FailureClass::Oom`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Growth>,
    /// Whether the first try prefers machines that may be taken away and the others prefer those that stay;
    /// for [`FailureClass::SpotReclaimed`] only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
}

/// A quantity that is multiplied for each try after the first one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Growth {
    /// What the quantity of each try is multiplied with to give that of the next.
    pub factor: f64,
    /// The largest quantity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
}

impl Retry {
    /// So many tries after the first one, without pauses and tiers.
    pub fn times(limit: u32) -> Self {
        Self { limit, backoff: None, tiers: BTreeMap::new() }
    }

    /// Tries after the first one that a failure of the class may be followed by.
    pub fn limit_for(&self, class: FailureClass) -> u32 {
        match self.tiers.get(&class) {
            Some(tier) => tier.limit.map_or(self.limit, |limit| limit.min(self.limit)),
            None if class.may_retry() => self.limit,
            None => 0,
        }
    }

    /// How the memory grows, where it does.
    pub fn memory_growth(&self) -> Option<&Growth> {
        self.tiers.get(&FailureClass::Oom)?.memory.as_ref()
    }

    /// Whether the first try prefers machines that may be taken away.
    pub fn leaves_spot(&self) -> bool {
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
    fn tiers_decide_for_their_class() {
        let growth = json!({"factor": 2.0, "cap": "8Gi"});
        let tiers =
            json!({"oom": {"limit": 2, "memory": growth}, "spot_reclaimed": {"on_demand": true}, "data": {}});
        let json = json!({"limit": 3, "tiers": tiers});
        let retry: Retry = serde_json::from_value(json.clone()).unwrap();
        let limits = FailureClass::ALL.map(|class| retry.limit_for(class));
        assert_eq!(limits, [3, 3, 2, 3, 0, 3, 3]);
        assert_eq!(retry.memory_growth().unwrap().cap.as_deref(), Some("8Gi"));
        assert!(retry.leaves_spot());
        assert_eq!(serde_json::to_value(&retry).unwrap(), json);
    }
}
