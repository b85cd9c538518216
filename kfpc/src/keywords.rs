//! The keywords of Rust.

/// The keywords that are identifiers with the prefix `r#`.
pub(crate) const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// The keywords that cannot be raw identifiers, and `_`.
pub(crate) const RESERVED: [&str; 5] = ["self", "Self", "super", "crate", "_"];
