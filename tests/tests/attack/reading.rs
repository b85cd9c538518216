//! Hostile files, given to every command that reads.
