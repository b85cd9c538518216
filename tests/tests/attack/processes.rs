//! Runs that are killed at random moments, and steps that outlive them.
