//! Why a request is refused.

/// The reason why a request is not authenticated.
///
/// The `Display` text says what to mend. It never holds anything of the request, nor of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// There is no `Authorization` header. For the caller to construct.
    #[error("the Authorization header is missing")]
    Missing,
    /// There is more than one `Authorization` header. For the caller to construct.
    #[error("the Authorization header must be there once")]
    Repeated,
    /// The header has a byte that is neither visible ASCII nor a space.
    #[error("the Authorization header must be visible ASCII")]
    NotAscii,
    /// The header is of neither known scheme.
    #[error("the Authorization header must start with auth-v2/ (in lower case) or Bearer")]
    OtherScheme,
    /// An auth-v2 header with too few or too many parts.
    #[error(
        "the Authorization header must be auth-v2/{{accessKey}}/{{timestamp}}/{{signedHeaders}}/{{signature}}"
    )]
    WrongNumberOfParts,
    /// The access key is empty or has a space in it.
    #[error("the access key must be visible ASCII and not empty")]
    AccessKeyMalformed,
    /// The timestamp has no known form, or is an impossible time.
    #[error(
        "the timestamp must be a time in UTC like 2021-07-10T06:27:33Z or 2021-07-10T06:27:33.913Z, or in Unix milliseconds"
    )]
    TimestampMalformed,
    /// The list of signed headers is empty or has something else in it than lower-case header names.
    #[error("the signed header list must be lower-case header names joined by semicolons, at least one")]
    SignedHeadersMalformed,
    /// The list of signed headers is not sorted, or repeats a name.
    #[error("the signed header list must be sorted, with each name once")]
    SignedHeadersUnsorted,
    /// The signature is not 64 lower-case hexadecimal digits.
    #[error("the signature must be 64 lower-case hexadecimal digits")]
    SignatureMalformed,
    /// The bearer token is empty or has a space in it.
    #[error("the bearer token must be visible ASCII and not empty")]
    BearerTokenMalformed,
    /// The timestamp is too far from the clock.
    #[error(
        "the timestamp is too far from the receiver's clock: set the sender's clock, and sign each attempt anew"
    )]
    ClockSkew,
    /// A header that the receiver requires is not among the signed ones.
    #[error("a header that the receiver requires to be signed is not among the signed headers")]
    RequiredHeaderNotSigned,
    /// A signed header is not in the request.
    #[error("a signed header is not in the request")]
    SignedHeaderMissing,
    /// A signed header is in the request more than once.
    #[error("a signed header is in the request more than once")]
    SignedHeaderRepeated,
    /// No such access key is configured.
    #[error("the access key is not configured")]
    UnknownAccessKey,
    /// The signature is of none of the access key's secrets.
    #[error("the signature does not match: compare the secret and the canonical request")]
    WrongSignature,
    /// The bearer token is none of those configured.
    #[error("the bearer token is not configured")]
    UnknownToken,
}

/// Which kind of answer a [`Refusal`] is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalClass {
    /// There is no `Authorization` header that could be checked.
    Unusable,
    /// The signature is too old, or of the future.
    Clock,
    /// The request is not from who it says. One answer for all reasons: what is different tells what to forge.
    Denied,
}

impl Refusal {
    /// Which kind of answer this is worth.
    pub fn class(self) -> RefusalClass {
        match self {
            Self::Missing
            | Self::Repeated
            | Self::NotAscii
            | Self::OtherScheme
            | Self::WrongNumberOfParts
            | Self::AccessKeyMalformed
            | Self::TimestampMalformed
            | Self::SignedHeadersMalformed
            | Self::SignedHeadersUnsorted
            | Self::SignatureMalformed
            | Self::BearerTokenMalformed => RefusalClass::Unusable,
            Self::ClockSkew => RefusalClass::Clock,
            Self::RequiredHeaderNotSigned
            | Self::SignedHeaderMissing
            | Self::SignedHeaderRepeated
            | Self::UnknownAccessKey
            | Self::WrongSignature
            | Self::UnknownToken => RefusalClass::Denied,
        }
    }

    /// The reason as a label for logs and metrics. Each reason has its own, and there are no others.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Repeated => "repeated",
            Self::NotAscii => "not_ascii",
            Self::OtherScheme => "other_scheme",
            Self::WrongNumberOfParts => "wrong_number_of_parts",
            Self::AccessKeyMalformed => "access_key_malformed",
            Self::TimestampMalformed => "timestamp_malformed",
            Self::SignedHeadersMalformed => "signed_headers_malformed",
            Self::SignedHeadersUnsorted => "signed_headers_unsorted",
            Self::SignatureMalformed => "signature_malformed",
            Self::BearerTokenMalformed => "bearer_token_malformed",
            Self::ClockSkew => "clock_skew",
            Self::RequiredHeaderNotSigned => "required_header_not_signed",
            Self::SignedHeaderMissing => "signed_header_missing",
            Self::SignedHeaderRepeated => "signed_header_repeated",
            Self::UnknownAccessKey => "unknown_access_key",
            Self::WrongSignature => "wrong_signature",
            Self::UnknownToken => "unknown_token",
        }
    }
}
