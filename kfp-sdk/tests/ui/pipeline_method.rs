//! A pipeline is a method.

use kfp_sdk::prelude::*;

struct Words;

impl Words {
    #[pipeline]
    fn count(&self, p: &Pipeline) {
        let _ = p;
    }
}

fn main() {}
