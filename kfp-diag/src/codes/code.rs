//! The diagnostic code type, and the macro that declares codes.

use std::fmt;

/// A diagnostic code, such as `KFP0201`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub(super) &'static str);

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) code: Code,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

/// Declares each code of a stage as a constant, and all of them as rows of the table.
macro_rules! codes {
    ($rows:ident; $($name:ident = $code:literal, $title:literal, $text:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: ", $title, ".")]
            pub const $name: Code = Code($code);
        )*
        pub(super) const $rows: &[Row] = &[$(Row { code: $name, title: $title, text: $text }),*];
    };
}
pub(super) use codes;

impl Code {
    /// Returns the code as a string.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
