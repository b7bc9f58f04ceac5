//! What librdkafka knows and the safe crate does not pass on: whether a record is in the log, and which partition a
//! key has.
//!
//! The only `unsafe` of the gateway.
#![allow(unsafe_code)]

use std::ptr;

use rdkafka::bindings::{
    rd_kafka_message_status, rd_kafka_msg_partitioner_murmur2, rd_kafka_msg_status_t as Status,
};
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

/// The partition that the producer's partitioner, which is the Java client's, gives a key. `partitions` is at least 1.
pub(super) fn partition(key: &[u8], partitions: usize) -> usize {
    let count = i32::try_from(partitions.max(1)).unwrap_or(i32::MAX);
    // SAFETY: the function reads `key.len()` bytes from `key` and uses neither the topic nor the opaques.
    let partition = unsafe {
        rd_kafka_msg_partitioner_murmur2(
            ptr::null(),
            key.as_ptr().cast(),
            key.len(),
            count,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    usize::try_from(partition).unwrap_or_default()
}

/// Makes a producer fail for good, as a broker could.
#[cfg(test)]
pub(super) fn fail_for_good(client: &rdkafka::client::Client<impl rdkafka::ClientContext>) {
    use rdkafka::bindings::{rd_kafka_resp_err_t, rd_kafka_test_fatal_error};
    // SAFETY: the client lives through the call, and the reason is a C string.
    unsafe {
        rd_kafka_test_fatal_error(
            client.native_ptr(),
            rd_kafka_resp_err_t::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
            c"a test".as_ptr(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against values of the Java client's `Utils.murmur2` and `toPositive`.
    #[test]
    fn keys_have_the_partition_of_the_java_client() {
        const LARGE: usize = 0x7fff_ffff;
        for (key, hash) in
            [("21", -973_932_308_i32), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536)]
        {
            let positive = usize::try_from(hash & 0x7fff_ffff).unwrap();
            assert_eq!(partition(key.as_bytes(), LARGE), positive % LARGE, "{key}");
            assert_eq!(partition(key.as_bytes(), 12), positive % 12, "{key}");
        }
    }
}
