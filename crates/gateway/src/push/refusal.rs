//! Why a push is not acknowledged, and the one table from that to its answer.

use aicc_auth::RefusalClass;
use aicc_schema::{PushError, ResultCode};

/// Why a push is not acknowledged. The text is what the sender is told: what to mend, and nothing of a customer.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("no such path: pushes go to POST {{server.base_path}}/webhooks/v1/messages")]
    WrongPath,
    #[error("only POST is allowed here")]
    WrongMethod,
    #[error("shutting down; nothing was published, send the push again")]
    ShuttingDown,
    #[error("{0}")]
    WrongContentType(&'static str),
    #[error("{}", auth_text(*.0))]
    Auth(aicc_auth::Refusal),
    #[error("the body is larger than limits.body_bytes ({0})")]
    BodyTooLarge(usize),
    #[error("overloaded: {0} is reached; nothing was published, send the push again later")]
    Overloaded(&'static str),
    #[error("{0}")]
    BodyTimeout(&'static str),
    #[error("{0}")]
    Push(#[from] PushError),
    #[error(
        "Kafka cannot be reached or has too few replicas; nothing was published, send the push again later"
    )]
    KafkaUnavailable,
    #[error(
        "Kafka refuses the topic {0:?}: it is missing, not authorised, or takes no record of this size; nothing was published"
    )]
    KafkaRefuses(String),
    #[error(
        "Kafka has not acknowledged every message in time; some may have been published, send the push again"
    )]
    OutcomeUnknown,
    #[error("a defect of the gateway; some messages may have been published, send the push again")]
    Defect,
}

/// An unusable header is explained; who has no valid credential learns nothing of why.
fn auth_text(refusal: aicc_auth::Refusal) -> String {
    match refusal.class() {
        RefusalClass::Denied => {
            "not authenticated: check access key and secret (or token), the signed headers, and \
                                 that the body is signed as it is sent"
                .to_owned()
        }
        RefusalClass::Clock => format!("{refusal} (auth.max_clock_skew)"),
        RefusalClass::Unusable => refusal.to_string(),
    }
}

impl Refusal {
    /// The code of the answer; status and whether to retry follow from it.
    pub(crate) fn code(&self) -> ResultCode {
        match self {
            Self::WrongPath => ResultCode::WrongPath,
            Self::WrongMethod => ResultCode::WrongMethod,
            Self::ShuttingDown => ResultCode::ShuttingDown,
            Self::WrongContentType(_) => ResultCode::WrongContentType,
            Self::Auth(refusal) => match refusal.class() {
                RefusalClass::Unusable => ResultCode::NoCredential,
                RefusalClass::Clock => ResultCode::ClockSkew,
                RefusalClass::Denied => ResultCode::WrongCredential,
            },
            Self::BodyTooLarge(_) => ResultCode::BodyTooLarge,
            Self::Overloaded(_) => ResultCode::Overloaded,
            Self::BodyTimeout(_) => ResultCode::BodyTimeout,
            Self::Push(error) => error.result_code(),
            Self::KafkaUnavailable => ResultCode::KafkaUnavailable,
            Self::KafkaRefuses(_) => ResultCode::KafkaRefuses,
            Self::Defect => ResultCode::Defect,
            Self::OutcomeUnknown => ResultCode::OutcomeUnknown,
        }
    }
}
