//! The small languages that stand in manifests: tags, expressions, conditions and `depends`.
//!
//! They are read from texts and know their places in them as ranges of bytes. What the names in them stand for
//! is told by whoever asks; nothing here knows workflows.

mod tag;

pub use tag::{Tag, TagKind, Tags, Unclosed, tags};
