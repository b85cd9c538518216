//! The types of expressions.

use crate::expression::scope::{Names, Variable};

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The type is unknown.
    Unknown,
    /// The type is unknown, and the engine treats the value as `any`.
    Any,
    /// `nil`.
    Nothing,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer,
    /// A floating-point number.
    Float,
    /// A string.
    Text,
    /// A byte slice, which is not a string.
    Bytes,
    /// A list of items of that type.
    List(Box<Self>),
    /// A Go slice of strings, as returned by `split`.
    Texts,
    /// A map with string keys.
    Map,
    /// A map with keys of any type.
    AnyMap,
    /// A map of variables in the scope.
    Names(Names),
    /// A point in time.
    Time,
    /// A span of time.
    Duration,
    /// A time zone.
    Location,
    /// A function.
    Function,
    /// An opaque type that only specific functions accept.
    Other,
}

impl Kind {
    /// Describes the type in messages.
    pub fn shown(&self) -> &'static str {
        match self {
            Self::Unknown | Self::Any => "a value of unknown type",
            Self::Nothing => "nil",
            Self::Boolean => "a boolean",
            Self::Integer | Self::Float => "a number",
            Self::Text => "a string",
            Self::Bytes => "bytes",
            Self::List(_) | Self::Texts => "a list",
            Self::Map | Self::AnyMap | Self::Names(_) => "a map",
            Self::Time => "a time",
            Self::Duration => "a duration",
            Self::Location => "a time zone",
            Self::Function => "a function",
            Self::Other => "an opaque value",
        }
    }

    /// Describes several values of the type in messages.
    pub(super) fn plural(&self) -> &'static str {
        match self {
            Self::Boolean => "booleans",
            Self::Integer | Self::Float => "numbers",
            Self::Text => "strings",
            Self::List(_) | Self::Texts => "lists",
            Self::Map | Self::AnyMap | Self::Names(_) => "maps",
            _ => "values of another type",
        }
    }

    pub(super) fn list() -> Self {
        Self::List(Box::new(Self::Any))
    }

    /// Returns the type of a variable.
    pub(super) fn of(variable: &Variable) -> Self {
        match variable {
            Variable::Text => Self::Text,
            Variable::Integer => Self::Integer,
            Variable::Float => Self::Float,
            Variable::Boolean => Self::Boolean,
            Variable::List => Self::list(),
            Variable::Texts => Self::Texts,
            // A variable that may be absent is like one of unknown type.
            Variable::Unknown | Variable::Absent(_) => Self::Unknown,
            Variable::Map(names) => Self::Names(names.clone()),
        }
    }

    /// Returns whether the type is unknown or opaque.
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

    /// Returns the type of the items of a list.
    pub(super) fn element(&self) -> Self {
        match self {
            Self::List(element) => (**element).clone(),
            Self::Texts => Self::Text,
            Self::Bytes => Self::Integer,
            _ => Self::Unknown,
        }
    }

    /// Returns whether both have the same Go type.
    fn has_same_go_type_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(_), Self::List(_)) | (Self::Map | Self::Names(_), Self::Map | Self::Names(_)) => true,
            _ => self == other,
        }
    }

    /// Returns whether a value of this type is assignable to the other type.
    pub(super) fn is_assignable_to(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, _) => {
                matches!(other, Self::Any | Self::Location | Self::Function)
                    || other.is_list()
                    || other.is_map()
            }
            (Self::Unknown, _) | (_, Self::Unknown) => false,
            (_, Self::Any) => true,
            _ => self.has_same_go_type_as(other),
        }
    }

    /// Returns whether the types can be compared with `==`.
    pub(super) fn is_comparable_to(&self, other: &Self) -> bool {
        self.is_unknown()
            || other.is_unknown()
            || matches!((self, other), (Self::Nothing, _) | (_, Self::Nothing))
            || self.is_number() && other.is_number()
            || self.is_list() && other.is_list()
            || self.is_assignable_to(other)
    }

    /// Returns whether both types are unknown, or one is unknown and the other is among `of`.
    pub(super) fn may_be(&self, other: &Self, of: &[Self]) -> bool {
        let is = |kind: &Self| of.iter().any(|one| one.has_same_go_type_as(kind));
        match (self.is_unknown(), other.is_unknown()) {
            (true, true) => true,
            (true, false) => is(other),
            (false, true) => is(self),
            (false, false) => false,
        }
    }
}

/// The Go representation of a type, used to decide whether the items of a list have the same type.
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
