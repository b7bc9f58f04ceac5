//! From a push to the records it becomes: each message's topic, key, value and headers, in the order of the batch.

use std::borrow::Cow;

use crate::config::DEAD_LETTER_VALUE_BYTES;
use actix_web::http::header::{HeaderMap, HeaderValue};
use aicc_schema::cloudevents::{self as ce, EventIds};
use aicc_schema::{InvalidMessage, Message, Push, Rule, ValidMessage, Violation};
use rdkafka::message::{Header, OwnedHeaders};

use crate::kafka::{Record, TopicId, Topics};

/// A longer `tracestate` need not be handed on (W3C Trace Context), and every record would carry it.
const TRACE_STATE_BYTES: usize = 512;
/// A `traceparent` of version 00 has 55 bytes; later versions may append to it.
const TRACE_PARENT_BYTES: usize = 128;

/// Where a push comes from: what its records' headers say beside the messages.
pub(crate) struct Origin<'a> {
    pub(crate) request_id: &'a str,
    /// The access key's or token's name.
    pub(crate) credential: &'a str,
    pub(crate) trace: TraceContext<'a>,
}

/// W3C trace context, handed on as it came, but for what is too long to be one.
#[derive(Default)]
pub(crate) struct TraceContext<'a> {
    parent: Option<&'a [u8]>,
    state: Option<Cow<'a, [u8]>>,
}

impl<'a> TraceContext<'a> {
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut parents = headers.get_all(ce::TRACEPARENT);
        let parent = parents.next().filter(|_| parents.next().is_none()).map(HeaderValue::as_bytes);
        let parent = parent.filter(|parent| parent.len() <= TRACE_PARENT_BYTES);
        // A list may be spread over several header fields.
        let state = headers.get_all(ce::TRACESTATE).map(|value| Cow::Borrowed(value.as_bytes())).reduce(
            |mut list, more| {
                list.to_mut().push(b',');
                list.to_mut().extend_from_slice(&more);
                list
            },
        );
        Self { parent, state: state.filter(|state| state.len() <= TRACE_STATE_BYTES) }
    }
}

/// The messages of a push with where each of them goes.
pub(crate) struct Batch<'a> {
    timestamp: i64,
    origin: Origin<'a>,
    events: Vec<Event<'a>>,
}

/// A message on its way to a topic.
pub(crate) struct Event<'a> {
    pub(crate) topic: TopicId,
    /// Value, key and headers.
    pub(crate) bytes: usize,
    key: Option<Cow<'a, str>>,
    value: &'a [u8],
    id: Cow<'a, str>,
    source: String,
    kind: Kind<'a>,
}

/// A message as such, or a dead letter.
pub(crate) enum Kind<'a> {
    Message { event_type: String, channel: Cow<'a, str>, control_type: Cow<'a, str> },
    DeadLetter { violation: Violation, cut_from: Option<usize> },
}

impl<'a> Batch<'a> {
    /// Routes every message; one that breaks a rule, or is longer than `message_bytes` with key and headers, becomes
    /// a dead letter, and its neighbours go on.
    pub(crate) fn new(push: Push<'a>, origin: Origin<'a>, topics: &Topics, message_bytes: usize) -> Self {
        let mut batch = Self { timestamp: push.timestamp, origin, events: Vec::with_capacity(push.count) };
        let mut ids = EventIds::new();
        for (index, message) in push.messages.into_iter().enumerate() {
            let mut event = match message {
                Message::Valid(message) => {
                    let mut event = Event::message(&message, topics);
                    event.bytes = batch.size(index, push.count, &event);
                    if event.bytes <= message_bytes {
                        event
                    } else {
                        let too_large =
                            Violation { field: None, rule: Rule::TooLarge { limit: message_bytes } };
                        batch.dead_letter(message.reject(too_large), index, push.count, topics, message_bytes)
                    }
                }
                Message::Invalid(message) => {
                    batch.dead_letter(message, index, push.count, topics, message_bytes)
                }
            };
            let length = event.id.len();
            event.id = ids.assign(event.id);
            // What is assigned is the id, or the id with a suffix.
            event.bytes += event.id.len() - length;
            batch.events.push(event);
        }
        batch
    }

