//! Branches: conditions of every form, arms with and without values.

use kfp_sdk::prelude::*;

use crate::outline::outline;
use crate::steps::{Check, Count, Split, Tell};

/// Every way to make a condition.
#[pipeline]
fn conditions(
    p: &Pipeline,
    table: In<String>,
    #[default(true)] enabled: In<bool>,
    #[default(State::Failed)] state: In<State>,
    limit: In<Option<i64>>,
    #[default(3)] small: In<i32>,
) {
    let rows = p.add(Count::new().table(table)).rows;
    let ok = p.add(Check::new()).ok;
    let tell = |p: &Pipeline, message: &str| {
        p.add(Tell::new().message(message));
    };
    p.when("greater", rows.gt(5_000_000_000), |p| tell(p, "greater"));
    p.when("at-least", rows.ge(small), |p| tell(p, "at least"));
    p.when("less-than-a-fraction", rows.lt(0.5), |p| tell(p, "less"));
    p.when("at-most", small.le(rows), |p| tell(p, "at most"));
    p.when("same-text", table.eq("all"), |p| tell(p, "all"));
    p.when("other-text", table.ne(String::from("none")), |p| tell(p, "some"));
    p.when("same-enum", state.eq(State::Failed), |p| tell(p, "failed"));
    p.when("enum-with-text", table.eq(state), |p| tell(p, "called like the state"));
    p.when("truth", ok.eq(false), |p| tell(p, "no"));
    p.when("holds", ok, |p| tell(p, "yes"));
    p.when("holds-not", !ok, |p| tell(p, "no"));
    p.when("and", ok & enabled & rows.gt(1), |p| tell(p, "and"));
    p.when("or", rows.gt(1) | ok | !enabled, |p| tell(p, "or"));
    p.when("not", !(rows.gt(1) & (ok | enabled)), |p| tell(p, "not"));
    p.when("present", limit.is_some() & limit.or(0).gt(1), |p| tell(p, "limited"));
    p.when("absent", limit.is_none(), |p| tell(p, "not limited"));
}

/// Arms that give one value, several, or none.
#[pipeline]
fn arms(p: &Pipeline, table: In<String>) -> Out<String> {
    let rows = p.add(Count::new().table(table)).rows;
    let rest = p
        .when("huge", rows.gt(1_000_000), |p| p.add(Split::new().table(table)).first)
        .elif("large", rows.gt(1_000), |p| p.add(Split::new().table(table)).second)
        .otherwise(|p| p.constant("little"));
    let (first, (second, count)) = p
        .when("whole", rows.gt(10), |p| {
            let parts = p.add(Split::new().table(rest));
            (parts.first, (parts.second, rows))
        })
        .otherwise(|p| (table, (p.add(Split::new().table(table)).second, p.constant(0))));
    let maybe = p.when("again", count.gt(5), |p| p.add(Split::new().table(first)).first).or_none();
    let (maybe_first, nothing) =
        p.when("twice", maybe.is_some(), |p| (p.add(Split::new().table(second)).first, ())).or_none();
    let () = nothing;
    // A branch without values may have as many arms as it likes, and end with any.
    p.when("tell-first", maybe_first.is_some(), |p| {
        p.add(Tell::new().message(maybe.or(maybe_first.or("neither"))))
    })
    .elif("tell-second", rows.gt(0), |p| p.add(Tell::new().message("second")));
    maybe.or(rest)
}

/// Branches in branches, and what is made between a branch and its next arm.
#[pipeline]
fn nested(p: &Pipeline, table: In<String>) {
    let outer = p.when("outer", table.eq("a"), |p| {
        let ok = p.add(Check::new().rate(0.1)).ok;
        p.when("inner", ok, |p| {
            p.add(Tell::new().message(text!("{ok} in {table}")));
        })
        .otherwise(|p| {
            p.add(Tell::new().message("inner otherwise"));
        });
    });
    let late = p.add(Check::new().rate(0.2));
    outer.elif("late", late.ok, |p| {
        p.add(Tell::new().message("late"));
    });
}

#[test]
fn branches_are_noted() {
    for (name, document) in [
        ("conditions", Conditions::definition()),
        ("arms", Arms::definition()),
        ("nested_branches", Nested::definition()),
    ] {
        insta::assert_snapshot!(name, outline(&document));
    }
}
