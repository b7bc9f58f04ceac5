//! The body of a push: its envelope, read in one pass.

use crate::codes::ResultCode;
use crate::message::Message;
use crate::nesting::Container;
use crate::rules::read_message;
use crate::scanner::{Scanner, SyntaxError, Token};

/// A push, borrowed from its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push<'a> {
    /// Milliseconds since 1970, by the sender's clock.
    pub timestamp: i64,
    /// The messages, valid or not, in the order of the batch.
    pub messages: Vec<Message<'a>>,
    /// Elements of the array `messages`.
    pub count: usize,
}

/// Why a body is not a push. No text names more than an offset, a field and a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The body is not JSON in UTF-8.
    #[error("the body is not JSON in UTF-8: {problem} at byte {offset}")]
    NotJson {
        /// Bytes before the place where that shows.
        offset: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The body is JSON, but not a push.
    #[error("the body is not a push: {rule}")]
    NotAPush {
        /// The field and the rule that it breaks.
        rule: &'static str,
    },
    /// The push has more messages than are allowed.
    #[error("messages: {count} in one push, {limit} are allowed")]
    TooManyMessages {
        /// Messages in the push.
        count: usize,
        /// Messages that are allowed.
        limit: usize,
    },
}

impl PushError {
    /// The code that answers it.
    pub const fn result_code(&self) -> ResultCode {
        match self {
            Self::NotJson { .. } => ResultCode::NotJson,
            Self::NotAPush { .. } => ResultCode::NotAPush,
            Self::TooManyMessages { .. } => ResultCode::TooManyMessages,
        }
    }
}

impl From<SyntaxError> for PushError {
    fn from(error: SyntaxError) -> Self {
        Self::NotJson { offset: error.offset, problem: error.problem }
    }
}

/// Reads the body of a push.
///
/// The whole body is checked to be JSON, then to be a push, then its number of messages. A message that breaks a
/// rule is no error: it is [`Message::Invalid`], and its neighbours are as they would be without it. The memory
/// used is bounded by `max_messages` and the size of the body, the stack by neither.
///
/// # Errors
///
/// The first that applies of the three of [`PushError`].
pub fn parse(body: &[u8], max_messages: usize) -> Result<Push<'_>, PushError> {
    let text = std::str::from_utf8(body).map_err(|error| PushError::NotJson {
        offset: error.valid_up_to(),
        problem: "bytes that are not UTF-8",
    })?;
    if text.starts_with('\u{FEFF}') {
        return Err(PushError::NotJson { offset: 0, problem: "a byte order mark" });
    }
    let mut scanner = Scanner::new(text);
    let envelope = Envelope::read(&mut scanner, max_messages)?;
    let push = envelope.into_push()?;
    if push.count > max_messages {
        return Err(PushError::TooManyMessages { count: push.count, limit: max_messages });
    }
    Ok(push)
}

/// A field that must be there once.
enum Slot<T> {
    Absent,
    Once(T),
    WrongType,
    Repeated,
}

impl<T> Slot<T> {
    /// The value of a first occurrence; a second one spoils the field whatever its type.
    fn fill(&mut self, value: Option<T>) {
        *self = match (&self, value) {
            (Self::Absent, Some(value)) => Self::Once(value),
            (Self::Absent, None) => Self::WrongType,
            _ => Self::Repeated,
        };
    }
}

/// The messages that are kept, and how many there are.
struct Batch<'a> {
    messages: Vec<Message<'a>>,
    count: usize,
}

impl<'a> Batch<'a> {
    /// Reads an array whose bracket has been read. Messages beyond `keep` are only counted.
    fn read(scanner: &mut Scanner<'a>, keep: usize) -> Result<Self, SyntaxError> {
        let mut batch = Self { messages: Vec::new(), count: 0 };
        while scanner.next_element(batch.count == 0)? {
            if batch.count < keep {
                batch.messages.push(read_message(scanner)?);
            } else {
                let token = scanner.token()?;
                scanner.skip(token)?;
            }
            batch.count += 1;
        }
        Ok(batch)
    }
}

/// The envelope's fields, before anything is required of them.
enum Envelope<'a> {
    NotAnObject,
    Object { timestamp: Slot<i64>, messages: Slot<Batch<'a>> },
}

impl<'a> Envelope<'a> {
    /// Reads the whole text. Only one that is not JSON is an error.
    fn read(scanner: &mut Scanner<'a>, keep: usize) -> Result<Self, SyntaxError> {
        let envelope = match scanner.token()? {
            Token::Open(Container::Object) => Self::read_object(scanner, keep)?,
            other => {
                scanner.skip(other)?;
                Self::NotAnObject
            }
        };
        scanner.end()?;
        Ok(envelope)
    }

    fn read_object(scanner: &mut Scanner<'a>, keep: usize) -> Result<Self, SyntaxError> {
        let (mut timestamp, mut messages) = (Slot::Absent, Slot::Absent);
        let mut first = true;
        while let Some(key) = scanner.next_key(first)? {
            first = false;
            let token = scanner.token()?;
            match (key.decode().as_deref(), token) {
                (Some("messages"), Token::Open(Container::Array)) => {
                    messages.fill(Some(Batch::read(scanner, keep)?));
                }
                (Some("messages"), _) => {
                    scanner.skip(token)?;
                    messages.fill(None);
                }
                (Some("timestamp"), Token::Number(number)) => timestamp.fill(number.as_i64()),
                (Some("timestamp"), _) => {
                    scanner.skip(token)?;
                    timestamp.fill(None);
                }
                _ => scanner.skip(token)?,
            }
        }
        Ok(Self::Object { timestamp, messages })
    }

    fn into_push(self) -> Result<Push<'a>, PushError> {
        let Self::Object { timestamp, messages } = self else {
            return not_a_push("the body must be an object");
        };
        let Batch { messages, count } = match messages {
            Slot::Once(batch) => batch,
            Slot::Absent => return not_a_push("messages: required"),
            Slot::WrongType => return not_a_push("messages: must be an array"),
            Slot::Repeated => return not_a_push("messages: must not occur more than once"),
        };
        let timestamp = match timestamp {
            Slot::Once(timestamp) => timestamp,
            Slot::Absent => return not_a_push("timestamp: required"),
            Slot::WrongType => {
                return not_a_push("timestamp: must be an integer of 64 bits, without fraction or exponent");
            }
            Slot::Repeated => return not_a_push("timestamp: must not occur more than once"),
        };
        Ok(Push { timestamp, messages, count })
    }
}

fn not_a_push<T>(rule: &'static str) -> Result<T, PushError> {
    Err(PushError::NotAPush { rule })
}
