//! The one place in which an answer is counted, logged and written.

use std::fmt::Write as _;
use std::time::Instant;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpResponse, HttpResponseBuilder};
use aicc_schema::{Answer, ResultCode};
use uuid::Uuid;

use crate::gateway::Gateway;
use crate::push::{Delivered, Refusal, Trail};

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How many invalid messages an answer names; the dead-letter topic has them all.
const NAMED: usize = 3;

/// The sender's request id, or a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let usable = |id: &&str| {
        (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let mut ids = headers.get_all(&REQUEST_ID);
    let given = ids.next().filter(|_| ids.next().is_none()).and_then(|id| id.to_str().ok()).filter(usable);
    given.map_or_else(|| Uuid::now_v7().simple().to_string(), str::to_owned)
}

/// Answers a request: JSON, the request id, and whatever headers go with the code.
pub(crate) fn answer(
    gateway: &Gateway,
    request_id: &str,
    trail: &Trail,
    started: Instant,
    result: &Result<Delivered, Refusal>,
) -> HttpResponse {
    let answer = match result {
        Ok(delivered) if delivered.dead_letters.is_empty() => Answer::success(),
        Ok(delivered) => Answer::new(ResultCode::Success, dead_letter_text(delivered, trail.messages)),
        Err(refusal) => Answer::new(refusal.code(), refusal.to_string()),
    };
    let seconds = started.elapsed().as_secs_f64();
    gateway.metrics.answered(answer.result_code, seconds);
    if let Err(Refusal::Auth(refusal)) = result {
        gateway.metrics.auth_failure(refusal.reason());
    }
    log(request_id, trail, &answer, seconds, result);

    let status =
        StatusCode::from_u16(answer.result_code.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponseBuilder::new(status);
    response.insert_header((REQUEST_ID, request_id));
    match answer.result_code {
        ResultCode::WrongMethod => {
            response.insert_header((header::ALLOW, "POST"));
        }
        ResultCode::NoCredential | ResultCode::WrongCredential | ResultCode::ClockSkew => {
            response.insert_header((header::WWW_AUTHENTICATE, "auth-v2, Bearer"));
        }
        ResultCode::Overloaded | ResultCode::RateLimited => {
            response.insert_header((header::RETRY_AFTER, "1"));
        }
        _ => {}
    }
    if gateway.lifecycle.ending() {
        response.force_close();
    }
    response.json(answer)
}

/// Names what to mend: index, field and rule.
fn dead_letter_text(delivered: &Delivered, messages: usize) -> String {
    let count = delivered.dead_letters.len();
    let mut text = format!("success. {count} of {messages} messages went to the dead-letter topic: ");
    for (place, (index, violation)) in delivered.dead_letters.iter().take(NAMED).enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, "{}messages[{index}]: {violation}", if place == 0 { "" } else { "; " });
    }
    if count > NAMED {
        text.push_str("; …");
    }
    text
}

/// One line a push, and none at the usual level for what is not one.
fn log(request_id: &str, trail: &Trail, answer: &Answer, seconds: f64, result: &Result<Delivered, Refusal>) {
    let credential = trail.credential.as_deref().unwrap_or_default();
    let code = answer.result_code.as_str();
    let Trail { bytes, messages, repeated, .. } = *trail;
    macro_rules! line {
        ($level:ident, $($field:tt)*) => {
            tracing::$level!(request_id, credential, code, messages, bytes, seconds, $($field)*)
        };
    }
    match result {
        Ok(_) if repeated => line!(info, repeated, "push acknowledged: an earlier one had published it"),
        Ok(delivered) => {
            line!(info, repeated, dead_letters = delivered.dead_letters.len(), "push acknowledged")
        }
        Err(Refusal::WrongPath | Refusal::WrongMethod) => line!(debug, "request refused"),
        Err(Refusal::Auth(refusal)) => line!(warn, reason = refusal.reason(), "push refused"),
        Err(refusal) if refusal.code().retryable() => line!(warn, reason = %refusal, "push failed"),
        Err(refusal) => line!(warn, reason = %refusal, "push refused"),
    }
}
