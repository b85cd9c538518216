//! A number is compared with a string.

mod parts;

use parts::Train;

fn add(train: Train) {
    let _ = train.accuracy.gt("0.9");
}

fn main() {}
