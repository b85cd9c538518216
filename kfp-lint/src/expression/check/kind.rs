//! What an expression gives.

use crate::expression::scope::{Names, Variable};

/// What an expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is known of it.
    Unknown,
    /// Nothing is known of it but that the engine keeps it as a value of any type.
    Any,
    /// `nil`.
    Nothing,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// A text.
    Text,
    /// Bytes, which are no text.
    Bytes,
    /// A list of these.
    List(Box<Self>),
    /// A list of texts that is kept as such, as `split` gives it.
    Texts,
    /// A map with texts as keys.
    Map,
    /// A map with keys of any kind.
    AnyMap,
    /// Variables of the scope.
    Names(Names),
    /// A point in time.
    Time,
    /// A span of time.
    Duration,
    /// A time zone.
    Location,
    /// A function.
    Function,
    /// Something that only its own functions can use.
    Other,
}

impl Kind {
    /// What it is, for messages.
    pub fn shown(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Any => "something unknown",
            Self::Nothing => "nothing",
            Self::Boolean => "a boolean",
            Self::Integer | Self::Float => "a number",
            Self::Text => "a text",
            Self::Bytes => "bytes",
            Self::List(_) | Self::Texts => "a list",
            Self::Map | Self::AnyMap | Self::Names(_) => "a map",
            Self::Time => "a time",
            Self::Duration => "a duration",
            Self::Location => "a time zone",
            Self::Function => "a function",
            Self::Other => "something else",
        }
    }

    pub(super) fn list() -> Self {
        Self::List(Box::new(Self::Any))
    }

    /// What the values of a variable are.
    pub(super) fn of(variable: &Variable) -> Self {
        match variable {
            Variable::Text => Self::Text,
            Variable::Integer => Self::Integer,
            Variable::Float => Self::Float,
            Variable::Boolean => Self::Boolean,
            Variable::List => Self::list(),
            Variable::Texts => Self::Texts,
            // An absent variable of any kind is like one of which nothing is known.
            Variable::Unknown | Variable::Absent(_) => Self::Unknown,
            Variable::Map(names) => Self::Names(names.clone()),
        }
    }

    /// Whether the kind may be any, `Other` among them, of which nothing more is known here either.
    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Any | Self::Other)
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Float)
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Texts | Self::Bytes)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map | Self::AnyMap | Self::Names(_))
    }

    /// What the items of a list are.
    pub(super) fn element(&self) -> Self {
        match self {
            Self::List(element) => (**element).clone(),
            Self::Texts => Self::Text,
            Self::Bytes => Self::Integer,
            _ => Self::Unknown,
        }
    }

    /// Whether the engine keeps values of both in the same way.
    fn is_kept_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(_), Self::List(_)) | (Self::Map | Self::Names(_), Self::Map | Self::Names(_)) => true,
            _ => self == other,
        }
    }

    /// Whether a value of this kind can stand where the other kind is wanted.
    pub(super) fn is_assignable_to(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, _) => {
                matches!(other, Self::Any | Self::Location | Self::Function)
                    || other.is_list()
                    || other.is_map()
            }
            (Self::Unknown, _) | (_, Self::Unknown) => false,
            (_, Self::Any) => true,
            _ => self.is_kept_as(other),
        }
    }

    /// Whether `==` between the two makes sense.
    pub(super) fn is_comparable_to(&self, other: &Self) -> bool {
        self.is_unknown()
            || other.is_unknown()
            || matches!((self, other), (Self::Nothing, _) | (_, Self::Nothing))
            || self.is_number() && other.is_number()
            || self.is_list() && other.is_list()
            || self.is_assignable_to(other)
    }

    /// Whether both are of one of the kinds, or one is while nothing is known of the other.
    pub(super) fn maybe(&self, other: &Self, of: &[Self]) -> bool {
        let is = |kind: &Self| of.iter().any(|one| one.is_kept_as(kind));
        match (self.is_unknown(), other.is_unknown()) {
            (true, true) => true,
            (true, false) => is(other),
            (false, true) => is(self),
            (false, false) => false,
        }
    }
}

/// How Go keeps a value, for lists of values that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GoForm {
    None,
    Interface,
    Boolean,
    Integer,
    Float,
    Text,
    Slice,
    Map,
    Struct,
    Duration,
    Pointer,
    Function,
}

impl Kind {
    pub(super) fn form(&self) -> GoForm {
        match self {
            Self::Unknown | Self::Nothing => GoForm::None,
            Self::Any | Self::Other => GoForm::Interface,
            Self::Boolean => GoForm::Boolean,
            Self::Integer => GoForm::Integer,
            Self::Float => GoForm::Float,
            Self::Text => GoForm::Text,
            Self::Bytes | Self::List(_) | Self::Texts => GoForm::Slice,
            Self::Map | Self::AnyMap | Self::Names(_) => GoForm::Map,
            Self::Time => GoForm::Struct,
            Self::Duration => GoForm::Duration,
            Self::Location => GoForm::Pointer,
            Self::Function => GoForm::Function,
        }
    }
}
