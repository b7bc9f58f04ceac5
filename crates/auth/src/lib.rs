//! Signatures and bearer tokens of the pushes that AICC sends to a message relay.
//!
//! AICC signs each push with a scheme called *auth-v2*; its documentation also shows a fixed bearer token. This
//! crate reads and checks both, and signs as AICC does. It does no I/O and reads no clock: the request's parts and
//! the time are arguments, so that it fits any HTTP server and any test.
//!
//! ```
//! use std::time::Duration;
//! use aicc_auth::{Authorization, KeySet, Refusal, Request, Rules, Secret, format_timestamp, sign};
//!
//! let secret = Secret::new("9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W");
//! let headers = [("Host", "relay.example.com"), ("Content-Type", "application/json")];
//! let request = Request {
//!     method: "POST",
//!     path: "/webhooks/v1/messages",
//!     query: None,
//!     headers: &headers,
//!     body: br#"{"timestamp":1625898453913,"messages":[]}"#,
//! };
//! let rules = Rules::default();
//!
//! // The sender.
//! let now = 1_625_898_453_913; // Unix time in milliseconds
//! let value = sign("aicc-web-01", &secret, &format_timestamp(now), &["host", "content-type"], &request, &rules)?;
//! assert!(value.starts_with("auth-v2/aicc-web-01/2021-07-10T06:27:33Z/content-type;host/"));
//!
//! // The receiver.
//! let mut keys = KeySet::default();
//! keys.add_access_key("aicc-web-01", &secret)?;
//! let mut scratch = Vec::new(); // kept and used again for the next request
//! let authorization = Authorization::parse(value.as_bytes())?;
//! authorization.check_clock(now + 2_000, Duration::from_secs(300))?;
//! let identity = keys.verify(&authorization, &request, &rules, &mut scratch)?;
//! assert_eq!((identity.name, identity.secret), ("aicc-web-01", 1));
//!
//! // A body that was changed on the way.
//! let forged = Request { body: b"{}", ..request };
//! assert_eq!(keys.verify(&authorization, &forged, &rules, &mut scratch), Err(Refusal::WrongSignature));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The scheme
//!
//! ```text
//! Authorization: auth-v2/{accessKey}/{timestamp}/{signedHeaders}/{signature}
//!
//! prefix     = auth-v2/{accessKey}/{timestamp}/{signedHeaders}
//! signingKey = hex(HMAC-SHA256(key = secret, prefix))
//! signature  = hex(HMAC-SHA256(key = signingKey, canonical request))
//! ```
//!
//! | part | form |
//! |---|---|
//! | accessKey | visible ASCII without `/`; says which secret signs |
//! | timestamp | `2021-07-10T06:27:33Z`, `2021-07-10T06:27:33.913Z`, or `1625898453913` (Unix milliseconds); signed as the text that was sent |
//! | signedHeaders | lower-case header names, sorted, each once, joined by `;` |
//! | signature | 64 lower-case hexadecimal digits |
//!
//! [`canonical_request`] describes the canonical request and returns it, to explain a signature that does not hold.
//!
//! # What a receiver can rely on
//!
//! - **Nothing is parsed before it is trusted.** The signature covers the body's bytes as they came over the wire.
//! - **An access key cannot be probed by timing.** For a key set, every signed request costs the same number of
//!   HMACs, whether its access key is known or not and however many secrets it has. Digests are compared in
//!   constant time, and no comparison ends early.
//! - **Secrets do not leak.** [`Secret`] has no content in its `Debug` output and is wiped on drop; a [`KeySet`]
//!   holds only what is derived from secrets. No [`Refusal`] carries anything of the request.
//! - **Memory is bounded.** The body is encoded in small pieces into a buffer that is used again, whatever its size.
//!
//! # What is left to the receiver
//!
//! - [`KeySet::verify`] does not look at the clock: call [`Authorization::check_clock`] first.
//! - A signature can be replayed while its timestamp is fresh. It names no server either, unless the `host` header is
//!   signed: see [`Rules::required_signed_headers`].
//! - [`Refusal::class`] says which answer a refusal is worth. Give one and the same answer to all of
//!   [`RefusalClass::Denied`], and keep the exact reason for logs and metrics.

mod authorization;
mod canonical;
mod encode;
mod keyset;
mod mac;
mod refusal;
mod request;
mod rules;
mod secret;
mod sign;
mod signed_headers;
mod timestamp;

pub use authorization::{Authorization, BearerAuthorization, SignedAuthorization};
pub use canonical::canonical_request;
pub use keyset::{Identity, IdentityKind, KeySet, KeySetError};
pub use refusal::{Refusal, RefusalClass};
pub use request::{HeaderValue, Headers, Request};
pub use rules::Rules;
pub use secret::Secret;
pub use sign::{SignError, sign};
pub use signed_headers::SignedHeaders;
pub use timestamp::format_timestamp;
