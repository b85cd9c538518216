//! Changes that must make a cached result stale, and files that others spoil.
