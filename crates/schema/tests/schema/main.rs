//! Tests of the crate's public interface, by what they are about.
#![allow(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod cloudevents;
mod codes;
mod content;
mod envelope;
mod generated;
mod grammar;
mod keys;
mod messages;
mod owned;
mod payloads;
mod support;
mod text;
