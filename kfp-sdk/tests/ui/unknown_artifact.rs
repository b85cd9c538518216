//! The task has no artifact of that name.

mod parts;

use parts::Train;

fn add(train: Train) {
    let _ = train.traned_model;
}

fn main() {}
