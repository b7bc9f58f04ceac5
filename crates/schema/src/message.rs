//! A message of a push: what routing and headers need of it, borrowed from the body.

use std::borrow::Cow;
use std::fmt;

use crate::violation::Violation;

/// One element of a push's `messages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message<'a> {
    /// Keeps every rule.
    Valid(ValidMessage<'a>),
    /// Breaks one, which is no reason to hold up its neighbours.
    Invalid(InvalidMessage<'a>),
}

impl<'a> Message<'a> {
    /// The message's JSON exactly as the sender wrote it, without the whitespace around it.
    pub const fn raw(&self) -> &'a str {
        match self {
            Self::Valid(message) => message.raw,
            Self::Invalid(message) => message.raw,
        }
    }
}

/// A message that keeps every rule. Strings are unescaped. `Debug` shows no user and no content.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidMessage<'a> {
    /// The message's JSON exactly as the sender wrote it, without the whitespace around it.
    pub raw: &'a str,
    /// The channel, such as `WEB`. An open set, like the other types.
    pub channel: Cow<'a, str>,
    /// The sender: an id of the channel.
    pub from: Cow<'a, str>,
    /// The user.
    pub to: Cow<'a, str>,
    /// Who speaks, such as `AGENT`.
    pub source_type: Cow<'a, str>,
    /// What the message does, such as `CHAT`.
    pub control_type: Cow<'a, str>,
    /// The kind of content, such as `TEXT`; never empty for `CHAT`.
    pub media_type: Option<Cow<'a, str>>,
    /// The sender's own id of the message; never empty.
    pub message_code: Option<Cow<'a, str>>,
    /// Milliseconds since 1970, by the sender's clock.
    pub timestamp: i64,
}

impl<'a> ValidMessage<'a> {
    /// The message as one that breaks a rule that [`parse`](crate::parse) cannot know, such as
    /// [`Rule::TooLarge`](crate::Rule::TooLarge).
    #[must_use]
    pub fn reject(self, violation: Violation) -> InvalidMessage<'a> {
        InvalidMessage {
            raw: self.raw,
            to: Some(self.to),
            channel: Some(self.channel),
            from: Some(self.from),
            violation,
        }
    }
}

impl fmt::Debug for ValidMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValidMessage")
            .field("channel", &self.channel)
            .field("control_type", &self.control_type)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}

/// A message that breaks a rule, with what of it is still of use. `Debug` shows no user and no content.
#[derive(Clone, PartialEq, Eq)]
pub struct InvalidMessage<'a> {
    /// The message's JSON exactly as the sender wrote it, without the whitespace around it.
    pub raw: &'a str,
    /// The user, if there is exactly one `to`, a string of any length that is neither empty nor without a
    /// value in Unicode.
    pub to: Option<Cow<'a, str>>,
    /// The channel, by the same rules and with at most 256 characters.
    pub channel: Option<Cow<'a, str>>,
    /// The sender, by the same rules and with at most 256 characters.
    pub from: Option<Cow<'a, str>>,
    /// What is wrong with it.
    pub violation: Violation,
}

impl fmt::Debug for InvalidMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidMessage")
            .field("violation", &self.violation)
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}
