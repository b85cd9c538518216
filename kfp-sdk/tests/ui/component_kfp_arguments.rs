//! The arguments of `@dsl.component` and `@dsl.pipeline`.

use kfp_sdk::prelude::*;

#[component(base_image = "python:3.11", packages_to_install = ["pandas"], description = "Loads rows.")]
fn load(path: String) {
    let _ = path;
}

#[pipeline(display_name = "words", pipeline_root = "s3://bucket")]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
