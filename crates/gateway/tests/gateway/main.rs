//! The gateway's binary over real HTTP, on a real Kafka: what AICC and consumers can rely on.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a failed test is to panic")]

mod admin;
mod auth;
mod batch;
mod cases;
mod commands;
mod configuration;
mod disconnect;
mod faults;
mod golden;
mod kafka_admin;
mod malformed;
mod metrics;
mod partitions;
mod repeats;
mod request_ids;
mod routing;
mod shutdown;
mod support;
