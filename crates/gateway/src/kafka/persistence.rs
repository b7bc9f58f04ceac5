//! Whether a record is in Kafka's log: librdkafka's own verdict, which the safe crate does not pass on.
//!
//! The only `unsafe` of the gateway.
#![allow(unsafe_code)]

use rdkafka::bindings::{rd_kafka_message_status, rd_kafka_msg_status_t as Status};
use rdkafka::message::BorrowedMessage;

/// What a delivery report says of the log, beside its error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Persistence {
    /// The record was never written, and never will be.
    Not,
    /// The record was sent, and nothing or something ambiguous came back.
    Possibly,
    /// The record was written and acknowledged.
    Yes,
}

impl Persistence {
    /// The status of a message that a delivery report lends us.
    pub(super) fn of(message: &BorrowedMessage<'_>) -> Self {
        // SAFETY: the pointer is that of a live delivery report, which `message` borrows; the call only reads it.
        match unsafe { rd_kafka_message_status(message.ptr()) } {
            Status::RD_KAFKA_MSG_STATUS_PERSISTED => Self::Yes,
            Status::RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED => Self::Possibly,
            Status::RD_KAFKA_MSG_STATUS_NOT_PERSISTED => Self::Not,
        }
    }
}
