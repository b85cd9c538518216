//! What rendering asks of the world outside: the texts that locations point into.
//!
//! Nothing is read here. The command line brings the file system, tests bring a table.

use std::ops::Range;

use kfp_model::{Locations, Place};

/// Source files, by the paths that the locations of a document name.
pub trait World {
    /// The text of the file, where it can be had.
    fn source(&self, path: &str) -> Option<String>;
}

/// A world without source files: locations are printed as `file:line:column`, without the line itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSources;

/// Where the nodes of a document stand in its text.
pub trait Spans {
    /// The bytes that show the node, or the closest one around it, best: one line at most.
    fn span(&self, place: &Place) -> Option<Range<usize>>;
}

/// A document as somebody wrote it.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The name of the file, or what stands for it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// Where its nodes stand.
    pub spans: &'a dyn Spans,
}

/// Everything that rendering needs besides the diagnostics.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The text that the document was read from, where there is one.
    pub written: Option<Written<'a>>,
    /// Where the nodes were made in Rust; this is what readers are shown, where it is known.
    pub locations: &'a Locations,
    /// The source files.
    pub world: &'a dyn World,
}

impl World for NoSources {
    fn source(&self, _path: &str) -> Option<String> {
        None
    }
}
