//! Records that a message has beyond its first.

use serde::Serialize;

/// Numbers of duplicates by their cause: those that were found, or those that are allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// Records of a message of which another attempt left one too, each attempt before the last of them having ended
    /// with an unknown outcome.
    pub after_unknown: u64,
    /// Further records of a message by the same attempt: a producer that published it again by itself.
    pub within_attempt: u64,
}

impl Duplicates {
    /// Not one.
    pub const NONE: Self = Self { after_unknown: 0, within_attempt: 0 };

    /// As the relay's records are promised: an attempt of unknown outcome may have left anything.
    pub const AS_PROMISED: Self = Self { after_unknown: u64::MAX, within_attempt: 0 };
}
