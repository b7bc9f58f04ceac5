//! The messages of AICC's push interface, as the relay reads them and as consumers of its topics get them.
//!
//! AICC (a contact centre) sends batches of messages as JSON over HTTP. This crate reads them in one pass that
//! borrows from the body, says which of them break a rule and which rule that is, names the answers, and names the
//! headers of the records that the messages become. It does no input or output and reads no clock.
//!
//! # In a service
//!
//! One message that breaks a rule does not concern its neighbours:
//!
//! ```
//! use aicc_schema::cloudevents::{self, EventIds};
//! use aicc_schema::{Message, parse};
//!
//! let body = br#"{"timestamp": 1625898453913, "messages": [
//!     {"from": "1", "channel": "WEB", "to": "44", "sourceType": "SYSTEM", "controlType": "CONNECT", "timestamp": 1},
//!     {"from": "1", "channel": "WEB", "sourceType": "SYSTEM", "controlType": "CONNECT", "timestamp": 2}
//! ]}"#;
//!
//! let push = parse(body, 1000)?;
//! let mut ids = EventIds::new();
//! for message in &push.messages {
//!     match message {
//!         Message::Valid(message) => {
//!             let id = match &message.message_code {
//!                 Some(code) => code.clone(),
//!                 None => cloudevents::value_id(message.raw.as_bytes()).into(),
//!             };
//!             assert_eq!(message.to, "44");
//!             assert_eq!(ids.assign(id).len(), 32);
//!             assert_eq!(cloudevents::event_type(&message.control_type), "aicc.message.connect");
//!             assert_eq!(cloudevents::source(Some(&message.channel), Some(&message.from)), "/aicc/WEB/1");
//!         }
//!         Message::Invalid(message) => {
//!             assert_eq!(message.violation.to_string(), "to: required");
//!             assert_eq!(message.violation.rule.label(), "required");
//!             assert_eq!(message.to, None);
//!         }
//!     }
//! }
//! # Ok::<(), aicc_schema::PushError>(())
//! ```
//!
//! A body that is not a push has one answer:
//!
//! ```
//! use aicc_schema::{Answer, parse};
//!
//! let error = parse(br#"{"timestamp": "1", "messages": []}"#, 1000).unwrap_err();
//! let answer = Answer::new(error.result_code(), error.to_string());
//! assert_eq!(answer.result_code.as_str(), "4001");
//! assert_eq!(answer.result_code.http_status(), 400);
//! assert!(!answer.result_code.retryable());
//! assert!(answer.result_desc.contains("timestamp: must be an integer"));
//! ```
//!
//! # In a consumer
//!
//! A record's value is the message as it was sent:
//!
//! ```
//! use aicc_schema::OwnedMessage;
//! use aicc_schema::content::Content;
//!
//! let value = br#"{"from": "1", "channel": "WEB", "to": "44", "sourceType": "AGENT", "controlType": "CHAT",
//!     "mediaType": "LOCATE", "content": "48.137/11.575/Marienplatz", "timestamp": 1625898453913}"#;
//!
//! let message: OwnedMessage = serde_json::from_slice(value)?;
//! match message.typed_content()? {
//!     Some(Content::Location(place)) => assert_eq!(place.description, "Marienplatz"),
//!     other => panic!("{other:?}"),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![allow(
    clippy::inline_always,
    reason = "measured: the loop over the fields of a message takes less than half the time as one function"
)]

pub mod cloudevents;
pub mod codes;
pub mod content;
mod field;
mod fields;
pub mod labels;
mod message;
mod nesting;
mod number;
pub mod owned;
mod push;
mod rules;
mod scanner;
mod string;
mod violation;

pub use codes::{Answer, ResultCode};
pub use content::Content;
pub use field::Field;
pub use message::{InvalidMessage, Message, ValidMessage};
pub use owned::{OwnedContent, OwnedMessage, OwnedPush};
pub use push::{Push, PushError, parse};
pub use violation::{Rule, Violation};
