//! SVG pictures, which every browser shows, laid out without another program.
//!
//! The main function is [`svg`]. A region is laid out in rows, from what runs first to what runs last; a task
//! that has regions is laid out from the inside, and is one block in the rows around it. All coordinates are
//! whole numbers, so that the picture is the same on every machine.

mod block;
mod document;
mod layers;
mod letters;
mod place;

pub use document::svg;
