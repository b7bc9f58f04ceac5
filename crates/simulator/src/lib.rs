//! The sender's side of AICC's push interface: load for a message relay, and the proof of what it did with it.
//!
//! A run is [`push::run`]. It makes [conversations](conversation) of many users, packs them into
//! [pushes](batch::Push), [sends](sender) each one signed, and takes down how each [ended](outcome) in a
//! [journal](journal::Journal). [`verify`] then reads the topics back and compares every record with the journal:
//! nothing lost, repeated, altered, out of order or made up.
//!
//! The simulator knows the interface and the records, and nothing of the inside of a relay.

pub mod batch;
pub mod cli;
pub mod command;
pub mod conversation;
pub mod journal;
pub mod outcome;
mod progress;
pub mod push;
mod recorder;
pub mod sender;
pub mod summary;
pub mod verify;

pub use recorder::Count;
