//! Pushes and messages that own their text and go through serde: for consumers, and for who sends pushes.
//!
//! They are more lenient than [`parse`](crate::parse), which is what keeps the rules: every valid message
//! deserialises, not everything that deserialises is valid. No `Debug` here shows a user or content; an error of
//! `serde_json` may quote the value that it could not use.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::content::{Content, ContentError};

/// A push to be sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OwnedPush {
    /// Milliseconds since 1970.
    pub timestamp: i64,
    /// The messages, in order.
    pub messages: Vec<OwnedMessage>,
}

/// A message, in the vendor's names.
///
/// `None` serialises as the vendor writes it: null, but no field for `isOfflineStatus` and `callId`.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnedMessage {
    /// The sender: an id of the channel.
    pub from: String,
    /// The channel, such as `WEB`.
    pub channel: String,
    /// The user.
    pub to: String,
    /// What the message does, such as `CHAT`.
    pub control_type: String,
    /// Whether the user may go on writing after a time-out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_offline_status: Option<bool>,
    /// The kind of content, such as `TEXT`.
    pub media_type: Option<String>,
    /// As sent; [`typed_content`](Self::typed_content) says what it means.
    pub content: Option<OwnedContent>,
    /// Similar questions.
    pub sim_questions: Option<String>,
    /// The name of who speaks.
    pub sender_nickname: Option<String>,
    /// Milliseconds since 1970, by the sender's clock.
    #[serde(deserialize_with = "integer")]
    pub timestamp: i64,
    /// Who speaks, such as `AGENT`.
    pub source_type: String,
    /// Occurs only in the vendor's example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    /// The sender's own id of the message.
    pub message_code: Option<String>,
    /// Fields that the interface does not name.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl OwnedMessage {
    /// What the content means, by control type and media type; `None` where there is none.
    ///
    /// # Errors
    ///
    /// The content does not have the form that its type asks for.
    pub fn typed_content(&self) -> Result<Option<Content>, ContentError> {
        self.content
            .as_ref()
            .map(|content| Content::interpret(&self.control_type, self.media_type.as_deref(), content))
            .transpose()
    }
}

impl fmt::Debug for OwnedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedMessage")
            .field("channel", &self.channel)
            .field("control_type", &self.control_type)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}

/// Content as it is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OwnedContent {
    /// What most messages have.
    Text(String),
    /// What `READ` may have.
    List(Vec<String>),
}

impl From<String> for OwnedContent {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for OwnedContent {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Vec<String>> for OwnedContent {
    fn from(list: Vec<String>) -> Self {
        Self::List(list)
    }
}

impl fmt::Debug for OwnedContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::List(_) => "List(..)",
        })
    }
}

/// An integer. `-0` is one, but `serde_json` takes it for a double.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Integer;

    impl de::Visitor<'_> for Integer {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer of 64 bits")
        }

        fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
            Ok(value)
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
            i64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
        }

        fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
            if value == 0.0 { Ok(0) } else { Err(E::invalid_type(de::Unexpected::Float(value), &self)) }
        }
    }

    deserializer.deserialize_i64(Integer)
}
