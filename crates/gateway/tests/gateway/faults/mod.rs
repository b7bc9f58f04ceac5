//! What a push is answered while something is wrong with Kafka, and that the same process works again afterwards.

mod cluster;
mod creation;
mod outages;
mod topics;
mod trickle;