    /// Messages, dead letters included.
    pub(crate) fn len(&self) -> usize {
        self.events.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn events(&self) -> &[Event<'a>] {
        &self.events
    }

    /// The dead letters: their place in the push, and the rule each broke.
    pub(crate) fn dead_letters(&self) -> impl Iterator<Item = (usize, Violation)> {
        self.events.iter().enumerate().filter_map(|(index, event)| match event.kind {
            Kind::DeadLetter { violation, .. } => Some((index, violation)),
            Kind::Message { .. } => None,
        })
    }

    /// The records, in the order of the batch.
    pub(crate) fn records(&self) -> impl ExactSizeIterator<Item = Record<'_>> {
        self.events.iter().enumerate().map(|(index, event)| {
            let mut headers = Some(OwnedHeaders::new_with_capacity(8));
            self.each_header(index, self.len(), event, |key, value| {
                headers = headers.take().map(|headers| headers.insert(Header { key, value: Some(value) }));
            });
            Record { topic: event.topic, key: event.key(), value: event.value, headers }
        })
    }

    fn dead_letter(
        &self,
        message: InvalidMessage<'a>,
        index: usize,
        count: usize,
        topics: &Topics,
        message_bytes: usize,
    ) -> Event<'a> {
        let mut event = Event::dead_letter(message, topics);
        event.bytes = self.size(index, count, &event);
        if event.bytes > message_bytes {
            event.cut();
            event.bytes = self.size(index, count, &event);
        }
        // Only a `to` that is itself far longer than any user's id is left: it must not make the record unpublishable.
        if event.bytes > message_bytes.max(2 * DEAD_LETTER_VALUE_BYTES) {
            event.bytes -= event.key.take().map_or(0, |key| key.len());
        }
        event
    }

    /// Bytes of a record: value, key, headers.
    fn size(&self, index: usize, count: usize, event: &Event<'_>) -> usize {
        let mut size = event.value.len() + event.key.as_ref().map_or(0, |key| key.len());
        self.each_header(index, count, event, |key, value| size += key.len() + value.len());
        size
    }

    fn each_header(&self, index: usize, count: usize, event: &Event<'_>, mut each: impl FnMut(&str, &[u8])) {
        let Origin { request_id, credential, trace } = &self.origin;
        each(ce::CE_SPECVERSION, ce::SPEC_VERSION.as_bytes());
        each(ce::CE_ID, event.id.as_bytes());
        each(ce::CE_SOURCE, event.source.as_bytes());
        each(ce::CE_TYPE, event.event_type().as_bytes());
        each(ce::CONTENT_TYPE, ce::APPLICATION_JSON.as_bytes());
        let timestamp = self.timestamp;
        each(ce::AICC_PUSH, format!("{request_id};{index}/{count};{timestamp};{credential}").as_bytes());
        if let Kind::DeadLetter { violation, cut_from } = event.kind {
            each(ce::AICC_ERROR, violation.to_string().as_bytes());
            if let Some(length) = cut_from {
                each(ce::AICC_TRUNCATED, length.to_string().as_bytes());
            }
        }
        if let Some(parent) = trace.parent {
            each(ce::TRACEPARENT, parent);
        }
        if let Some(state) = &trace.state {
            each(ce::TRACESTATE, state);
        }
    }
}

impl<'a> Event<'a> {
    fn message(message: &ValidMessage<'a>, topics: &Topics) -> Self {
        let value = message.raw.as_bytes();
        Self {
            topic: topics.of_channel(&message.channel),
            bytes: 0,
            key: Some(message.to.clone()),
            value,
            id: message.message_code.clone().unwrap_or_else(|| ce::value_id(value).into()),
            source: ce::source(Some(&message.channel), Some(&message.from)),
            kind: Kind::Message {
                event_type: ce::event_type(&message.control_type),
                channel: message.channel.clone(),
                control_type: message.control_type.clone(),
            },
        }
    }

    fn dead_letter(message: InvalidMessage<'a>, topics: &Topics) -> Self {
        let value = message.raw.as_bytes();
        Self {
            topic: topics.dead_letter(),
            bytes: 0,
            source: ce::source(message.channel.as_deref(), message.from.as_deref()),
            key: message.to,
            value,
            id: ce::value_id(value).into(),
            kind: Kind::DeadLetter { violation: message.violation, cut_from: None },
        }
    }

    /// Cuts a dead letter's value, and says so.
    fn cut(&mut self) {
        let length = self.value.len();
        if let Kind::DeadLetter { cut_from, .. } = &mut self.kind
            && length > DEAD_LETTER_VALUE_BYTES
        {
            *cut_from = Some(length);
            self.value = &self.value[..DEAD_LETTER_VALUE_BYTES];
            self.id = ce::value_id(self.value).into();
        }
    }

    pub(crate) fn key(&self) -> Option<&[u8]> {
        self.key.as_deref().map(str::as_bytes)
    }

    pub(crate) fn kind(&self) -> &Kind<'a> {
        &self.kind
    }

    fn event_type(&self) -> &str {
        match &self.kind {
            Kind::Message { event_type, .. } => event_type,
            Kind::DeadLetter { .. } => ce::INVALID_TYPE,
        }
    }
}
