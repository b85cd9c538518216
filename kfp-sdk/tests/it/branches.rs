//! Branches: conditions of every form, arms with and without values.

use kfp_sdk::prelude::*;

use crate::outline::outline;
use crate::steps::{Check, Count, Print, Split};

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
    let print = |p: &Pipeline, message: &str| {
        p.add(Print::new().message(message));
    };
    p.when("greater", rows.gt(5_000_000_000), |p| print(p, "greater"));
    p.when("at-least", rows.ge(small), |p| print(p, "at least"));
    p.when("less-than-a-fraction", rows.lt(0.5), |p| print(p, "less"));
    p.when("at-most", small.le(rows), |p| print(p, "at most"));
    p.when("same-string", table.eq("all"), |p| print(p, "all"));
    p.when("other-string", table.ne(String::from("none")), |p| print(p, "some"));
    p.when("same-enum", state.eq(State::Failed), |p| print(p, "failed"));
    p.when("enum-with-string", table.eq(state), |p| print(p, "named like the state"));
    p.when("boolean", ok.eq(false), |p| print(p, "no"));
    p.when("true", ok, |p| print(p, "yes"));
    p.when("false", !ok, |p| print(p, "no"));
    p.when("and", ok & enabled & rows.gt(1), |p| print(p, "and"));
    p.when("or", rows.gt(1) | ok | !enabled, |p| print(p, "or"));
    p.when("not", !(rows.gt(1) & (ok | enabled)), |p| print(p, "not"));
    p.when("present", limit.is_some() & limit.or(0).gt(1), |p| print(p, "limited"));
    p.when("absent", limit.is_none(), |p| print(p, "not limited"));
}

/// Arms that return one value, several, or none.
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
    let optional = p.when("again", count.gt(5), |p| p.add(Split::new().table(first)).first).or_none();
    let (optional_first, unit) =
        p.when("twice", optional.is_some(), |p| (p.add(Split::new().table(second)).first, ())).or_none();
    let () = unit;
    // A branch without values may have any number of arms, and need not end with `otherwise`.
    p.when("print-first", optional_first.is_some(), |p| {
        p.add(Print::new().message(optional.or(optional_first.or("neither"))))
    })
    .elif("print-second", rows.gt(0), |p| p.add(Print::new().message("second")));
    optional.or(rest)
}

/// Nested branches, and a task that is added between two arms of a branch.
#[pipeline]
fn nested(p: &Pipeline, table: In<String>) {
    let outer = p.when("outer", table.eq("a"), |p| {
        let ok = p.add(Check::new().rate(0.1)).ok;
        p.when("inner", ok, |p| {
            p.add(Print::new().message(text!("{ok} in {table}")));
        })
        .otherwise(|p| {
            p.add(Print::new().message("inner otherwise"));
        });
    });
    let late = p.add(Check::new().rate(0.2));
    outer.elif("late", late.ok, |p| {
        p.add(Print::new().message("late"));
    });
}

#[test]
fn branches_are_recorded() {
    for (name, document) in [
        ("conditions", Conditions::definition()),
        ("arms", Arms::definition()),
        ("nested_branches", Nested::definition()),
    ] {
        insta::assert_snapshot!(name, outline(&document));
    }
}
