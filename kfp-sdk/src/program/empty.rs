//! Programs without pipelines.

use crate::builder::Registry;

/// Why there are no pipelines.
pub(super) fn refuse_empty(registry: &Registry) -> Result<(), String> {
    if !registry.pipelines.is_empty() {
        return Ok(());
    }
    let components = match registry.components.len() {
        0 => "neither pipelines nor components",
        _ => "components, but no pipelines",
    };
    Err(format!(
        "this program has {components}\n\nA function with `#[pipeline]` is in the program if the program names \
         its crate: write `kfp_sdk::main!(my_pipelines);` where `my_pipelines` is the library that has them."
    ))
}
