//! The error for binaries without pipelines.

use crate::builder::Registry;

/// Returns an error if the binary contains no pipelines.
pub(super) fn require_pipelines(registry: &Registry) -> Result<(), String> {
    if !registry.pipelines.is_empty() {
        return Ok(());
    }
    let components = match registry.components.len() {
        0 => "no pipelines and no components",
        _ => "components, but no pipelines",
    };
    Err(format!(
        "this binary contains {components}\n\nThe linker drops libraries that the binary does not name. If the \
         pipelines are in the library `my_pipelines`, write `kfp_sdk::main!(my_pipelines);`."
    ))
}
