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
    /// The sender itself closed the connection, as a crashing client would, and knows of no answer.
    Aborted,
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
            Self::Aborted => "aborted".into(),
        }
    }

    /// The outcome of a [label](Self::label).
    pub fn from_label(label: &str) -> Option<Self> {
        let unanswered = [Self::NotConnected, Self::ConnectionLost, Self::TimedOut, Self::Aborted];
        if let Some(outcome) = unanswered.into_iter().find(|outcome| outcome.label() == label) {
            return Some(outcome);
        }
        if let Some(status) = label.strip_suffix(" without a code") {
            return Some(Self::Answered(status.parse().ok()?, None));
        }
        let (status, code) = label.split_once('/')?;
        let code = ResultCode::ALL.into_iter().find(|known| known.as_str() == code)?;
        Some(Self::Answered(status.parse().ok()?, Some(code)))
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
            | Self::TimedOut
            | Self::Aborted => Verdict::Unknown,
            Self::Answered(_, Some(_)) | Self::NotConnected => Verdict::NothingPublished,
        }
    }

    /// Whether a sender sends the same push again: it was not acknowledged, and the fault is not the push's.
    pub fn retryable(self) -> bool {
        match (self.verdict(), self) {
            (Verdict::Acknowledged, _) => false,
            (Verdict::NothingPublished, Self::Answered(_, Some(code))) => code.retryable(),
            _ => true,
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
        for unanswered in [Outcome::ConnectionLost, Outcome::TimedOut, Outcome::Aborted] {
            assert_eq!(unanswered.verdict(), Verdict::Unknown);
        }
        assert_eq!(Outcome::NotConnected.verdict(), Verdict::NothingPublished);
    }

    #[test]
    fn a_push_is_sent_again_unless_it_is_acknowledged_or_wrong_itself() {
        let answered = |status, code| Outcome::Answered(status, code);
        for again in [
            answered(503, Some(ResultCode::Overloaded)),
            answered(429, Some(ResultCode::RateLimited)),
            answered(504, Some(ResultCode::OutcomeUnknown)),
            answered(500, Some(ResultCode::Success)),
            answered(502, None),
            Outcome::NotConnected,
            Outcome::ConnectionLost,
            Outcome::TimedOut,
            Outcome::Aborted,
        ] {
            assert!(again.retryable(), "{again:?}");
        }
        for never in [(200, ResultCode::Success), (400, ResultCode::NotJson), (401, ResultCode::ClockSkew)] {
            assert!(!answered(never.0, Some(never.1)).retryable(), "{never:?}");
        }
    }

    #[test]
    fn a_label_leads_back_to_its_outcome() {
        let codes = ResultCode::ALL.map(|code| Outcome::Answered(code.http_status(), Some(code)));
        let others = [
            Outcome::Answered(502, None),
            Outcome::NotConnected,
            Outcome::ConnectionLost,
            Outcome::TimedOut,
            Outcome::Aborted,
        ];
        for outcome in codes.into_iter().chain(others) {
            assert_eq!(Outcome::from_label(&outcome.label()), Some(outcome));
        }
        for label in ["", "200", "200/1", "x/0", "x without a code", "lost"] {
            assert_eq!(Outcome::from_label(label), None, "{label}");
        }
    }
}
