//! The command line of a pipeline binary: `export`, `list`, `describe` and `component`.

mod arguments;
mod component;
mod describe;
mod empty;
mod export;
mod list;
mod main;
mod printing;

pub use main::main;
