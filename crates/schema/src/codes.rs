//! The codes and the body of every answer to a push.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What an answer says. Only [`Success`](Self::Success) with HTTP 200 means that the push was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResultCode {
    /// Every message is durable.
    Success,
    /// The body is not JSON in UTF-8.
    NotJson,
    /// The body is JSON, but not a push.
    NotAPush,
    /// There is no usable Authorization header.
    NoCredential,
    /// The access key, signature or token is wrong.
    WrongCredential,
    /// The signature's timestamp is too far from now.
    ClockSkew,
    /// The path is another.
    WrongPath,
    /// The method is another.
    WrongMethod,
    /// The body did not arrive in time.
    BodyTimeout,
    /// The body is too large.
    BodyTooLarge,
    /// The push has too many messages.
    TooManyMessages,
    /// The content type, charset or encoding is another.
    WrongContentType,
    /// The access key sends more than its rate.
    RateLimited,
    /// A defect of the service; the outcome is unknown.
    Defect,
    /// Too much is in flight; nothing was published.
    Overloaded,
    /// Kafka cannot be reached or lacks replicas; nothing is durable.
    KafkaUnavailable,
    /// The service is shutting down; nothing was published.
    ShuttingDown,
    /// Kafka refuses a topic; nothing is durable.
    KafkaRefuses,
    /// Part of the push is or may be durable.
    OutcomeUnknown,
}

impl ResultCode {
    /// All of them, by code.
    pub const ALL: [Self; 19] = [
        Self::Success,
        Self::NotJson,
        Self::NotAPush,
        Self::NoCredential,
        Self::WrongCredential,
        Self::ClockSkew,
        Self::WrongPath,
        Self::WrongMethod,
        Self::BodyTimeout,
        Self::BodyTooLarge,
        Self::TooManyMessages,
        Self::WrongContentType,
        Self::RateLimited,
        Self::Defect,
        Self::Overloaded,
        Self::KafkaUnavailable,
        Self::ShuttingDown,
        Self::KafkaRefuses,
        Self::OutcomeUnknown,
    ];

    /// The value of `resultCode`.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The status of the HTTP answer.
    pub const fn http_status(self) -> u16 {
        self.row().1
    }

    /// Whether the same push may succeed later: the fault is the service's, not the push's. For
    /// [`KafkaRefuses`](Self::KafkaRefuses) that takes an operator's fix first.
    pub const fn retryable(self) -> bool {
        self.row().2
    }

    /// Code, status, and whether to retry.
    const fn row(self) -> (&'static str, u16, bool) {
        match self {
            Self::Success => ("0", 200, false),
            Self::NotJson => ("4000", 400, false),
            Self::NotAPush => ("4001", 400, false),
            Self::NoCredential => ("4010", 401, false),
            Self::WrongCredential => ("4011", 401, false),
            Self::ClockSkew => ("4012", 401, false),
            Self::WrongPath => ("4040", 404, false),
            Self::WrongMethod => ("4050", 405, false),
            Self::BodyTimeout => ("4080", 408, true),
            Self::BodyTooLarge => ("4130", 413, false),
            Self::TooManyMessages => ("4132", 413, false),
            Self::WrongContentType => ("4150", 415, false),
            Self::RateLimited => ("4290", 429, true),
            Self::Defect => ("5000", 500, true),
            Self::Overloaded => ("5030", 503, true),
            Self::KafkaUnavailable => ("5031", 503, true),
            Self::ShuttingDown => ("5032", 503, true),
            Self::KafkaRefuses => ("5033", 503, true),
            Self::OutcomeUnknown => ("5040", 504, true),
        }
    }
}

impl fmt::Display for ResultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ResultCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ResultCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        Self::ALL
            .into_iter()
            .find(|known| known.as_str() == code)
            .ok_or_else(|| de::Error::custom("resultCode is not one of the interface"))
    }
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// What happened.
    pub result_code: ResultCode,
    /// What to mend, in words. Not mandatory in the vendor's interface, so it may be empty when read.
    #[serde(default)]
    pub result_desc: Cow<'static, str>,
}

impl Answer {
    /// An answer in the given words.
    pub fn new(result_code: ResultCode, result_desc: impl Into<Cow<'static, str>>) -> Self {
        Self { result_code, result_desc: result_desc.into() }
    }

    /// The vendor's answer to a push that was delivered.
    ///
    /// ```
    /// let json = serde_json::to_string(&aicc_schema::Answer::success())?;
    /// assert_eq!(json, r#"{"resultCode":"0","resultDesc":"success."}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub const fn success() -> Self {
        Self { result_code: ResultCode::Success, result_desc: Cow::Borrowed("success.") }
    }
}
