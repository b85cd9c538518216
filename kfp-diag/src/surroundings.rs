//! What a report needs besides the diagnostics: the document, Rust source locations and access to source files.
//!
//! This module does not read files itself. The command line implements [`World`] with the file system, tests with a
//! map.

use std::ops::Range;

use kfp_model::{Locations, Place};

/// Access to the source files that locations refer to.
pub trait World {
    /// Returns the contents of the file, or `None` if it cannot be read.
    fn source(&self, path: &str) -> Option<String>;
}

/// No source files: locations are printed as `file:line:column`, without the source line.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSources;

/// The positions of a document's nodes in its text.
pub trait Spans {
    /// Returns the byte range, within one line, to show for the node, or for its nearest ancestor in the text.
    fn span(&self, place: &Place) -> Option<Range<usize>>;
}

/// The text of a document.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The file name, or a placeholder such as `<stdin>`.
    pub name: &'a str,
    /// The contents.
    pub text: &'a str,
    /// The positions of its nodes.
    pub spans: &'a dyn Spans,
}

/// The context that diagnostics are rendered in.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The text of the document, if it was read from one.
    pub written: Option<Written<'a>>,
    /// Where the nodes were created in Rust. If known, this is shown instead of the document.
    pub locations: &'a Locations,
    /// The source files that `locations` refer to.
    pub world: &'a dyn World,
}

impl World for NoSources {
    fn source(&self, _path: &str) -> Option<String> {
        None
    }
}
