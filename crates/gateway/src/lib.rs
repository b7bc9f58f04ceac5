//! Receives AICC's signed message pushes and publishes them durably to Kafka before it acknowledges them.
//!
//! The way of a push through this crate:
//!
//! | step | where |
//! |---|---|
//! | listener, route, request id, answer | `http` |
//! | content type, credential, body, signature | `push::head`, `push::body`, `push::relay` |
//! | messages to records: topic, key, headers, dead letters | `push::batch` |
//! | repeated? | `dedup` |
//! | room in flight | `inflight` |
//! | producer, delivery reports, topics, outcome | `kafka` |
//!
//! Around it: [`config`], the listeners' life ([`Service`], `lifecycle`), `metrics`, [`logging`], and the commands
//! ([`cli`]).

pub mod cli;
pub mod config;
mod dedup;
mod gateway;
mod http;
mod inflight;
mod kafka;
mod lifecycle;
pub mod logging;
mod metrics;
mod push;
mod service;

pub use service::{Addresses, Service};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
