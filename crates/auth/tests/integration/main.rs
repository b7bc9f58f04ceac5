//! The crate from outside, as a receiver and a sender use it. One binary, so that it links once.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed helper is a failed test")]

mod bearer;
mod clock;
mod fixture;
mod keys;
mod malformed;
mod properties;
mod refusals;
mod vectors;
