//! Random expressions and conditions evaluate to the same values in Argo's own engines and in the runner.
//!
//! The compiler lowers pipelines full of them; an oracle in Go evaluates the emitted strings the way the controller
//! does, from the arguments that users type to the command line of a step. Without Go or its modules, the tests
//! pass with a note.

mod argo;
mod case;
mod compare;
mod expressions;
mod failures;
mod rows;
mod typed;
mod values;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use kfp_model::Type;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tests::Oracle;

use argo::outcomes;
use case::{Case, Lowered};
use values::types;

/// The number of pipelines; each has about seventy expressions and conditions.
const CASES: usize = 100;

#[test]
fn random_expressions_agree() {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let random_case = random_case();
    let random = |_| random_case.new_tree(&mut runner).expect("cannot generate a case").current();
    check((0..CASES).map(random).collect());
}

#[test]
fn expressions_that_once_differed_agree() {
    check(rows::expressions());
}

#[test]
fn typed_strings_agree() {
    check(rows::typed());
}

/// Returns the oracle, if it can be built. All tests share one program, because rebuilding would replace a running
/// one.
#[expect(clippy::print_stdout, reason = "reports that the test is skipped")]
fn oracle() -> Option<&'static Oracle> {
    static ORACLE: LazyLock<Result<Oracle, String>> =
        LazyLock::new(|| Oracle::build("expressions", Path::new(env!("CARGO_TARGET_TMPDIR"))));
    match &*ORACLE {
        Ok(oracle) => Some(oracle),
        Err(reason) => {
            println!("skipped: {reason}");
            None
        }
    }
}

/// Asserts that both sides agree on all cases.
fn check(cases: Vec<Case>) {
    let Some(oracle) = oracle() else { return };
    let cases: Vec<(Case, Lowered)> = cases
        .into_iter()
        .map(|case| {
            let lowered = case.lowered();
            (case, lowered)
        })
        .collect();
    let mut differences: Vec<String> = Vec::new();
    for ((case, lowered), outcome) in cases.iter().zip(outcomes(oracle, &cases)) {
        compare::compare(case, lowered, &outcome, &mut differences);
    }
    differences.sort_by_key(String::len);
    let shortest: String =
        differences.iter().take(10).map(|difference| format!("\n{difference:.2000}\n")).collect();
    assert!(differences.is_empty(), "{} differences; the shortest are:\n{shortest}", differences.len());
}

fn random_case() -> impl Strategy<Value = Case> {
    let all: Vec<_> = types().into_iter().collect();
    let argument = prop::sample::select(all)
        .prop_flat_map(|(name, r#type)| (Just(name), expressions::expression(&r#type, 2)));
    let arms = prop::collection::vec(expressions::condition(2), 1..4);
    let arguments = prop::collection::vec(argument, 30);
    let branches = prop::collection::vec(arms, 12);
    let lists: Vec<Type> = types().into_values().filter(|r#type| matches!(r#type, Type::List(_))).collect();
    let list = prop::sample::select(lists).prop_flat_map(|r#type| expressions::expression(&r#type, 1));
    let lists = prop::collection::vec(list, 6);
    (expressions::values(), expressions::values(), arguments, branches, lists).prop_map(
        |(inputs, outputs, arguments, branches, lists)| Case {
            inputs,
            outputs,
            arguments,
            branches,
            lists,
            typed: BTreeMap::new(),
        },
    )
}
