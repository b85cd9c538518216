//! Random expressions and conditions mean the same to Argo's own engines and to the runner.
//!
//! The compiler lowers pipelines full of them; an oracle in Go evaluates what it printed the way the controller
//! does, from the arguments that people type to the text that a step is started with. Where Go or its modules are
//! missing, the test says so and passes.

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

/// The number of pipelines; each has some seventy expressions and conditions.
const CASES: usize = 100;

#[test]
fn expressions_mean_the_same_to_argo_and_to_the_runner() {
    let seed = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), seed);
    let random_case = random_case();
    let random = |_| random_case.new_tree(&mut runner).expect("there are such cases").current();
    check((0..CASES).map(random).collect());
}

#[test]
fn what_once_differed_means_the_same() {
    check(rows::expressions());
}

#[test]
fn typed_texts_are_read_alike() {
    check(rows::typed());
}

/// The oracle, where it can be built. All tests ask one program: building it anew would replace one that runs.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
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

/// Both sides of all cases are the same.
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
    let shown: String =
        differences.iter().take(10).map(|difference| format!("\n{difference:.2000}\n")).collect();
    assert!(differences.is_empty(), "{} differences, of which the shortest are:\n{shown}", differences.len());
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
