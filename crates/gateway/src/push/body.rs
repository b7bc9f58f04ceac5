//! Reads a push's body: bounded in size, in time, and in what all bodies together may take.

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::refusal::Refusal;
use crate::gateway::Gateway;
use crate::inflight::Permit;

/// A body with the room that it takes.
pub(crate) struct Body {
    pub(crate) bytes: Bytes,
    pub(crate) permit: Permit,
}

/// Reads the whole body until `deadline`.
pub(crate) async fn read(
    gateway: &Gateway,
    headers: &HeaderMap,
    payload: &mut Payload,
    deadline: Instant,
) -> Result<Body, Refusal> {
    let limit = gateway.limits.body_bytes;
    let declared = content_length(headers);
    if declared.is_some_and(|length| length > limit) {
        return Err(Refusal::BodyTooLarge(limit));
    }
    // A declared body takes its room at once, one in chunks as they come.
    let mut permit = gateway.inflight_bytes.take(declared.unwrap_or(0)).ok_or(OVERLOADED)?;
    let read = async {
        // Most bodies come in one piece, which then is the body.
        let mut whole = match payload.next().await.transpose()? {
            None => return Ok(Bytes::new()),
            Some(first) if Some(first.len()) == declared => return Ok(first),
            Some(first) => {
                let mut whole = BytesMut::with_capacity(declared.unwrap_or(first.len()));
                append(&mut whole, &first, declared, limit, &mut permit)?;
                whole
            }
        };
        while let Some(chunk) = payload.next().await.transpose()? {
            append(&mut whole, &chunk, declared, limit, &mut permit)?;
        }
        Ok(whole.freeze())
    };
    match timeout_at(deadline, read).await {
        Ok(Ok(bytes)) => Ok(Body { bytes, permit }),
        Ok(Err(refusal)) => Err(refusal),
        Err(_) => Err(Refusal::BodyTimeout(
            "the body did not arrive within server.request_timeout - kafka.publish_timeout - 1s",
        )),
    }
}

const OVERLOADED: Refusal = Refusal::Overloaded("limits.inflight_bytes");

fn append(
    whole: &mut BytesMut,
    chunk: &Bytes,
    declared: Option<usize>,
    limit: usize,
    permit: &mut Permit,
) -> Result<(), Refusal> {
    if whole.len() + chunk.len() > limit {
        return Err(Refusal::BodyTooLarge(limit));
    }
    if declared.is_none() && !permit.grow(chunk.len()) {
        return Err(OVERLOADED);
    }
    whole.extend_from_slice(chunk);
    Ok(())
}

/// The length that the head announces; absent for a body in chunks. The server has refused any that is not a number.
fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// The connection's sending half was closed or broke, or the chunks do: the rest of the body will not arrive.
impl From<PayloadError> for Refusal {
    fn from(_: PayloadError) -> Self {
        Self::BodyTimeout("the body broke off, or its chunks are malformed; send the push again")
    }
}
