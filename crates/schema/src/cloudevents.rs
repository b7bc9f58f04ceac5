//! The names and values of a record's headers: CloudEvents 1.0 in Kafka's binary content mode, and a few of
//! the relay's own.

use std::borrow::Cow;
use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// The header with the version of CloudEvents, always [`SPEC_VERSION`].
pub const CE_SPECVERSION: &str = "ce_specversion";
/// The header with the id of the event, from [`EventIds`].
pub const CE_ID: &str = "ce_id";
/// The header with the source of the event, from [`source`].
pub const CE_SOURCE: &str = "ce_source";
/// The header with the type of the event, from [`event_type`], or [`INVALID_TYPE`].
pub const CE_TYPE: &str = "ce_type";
/// The header with the media type of the value, always [`APPLICATION_JSON`].
pub const CONTENT_TYPE: &str = "content-type";
/// The header that tells the push a message came with: request id, index from 0 and number of messages, the
/// envelope's timestamp and the name of the credential, with semicolons in between.
pub const AICC_PUSH: &str = "aicc-push";
/// The header of a dead letter with the rule that the message breaks.
pub const AICC_ERROR: &str = "aicc-error";
/// The header of a dead letter that was cut, with its original length in bytes.
pub const AICC_TRUNCATED: &str = "aicc-truncated";
/// The header with the W3C trace context of the request.
pub const TRACEPARENT: &str = "traceparent";
/// The header with the W3C trace state of the request.
pub const TRACESTATE: &str = "tracestate";

/// The value of [`CE_SPECVERSION`].
pub const SPEC_VERSION: &str = "1.0";
/// The value of [`CONTENT_TYPE`].
pub const APPLICATION_JSON: &str = "application/json";
/// The value of [`CE_TYPE`] for a dead letter.
pub const INVALID_TYPE: &str = "aicc.message.invalid";

const TYPE_PREFIX: &str = "aicc.message.";
const SOURCE_ROOT: &str = "/aicc";

/// The value of [`CE_TYPE`]: the control type in ASCII lower case, behind a prefix.
///
/// ```
/// assert_eq!(aicc_schema::cloudevents::event_type("TRANS2AGENT"), "aicc.message.trans2agent");
/// ```
pub fn event_type(control_type: &str) -> String {
    let mut event_type = String::with_capacity(TYPE_PREFIX.len() + control_type.len());
    event_type.push_str(TYPE_PREFIX);
    event_type.push_str(control_type);
    event_type.make_ascii_lowercase();
    event_type
}

/// The value of [`CE_SOURCE`]: `/aicc/{channel}/{from}` with both percent-encoded, or `/aicc` if one is unusable.
///
/// ```
/// use aicc_schema::cloudevents::source;
///
/// assert_eq!(source(Some("WEB"), Some("a/b")), "/aicc/WEB/a%2Fb");
/// assert_eq!(source(Some("WEB"), None), "/aicc");
/// ```
pub fn source(channel: Option<&str>, from: Option<&str>) -> String {
    let (Some(channel), Some(from)) = (channel, from) else {
        return SOURCE_ROOT.to_owned();
    };
    let mut source = String::with_capacity(SOURCE_ROOT.len() + channel.len() + from.len() + 2);
    source.push_str(SOURCE_ROOT);
    for segment in [channel, from] {
        source.push('/');
        push_encoded(&mut source, segment);
    }
    source
}

/// The id of a value that has none of its own: the first 32 hexadecimal digits of its SHA-256.
pub fn value_id(value: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(value);
    let mut id = String::with_capacity(32);
    for byte in &digest[..16] {
        push_hex(&mut id, *byte, DIGITS);
    }
    id
}

/// Gives each message of one batch an id that no other message of the batch has, the same ones again for the
/// same batch.
///
/// ```
/// use aicc_schema::cloudevents::EventIds;
///
/// let mut ids = EventIds::default();
/// assert_eq!(["a", "a", "a-1"].map(|id| ids.assign(id.into())), ["a", "a-1", "a-1-1"]);
/// ```
#[derive(Default)]
pub struct EventIds<'a> {
    /// Every id given, with the smallest suffix that may still be free behind it.
    given: HashMap<Cow<'a, str>, usize>,
}

impl<'a> EventIds<'a> {
    /// None given yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The id itself, or with the smallest suffix `-1`, `-2`… that makes it new.
    pub fn assign(&mut self, id: Cow<'a, str>) -> Cow<'a, str> {
        let Some(&taken) = self.given.get(&id) else {
            return self.give(id);
        };
        let mut suffix = taken;
        let unique = loop {
            let candidate = Cow::Owned(format!("{id}-{suffix}"));
            suffix += 1;
            if !self.given.contains_key(&candidate) {
                break candidate;
            }
        };
        self.given.insert(id, suffix);
        self.give(unique)
    }

    fn give(&mut self, id: Cow<'a, str>) -> Cow<'a, str> {
        self.given.insert(id.clone(), 1);
        id
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn push_encoded(target: &mut String, text: &str) {
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            target.push(char::from(byte));
        } else {
            target.push('%');
            push_hex(target, byte, b"0123456789ABCDEF");
        }
    }
}

fn push_hex(target: &mut String, byte: u8, digits: &[u8; 16]) {
    target.push(char::from(digits[usize::from(byte >> 4)]));
    target.push(char::from(digits[usize::from(byte & 15)]));
}
