//! The way of a push, in the order in which it is checked:
//! head → body → signature → batch → repeated? → room → topics → Kafka.

mod batch;
mod body;
mod head;
mod refusal;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use aicc_auth::Authorization;
use aicc_schema::Violation;
use tokio::time::timeout;

use crate::dedup::{BatchId, Seen};
use crate::gateway::Gateway;
use crate::inflight::Permit;
use crate::kafka::{Cause, Delivery, LaneClosed, Outcome, TopicId, TopicState};
use crate::metrics::MessageResult;
use batch::{Batch, Kind, Origin, TraceContext};
use body::Body;
use head::SignedFields;
pub(crate) use refusal::Refusal;

/// An acknowledged push: every message is durable.
pub(crate) struct Delivered {
    /// Messages that broke a rule, by their place in the push; they are durable in the dead-letter topic.
    pub(crate) dead_letters: Vec<(usize, Violation)>,
}

/// What was learnt of a push on its way, for the log line.
#[derive(Default)]
pub(crate) struct Trail {
    /// The access key's or token's name, once it was verified.
    pub(crate) credential: Option<String>,
    pub(crate) bytes: usize,
    pub(crate) messages: usize,
    /// Whether an earlier push had published the batch already.
    pub(crate) repeated: bool,
}

/// Takes a push all the way. Nothing of its body is parsed before its signature holds; from the moment at which its
/// records are queued, its outcome depends on no one's patience: a client that hangs up tears no batch. `started` is when
/// its first byte came.
pub(crate) async fn relay(
    gateway: &Gateway,
    request: &HttpRequest,
    payload: &mut Payload,
    started: Instant,
    request_id: &str,
    trail: &mut Trail,
) -> Result<Delivered, Refusal> {
    let _active = gateway.lifecycle.admit().ok_or(Refusal::ShuttingDown)?;
    head::check_content(request.headers())?;
    let authorization = head::authorization(request.headers(), unix_ms(), gateway.max_clock_skew)?;

    let Body { bytes, permit: body_permit } =
        body::read(gateway, request.headers(), payload, (started + gateway.body_timeout).into()).await?;
    trail.bytes = bytes.len();
    let credential = verify(gateway, &authorization, request, &bytes)?;
    trail.credential = Some(credential.to_owned());

    let push = aicc_schema::parse(&bytes, gateway.limits.batch_messages)?;
    trail.messages = push.count;
    let id = BatchId::of(push.messages.iter().map(|message| message.raw().as_bytes()));
    let origin = Origin { request_id, credential, trace: TraceContext::of(request.headers()) };
    let batch = Batch::new(push, origin, gateway.publisher.topics(), gateway.limits.message_bytes);
    if !batch.is_empty() {
        publish(gateway, id, &batch, body_permit, &mut trail.repeated).await?;
    }
    Ok(Delivered { dead_letters: batch.dead_letters().collect() })
}

/// Checks the signature, or the token, over the body as it came; gives the credential's name.
fn verify<'a>(
    gateway: &'a Gateway,
    authorization: &Authorization<'_>,
    request: &HttpRequest,
    body: &[u8],
) -> Result<&'a str, Refusal> {
    thread_local! {
        static SCRATCH: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let uri = request.uri();
    let signed = aicc_auth::Request {
        method: request.method().as_str(),
        path: uri.path(),
        query: uri.query(),
        headers: &SignedFields(request.headers()),
        body,
    };
    SCRATCH
        .with_borrow_mut(|scratch| gateway.keys.verify(authorization, &signed, &gateway.rules, scratch))
        .map(|identity| identity.name)
        .map_err(Refusal::Auth)
}

