//! Handles are compared with operators.

mod parts;

use parts::Train;

fn add(train: Train) {
    let _ = train.accuracy > 0.9;
    let _ = train.accuracy == train.loss;
}

fn main() {}
