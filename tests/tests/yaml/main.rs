//! YAML compatibility: emitted YAML is read in the same way by go-yaml, which Argo and Kubernetes use, and by
//! `PyYAML`; and everything that we read can be read by go-yaml.
//!
//! Neither is part of this repository: without Go or `PyYAML`, a test passes with a note.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod readers;
mod refused;
mod written;
