//! A handle is formatted with `{:?}` while the pipeline is built.

mod parts;

use parts::Train;

fn add(train: Train) {
    let _ = format!("{:?}", train.accuracy);
}

fn main() {}
