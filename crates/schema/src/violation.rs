//! What is wrong with a message, in words that name the field and the rule and never the content.

use std::fmt;

use crate::field::Field;

/// The rule that a message breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The message is not a JSON object.
    NotAnObject,
    /// The message has the field more than once, names being compared after unescaping.
    Duplicate,
    /// Arrays and objects are nested deeper than [`Rule::MAX_LEVELS`], the message being the first level.
    TooDeep,
    /// A number is too large for a double.
    NumberOverflow,
    /// An escape of one half of a surrogate pair stands alone.
    UnpairedSurrogate,
    /// The field is absent or null.
    Required,
    /// The field is an empty string.
    Empty,
    /// The field is longer than `limit` Unicode code points.
    TooLong {
        /// Code points that are allowed.
        limit: usize,
    },
    /// The field has another type.
    WrongType {
        /// The type it must have, with its article.
        expected: &'static str,
    },
    /// The message is larger than a record may be. [`parse`](crate::parse) does not look at this; it is for a
    /// service that has such a limit.
    TooLarge {
        /// Bytes that are allowed.
        limit: usize,
    },
}

impl Rule {
    /// Levels of arrays and objects that a message may have, itself included.
    pub const MAX_LEVELS: usize = 32;

    /// A name for metrics: one of a few, whatever the message holds.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotAnObject => "not_an_object",
            Self::Duplicate => "duplicate_field",
            Self::TooDeep => "too_deep",
            Self::NumberOverflow => "number_overflow",
            Self::UnpairedSurrogate => "unpaired_surrogate",
            Self::Required => "required",
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::WrongType { .. } => "wrong_type",
            Self::TooLarge { .. } => "too_large",
        }
    }

    /// Whether it is about the message as a whole rather than one of its fields.
    const fn concerns_message(self) -> bool {
        matches!(self, Self::NotAnObject | Self::TooLarge { .. })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject => f.write_str("must be an object"),
            Self::Duplicate => f.write_str("must not occur more than once"),
            Self::TooDeep => write!(f, "nested deeper than {} levels", Self::MAX_LEVELS),
            Self::NumberOverflow => f.write_str("a number overflows a double"),
            Self::UnpairedSurrogate => f.write_str("an unpaired surrogate escape"),
            Self::Required => f.write_str("required"),
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { limit } => write!(f, "longer than {limit} characters"),
            Self::WrongType { expected } => write!(f, "must be {expected}"),
            Self::TooLarge { limit } => write!(f, "larger than {limit} bytes with key and headers"),
        }
    }
}

/// The first rule that a message was found to break. Displays like `to: required`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Violation {
    /// The field; `None` for the message as a whole, and for a field that the interface does not name: such a
    /// name is the sender's content.
    pub field: Option<Field>,
    /// The rule.
    pub rule: Rule,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "{field}: {}", self.rule),
            None if self.rule.concerns_message() => write!(f, "the message: {}", self.rule),
            None => write!(f, "a field: {}", self.rule),
        }
    }
}
