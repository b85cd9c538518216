//! Secrets, on every channel that leaves a step and in every encoding.
