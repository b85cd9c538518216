//! The Python executor shim.
