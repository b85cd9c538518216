//! A component is a method.

use kfp_sdk::prelude::*;

struct Loader;

impl Loader {
    #[component]
    fn load(&self, path: String) {
        let _ = path;
    }
}

fn main() {}
