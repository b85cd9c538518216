//! The Python executor shim, which runs Python steps, and the description of a step that it receives.
//!
//! The same source runs in a container on Argo and in a local process. Nothing is executed here.

mod notebook;
mod step;

pub use notebook::{RUNNER as NOTEBOOK_RUNNER, python_step};
pub use step::{step_arguments, step_json};

/// The source of the shim: one Python file without dependencies, for Python 3.8 and later.
///
/// It contains nothing that Argo or the kubelet would replace, so a workflow contains it unchanged.
pub const SOURCE: &str = include_str!("kfp_shim.py");

#[cfg(test)]
mod tests {
    use super::SOURCE;
    use super::notebook::RUNNER;

    #[test]
    fn argo_and_the_kubelet_replace_nothing() {
        for text in ["{{", "}}", "$", "\t", "\r", " \n"] {
            assert!(!SOURCE.contains(text) && !RUNNER.contains(text), "{text:?}");
        }
        assert!(SOURCE.is_ascii() && RUNNER.is_ascii());
        assert!(SOURCE.len() < 30 * 1024, "every workflow contains it: {} bytes", SOURCE.len());
    }
}
