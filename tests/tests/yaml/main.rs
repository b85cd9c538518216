//! YAML as others read it: what is written here is read alike by go-yaml, which Argo and Kubernetes use, and by `PyYAML`;
//! and what is read here is read by go-yaml.
//!
//! Neither is part of this repository: where Go or `PyYAML` is missing, a test says so and passes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod readers;
mod refused;
mod written;
