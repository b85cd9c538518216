//! The Python executor shim: the program around Python steps, and the description of a step that it is given.
//!
//! The same text runs in a container on Argo and in a process on this machine. Nothing is executed here.

mod notebook;
mod step;

pub use notebook::python_step;
pub use step::{step_arguments, step_json};

/// The shim: one Python file without dependencies, for Python 3.8 and later.
///
/// It is free of everything that Argo or the kubelet would replace, so it may stand in a workflow as it is.
pub const SOURCE: &str = include_str!("kfp_shim.py");

#[cfg(test)]
mod tests {
    use super::SOURCE;
    use super::notebook::RUNNER;

    #[test]
    fn nothing_on_the_way_into_a_container_replaces_a_part_of_it() {
        for text in ["{{", "}}", "$", "\t", "\r", " \n"] {
            assert!(!SOURCE.contains(text) && !RUNNER.contains(text), "{text:?}");
        }
        assert!(SOURCE.is_ascii() && RUNNER.is_ascii());
        assert!(SOURCE.len() < 28 * 1024, "it travels in every workflow: {} bytes", SOURCE.len());
    }
}
