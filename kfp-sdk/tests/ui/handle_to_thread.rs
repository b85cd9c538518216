//! A handle is sent to another thread.

mod parts;

use parts::Train;

fn add(train: Train) {
    std::thread::spawn(move || train.accuracy);
}

fn main() {}
