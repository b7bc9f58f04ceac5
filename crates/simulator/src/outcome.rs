//! How a push ended, and what that says about its messages.

use std::borrow::Cow;

use aicc_schema::{Answer, ResultCode};

use crate::journal::Verdict;

/// How a push ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// An HTTP answer came: its status, and its `resultCode` if it has one of the interface's.
    Answered(u16, Option<ResultCode>),
    /// No connection could be made in time, so nothing was sent.
    NotConnected,
    /// The connection broke before the answer was complete.
    ConnectionLost,
    /// No answer came in time.
    TimedOut,
}

impl Outcome {
    /// Reads an HTTP answer.
    pub fn of_answer(status: u16, body: &[u8]) -> Self {
        Self::Answered(status, serde_json::from_slice::<Answer>(body).ok().map(|answer| answer.result_code))
    }

    /// The name that the outcome is counted under: status and code, or what happened instead of an answer.
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Answered(status, Some(code)) => format!("{status}/{code}").into(),
            Self::Answered(status, None) => format!("{status} without a code").into(),
            Self::NotConnected => "not connected".into(),
            Self::ConnectionLost => "connection lost".into(),
            Self::TimedOut => "timed out".into(),
        }
    }

    /// What is known of the push's messages now.
    pub fn verdict(self) -> Verdict {
        match self {
            Self::Answered(200, Some(ResultCode::Success)) => Verdict::Acknowledged,
            Self::Answered(
                _,
                Some(ResultCode::Success | ResultCode::Defect | ResultCode::OutcomeUnknown) | None,
            )
            | Self::ConnectionLost
            | Self::TimedOut => Verdict::Unknown,
            Self::Answered(_, Some(_)) | Self::NotConnected => Verdict::NothingPublished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_status_200_with_code_0_acknowledges_and_only_a_known_refusal_refuses() {
        let cases: [(u16, &str, Verdict); 9] = [
            (200, r#"{"resultCode":"0","resultDesc":"success."}"#, Verdict::Acknowledged),
            (200, r#"{"resultCode":"0"}"#, Verdict::Acknowledged),
            (500, r#"{"resultCode":"0"}"#, Verdict::Unknown),
            (200, "<html>", Verdict::Unknown),
            (401, r#"{"resultCode":"4011"}"#, Verdict::NothingPublished),
            (503, r#"{"resultCode":"5031"}"#, Verdict::NothingPublished),
            (504, r#"{"resultCode":"5040"}"#, Verdict::Unknown),
            (500, r#"{"resultCode":"5000"}"#, Verdict::Unknown),
            (502, "", Verdict::Unknown),
        ];
        for (status, body, verdict) in cases {
            assert_eq!(Outcome::of_answer(status, body.as_bytes()).verdict(), verdict, "{status} {body}");
        }
    }
}
