//! A pipeline binary with two large pipelines, to measure the cost of compiling one of them.

use kfp_sdk::prelude::*;

/// Returns a number.
#[component]
pub fn one(number: i64) -> i64 {
    number
}

/// Adds numbers.
#[component]
pub fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

/// Sums the outputs of 999 tasks.
#[pipeline(name = "fan-of-1000")]
fn fan_of_1000(p: &Pipeline) {
    fan(p, 1_000);
}

/// Sums the outputs of 99 tasks.
#[pipeline(name = "fan-of-100")]
fn fan_of_100(p: &Pipeline) {
    fan(p, 100);
}

fn fan(p: &Pipeline, tasks: i64) {
    let numbers: Vec<Out<i64>> = (1..tasks).map(|number| p.add(One::new().number(number)).output).collect();
    p.add(Sum::new().numbers(numbers));
}

kfp_sdk::main!();
