//! A calculation with a value that exists only when the pipeline runs.

mod parts;
use parts::*;

fn add(train: Train) {
    let _ = train.accuracy + 0.1;
}

fn main() {}
