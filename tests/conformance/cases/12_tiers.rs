//! Tiers of retries: each failure class has its own retry policy, and the others keep theirs.

use kfp_sdk::prelude::*;
use tests::conformance::Run;

use crate::case::Case;
use crate::components::{Exits, Fail, Hang, Killed};

/// The exit code of a step that was terminated by SIGTERM, as on a reclaimed spot node.
const RECLAIMED: i64 = 143;

#[pipeline(name = "tier-transient")]
fn tier_transient(p: &Pipeline) {
    let retry = || Retry::times(3).on(FailureClass::Transient, Tier::times(1));
    p.add(Fail::new().class("transient")).name("of-the-class").retry(retry());
    p.add(Fail::new().class("unknown")).name("other").retry(retry());
}

#[pipeline(name = "tier-data")]
fn tier_data(p: &Pipeline) {
    let retry = || Retry::times(2).on(FailureClass::Data, Tier::times(1));
    p.add(Fail::new().class("data")).name("of-the-class").retry(retry());
    p.add(Fail::new().class("permanent")).name("other").retry(retry());
}

#[pipeline(name = "tier-permanent")]
fn tier_permanent(p: &Pipeline) {
    let retry = || Retry::times(2).on(FailureClass::Permanent, Tier::times(2));
    p.add(Fail::new().class("permanent")).name("of-the-class").retry(retry());
    p.add(Fail::new().class("data")).name("other").retry(retry());
}

#[pipeline(name = "tier-unknown")]
fn tier_unknown(p: &Pipeline) {
    let retry = || Retry::times(2).on(FailureClass::Unknown, Tier::times(1));
    p.add(Exits::new().code(3)).name("of-the-class").retry(retry());
    p.add(Fail::new().class("transient")).name("other").retry(retry());
}

#[pipeline(name = "tier-timeout")]
fn tier_timeout(p: &Pipeline) {
    let retry = || Retry::times(2).on(Timeout, Tier::times(1));
    p.add(Hang::new()).name("of-the-class").timeout("1s").retry(retry());
    p.add(Fail::new().class("unknown")).name("other").timeout("10m").retry(retry());
}

#[pipeline(name = "tier-oom")]
fn tier_oom(p: &Pipeline) {
    let retry = || Retry::times(3).on(Oom, Tier::times(2).grow_memory(2.0, "128Mi"));
    p.add(Killed::new()).name("of-the-class").memory("48Mi").retry(retry());
    p.add(Fail::new().class("unknown")).name("other").memory("48Mi").retry(retry());
}

#[pipeline(name = "tier-spot-reclaimed")]
fn tier_spot_reclaimed(p: &Pipeline) {
    p.add(Exits::new().code(RECLAIMED))
        .name("of-the-class")
        .retry(Retry::times(3).on(SpotReclaimed, Tier::times(1).on_demand()));
    p.add(Exits::new().code(RECLAIMED)).name("as-often").retry(Retry::times(2).on(SpotReclaimed, OnDemand));
    p.add(Fail::new().class("unknown"))
        .name("other")
        .retry(Retry::times(2).on(SpotReclaimed, Tier::times(1).on_demand()));
}

#[pipeline(name = "tiers-together")]
fn tiers_together(p: &Pipeline) {
    let retry = || {
        Retry::times(3)
            .on(Oom, Tier::times(2))
            .on(SpotReclaimed, OnDemand)
            .on(FailureClass::Transient, Tier::times(1))
            .on(FailureClass::Data, Tier::times(1))
    };
    p.add(Killed::new()).name("oom").retry(retry());
    p.add(Exits::new().code(RECLAIMED)).name("reclaimed").retry(retry());
    for class in ["transient", "data", "permanent", "unknown"] {
        p.add(Fail::new().class(class)).name(class).retry(retry());
    }
}

pub(super) fn cases() -> Vec<Case> {
    // The exit code and the number of attempts of each of the two tasks.
    let two = |(code, attempts): (i32, u32), (other_code, other_attempts): (i32, u32)| {
        Run::fails()
            .failed_with("of-the-class", code)
            .attempts("of-the-class", attempts)
            .failed_with("other", other_code)
            .attempts("other", other_attempts)
    };
    vec![
        Case::new("tier-transient", TierTransient::definition).run(two((75, 2), (1, 4))),
        Case::new("tier-data", TierData::definition).run(two((10, 2), (11, 1))),
        Case::new("tier-permanent", TierPermanent::definition).run(two((11, 3), (10, 1))),
        Case::new("tier-unknown", TierUnknown::definition).run(two((3, 2), (75, 3))),
        Case::new("tier-timeout", TierTimeout::definition).run(
            Run::fails()
                .failed("of-the-class")
                .attempts("of-the-class", 2)
                .failed_with("other", 1)
                .attempts("other", 3),
        ),
        Case::new("tier-oom", TierOom::definition)
            .in_yaml("asInt(retries) == 0 ? '48Mi' : asInt(retries) == 1 ? '96Mi' : '128Mi'")
            .run(two((137, 3), (1, 4))),
        Case::new("tier-spot-reclaimed", TierSpotReclaimed::definition)
            .in_yaml("karpenter.sh/capacity-type")
            .run(two((143, 2), (1, 3)).failed_with("as-often", 143).attempts("as-often", 3)),
        Case::new("tiers-together", TiersTogether::definition).run(
            [
                ("oom", 137, 3),
                ("reclaimed", 143, 4),
                ("transient", 75, 2),
                ("data", 10, 2),
                ("permanent", 11, 1),
                ("unknown", 1, 4),
            ]
            .into_iter()
            .fold(Run::fails(), |run, (task, code, attempts)| {
                run.failed_with(task, code).attempts(task, attempts)
            }),
        ),
    ]
}
