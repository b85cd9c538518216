//! The task has no output of that name.

mod parts;

use parts::Train;

fn add(train: Train) {
    let _ = train.acuracy;
}

fn main() {}