/// Sees to it that the batch is in Kafka: publishes it, unless an earlier push has, and waits for the outcome, at most
/// `kafka.publish_timeout`.
async fn publish(
    gateway: &Gateway,
    id: BatchId,
    batch: &Batch<'_>,
    body: Permit,
    repeated: &mut bool,
) -> Result<(), Refusal> {
    let started = Instant::now();
    // A repetition that waits keeps its body's room itself; otherwise the delivery does, also when nobody waits any more.
    let mut body = Some(body);
    let seen = match &gateway.dedup {
        Some(window) => window.publish_once(id, || admit(gateway, batch, &mut body))?,
        None => Seen::Now(admit(gateway, batch, &mut body)?),
    };
    *repeated = !matches!(seen, Seen::Now(_));
    if *repeated {
        gateway.metrics.repeated();
    }
    let delivery = match seen {
        Seen::Now(delivery) => {
            // The gateway's clock: by a time of the sender's, retention might delete the record at once.
            gateway.publisher.enqueue(batch.records(), unix_ms(), &delivery);
            delivery
        }
        Seen::InFlight(delivery) => delivery,
        Seen::Durable => return Ok(()),
    };
    let outcome = timeout(gateway.publish_timeout, delivery.settled()).await;
    if !*repeated {
        gateway.metrics.published(batch.len(), started.elapsed().as_secs_f64());
    }
    match outcome {
        Ok(Outcome::Durable) => {
            if delivery.count() {
                count_messages(gateway, batch);
            }
            gateway.dedup.iter().for_each(|window| window.durable(id, &delivery));
            Ok(())
        }
        Ok(Outcome::NotDurable(Cause::Unavailable)) => Err(Refusal::KafkaUnavailable),
        Ok(Outcome::NotDurable(Cause::Refused)) => {
            let topic = bad_topic(gateway, batch).unwrap_or(batch.events()[0].topic);
            Err(refuses(gateway, topic))
        }
        Ok(Outcome::Unknown) | Err(_) => Err(Refusal::OutcomeUnknown),
    }
}

/// Makes room for the batch, or refuses it: overload, a topic known to be bad, no Kafka.
fn admit(gateway: &Gateway, batch: &Batch<'_>, body: &mut Option<Permit>) -> Result<Arc<Delivery>, Refusal> {
    let room =
        gateway.inflight_messages.take(batch.len()).ok_or(Refusal::Overloaded("limits.inflight_messages"))?;
    if let Some(topic) = bad_topic(gateway, batch) {
        return Err(refuses(gateway, topic));
    }
    // One record that the broker refuses would fail its whole record batch, with other pushes' records in it.
    if let Some(event) =
        batch.events().iter().find(|event| !gateway.publisher.takes(event.topic, event.bytes))
    {
        return Err(refuses(gateway, event.topic));
    }
    if gateway.publisher.health().unreachable() {
        return Err(Refusal::KafkaUnavailable);
    }
    let keys = batch.events().iter().map(|event| (event.topic, event.key()));
    let lanes =
        gateway.publisher.lanes(keys, body.as_ref().map_or(0, Permit::amount)).map_err(
            |closed| match closed {
                LaneClosed::Full => {
                    Refusal::Overloaded("one broker's share of limits.inflight_messages or inflight_bytes")
                }
                LaneClosed::Stuck => Refusal::KafkaUnavailable,
            },
        )?;
    Ok(Arc::new(Delivery::new(batch.len(), (room, body.take(), lanes))))
}

/// The first topic of the batch that is known to be missing or denied.
fn bad_topic(gateway: &Gateway, batch: &Batch<'_>) -> Option<TopicId> {
    let topics = gateway.publisher.topics();
    let bad = |id: &TopicId| matches!(topics.state(*id), TopicState::Missing | TopicState::Denied);
    batch.events().iter().map(|event| event.topic).find(bad)
}

fn refuses(gateway: &Gateway, topic: TopicId) -> Refusal {
    Refusal::KafkaRefuses(gateway.publisher.topics().name(topic).to_owned())
}

fn count_messages(gateway: &Gateway, batch: &Batch<'_>) {
    for event in batch.events() {
        match event.kind() {
            Kind::Message { channel, control_type, .. } => {
                gateway.metrics.message(channel, control_type, MessageResult::Published);
            }
            Kind::DeadLetter { violation, .. } => {
                gateway.metrics.message("", "", MessageResult::DeadLetter);
                gateway.metrics.dead_letter(violation.rule.label());
            }
        }
    }
}

/// Milliseconds since 1970 by this machine's clock.
fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
