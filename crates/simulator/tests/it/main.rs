//! The simulator against receivers over real HTTP, and the proof against a real Kafka.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests too")]

mod binary;
mod options;
mod proving;
mod receiver;
mod sending;
