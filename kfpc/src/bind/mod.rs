//! From a Python function to the signature of the Rust component that calls it.
//!
//! The main function is [`bind`]. Python's own parser reads the source, which is not run; what it tells is
//! translated here.

mod constants;
mod description;
mod find;
mod interpreter;
mod names;
mod parameters;
mod returns;
mod signature;
mod types;

pub(crate) use find::bind;
