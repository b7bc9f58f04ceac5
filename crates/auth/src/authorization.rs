//! The value of an `Authorization` header, taken apart.

use std::{fmt, time::Duration};

use crate::{
    Refusal, SignedHeaders,
    mac::{self, DIGEST_LEN},
    timestamp,
};

const AUTH_V2: &str = "auth-v2";
const BEARER: &str = "bearer";

/// A well-formed `Authorization` header of one of the two schemes. Nothing about it is verified yet.
#[derive(Debug, Clone, Copy)]
pub enum Authorization<'a> {
    /// A signature of auth-v2.
    Signed(SignedAuthorization<'a>),
    /// A fixed bearer token.
    Bearer(BearerAuthorization<'a>),
}

impl<'a> Authorization<'a> {
    /// Takes the value of an `Authorization` header apart. White space around it is not part of a header's value,
    /// and HTTP servers have taken it off.
    ///
    /// Every refusal is of the class [`Unusable`](crate::RefusalClass::Unusable).
    pub fn parse(value: &'a [u8]) -> Result<Self, Refusal> {
        let text = str::from_utf8(value)
            .ok()
            .filter(|text| text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()))
            .ok_or(Refusal::NotAscii)?;
        if text.split('/').next() == Some(AUTH_V2) {
            return SignedAuthorization::parse(text).map(Self::Signed);
        }
        let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
        if scheme.eq_ignore_ascii_case(BEARER) {
            return BearerAuthorization::parse(token.trim_start_matches(' ')).map(Self::Bearer);
        }
        Err(Refusal::OtherScheme)
    }

    /// Refuses a signature whose timestamp is more than `max_skew` away from now, in either direction, as
    /// [`Refusal::ClockSkew`]. A bearer token has no timestamp, so it passes.
    ///
    /// `now_unix_ms` is Unix time in milliseconds.
    pub fn check_clock(&self, now_unix_ms: i64, max_skew: Duration) -> Result<(), Refusal> {
        match self {
            Self::Signed(signed) => {
                let skew = Duration::from_millis(now_unix_ms.abs_diff(signed.prefix.unix_ms));
                if skew > max_skew { Err(Refusal::ClockSkew) } else { Ok(()) }
            }
            Self::Bearer(_) => Ok(()),
        }
    }
}

/// An auth-v2 header: who says to have signed what, when, and the signature.
#[derive(Clone, Copy)]
pub struct SignedAuthorization<'a> {
    prefix: Prefix<'a>,
    signature: [u8; DIGEST_LEN],
}

impl<'a> SignedAuthorization<'a> {
    fn parse(text: &'a str) -> Result<Self, Refusal> {
        let (prefix, signature) = text.rsplit_once('/').ok_or(Refusal::WrongNumberOfParts)?;
        let prefix = Prefix::parse(prefix)?;
        let signature = mac::from_hex(signature).ok_or(Refusal::SignatureMalformed)?;
        Ok(Self { prefix, signature })
    }

    /// The access key that the request names, whether it is known or not.
    pub fn access_key(&self) -> &'a str {
        self.prefix.access_key
    }

    /// The time of the signature, in Unix milliseconds.
    pub fn unix_ms(&self) -> i64 {
        self.prefix.unix_ms
    }

    /// The signed headers.
    pub fn signed_headers(&self) -> SignedHeaders<'a> {
        self.prefix.signed_headers
    }

    /// The text that the signing key is derived with: the header without its signature.
    pub(crate) fn prefix(&self) -> &'a str {
        self.prefix.text
    }

    pub(crate) fn signature(&self) -> &[u8; DIGEST_LEN] {
        &self.signature
    }
}

/// Without the signature, which is as good as a password while its timestamp is fresh.
impl fmt::Debug for SignedAuthorization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedAuthorization").field(&self.prefix.text).finish_non_exhaustive()
    }
}

/// The part of an auth-v2 header that the signing key is derived with.
#[derive(Clone, Copy)]
pub(crate) struct Prefix<'a> {
    text: &'a str,
    access_key: &'a str,
    unix_ms: i64,
    signed_headers: SignedHeaders<'a>,
}

impl<'a> Prefix<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Refusal> {
        let mut parts = text.split('/');
        let (Some(AUTH_V2), Some(access_key), Some(time), Some(list), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(Refusal::WrongNumberOfParts);
        };
        if access_key.is_empty() || !is_visible_ascii(access_key) {
            return Err(Refusal::AccessKeyMalformed);
        }
        let unix_ms = timestamp::parse(time).ok_or(Refusal::TimestampMalformed)?;
        let signed_headers = SignedHeaders::parse(list)?;
        Ok(Self { text, access_key, unix_ms, signed_headers })
    }

    /// The prefix that these parts make. They may be anything: [`Prefix::parse`] checks them.
    pub(crate) fn join(access_key: &str, timestamp: &str, signed_headers: &str) -> String {
        [AUTH_V2, access_key, timestamp, signed_headers].join("/")
    }

    pub(crate) fn signed_headers(&self) -> SignedHeaders<'a> {
        self.signed_headers
    }
}

/// A bearer token, as it was sent.
#[derive(Clone, Copy)]
pub struct BearerAuthorization<'a> {
    token: &'a str,
}

impl<'a> BearerAuthorization<'a> {
    fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.is_empty() || !is_visible_ascii(token) {
            return Err(Refusal::BearerTokenMalformed);
        }
        Ok(Self { token })
    }

    pub(crate) fn token(&self) -> &'a str {
        self.token
    }
}

impl fmt::Debug for BearerAuthorization<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerAuthorization(..)")
    }
}

/// Whether a text has no space, control or non-ASCII character.
pub(crate) fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}
