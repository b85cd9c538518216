use kfp_sdk::prelude::*;
use steps::Load;

/// Loads with less memory than it looks like.
#[pipeline(name = "demo")]
pub fn demo(p: &Pipeline, path: In<String>) {
    p.add(Load::new().path(path)).memory("16GB");
}
