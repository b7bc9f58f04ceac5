//! What the tests of the relay stand on: a real Kafka, a gateway as a process, and a raw HTTP client.
//!
//! - [`Kafka`]: an Apache Kafka of one or three brokers that can be killed, paused and started again.
//! - [`Topics`] and [`Record`]: topics of a test's own, and what lies in them.
//! - [`GatewayProcess`]: the gateway's binary with a configuration, its log and its signals.
//! - [`Proxy`]: stands between two of them and delays, cuts, refuses and resets their connections.
//! - [`campaign`]: seeded faults under load, judged by the simulator's checker; the command `faults`.
//! - [`http`]: requests written byte for byte, so that they can be broken.
//! - [`wait_until`]: waiting for a condition instead of sleeping.
//!
//! For tests only: what goes wrong here panics with a text that says what and, where it is known, what to do.
//! Every call blocks, so an async test makes it in `spawn_blocking`. Whatever is started or written ends with the
//! test process, also when that is killed.
//!
//! Needs a Unix with `sh`, and for a Kafka of its own Java 17 or later and, the first time, Maven.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "for tests only, where a panic with a clear text is the right error"
)]

pub mod campaign;
mod gateway;
pub mod http;
mod kafka;
mod process;
mod proxy;
mod wait;

pub use gateway::{GatewayBuilder, GatewayProcess, gateway_binary};
pub use kafka::{Broker, Kafka, Network, Operation, Partition, Record, Topic, Topics, fetch_jars};
pub use proxy::{Direction, Flow, Proxy};
pub use rustix::process::Signal;
pub use wait::wait_until;
