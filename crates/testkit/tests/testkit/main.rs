//! The test bed, tested: what it starts, what it reads, and that nothing is left of it.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod cleanup;
mod faults;
mod gateway;
mod http;
mod network;
mod produce;
mod proxy;
mod records;
