//! The thread that reads the topics' settings now and then. It is one of its own, because a Kafka that does not tell
//! them lets the question time out, and nobody waits for it to end. A broker that refuses a record's size rings for it:
//! until the new limit is known, every record batch that is too large takes other pushes' records down with it.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use rdkafka::ClientConfig;

use super::durability;
use super::producers::{Bell, Producers};
use super::topics::Topics;

/// How often it is looked whether every topic has been seen.
const FIRST_INTERVAL: Duration = Duration::from_secs(1);
/// However often it rings: each push that is refused for its size does.
const LEAST_INTERVAL: Duration = Duration::from_secs(1);
/// Settings change rarely, and asking for them takes a connection of its own.
const INTERVAL: Duration = Duration::from_mins(1);

/// Starts the thread. It ends by itself once the producers are gone.
pub(super) fn watch(
    connection: ClientConfig,
    topics: Arc<Topics>,
    producers: Weak<Producers>,
    bell: Arc<Bell>,
) -> std::io::Result<()> {
    thread::Builder::new().name("kafka-settings".into()).spawn(move || {
        bell.wakes(thread::current());
        while !topics.all_seen() && producers.strong_count() > 0 {
            thread::park_timeout(FIRST_INTERVAL);
        }
        while producers.strong_count() > 0 {
            read(&connection, &topics, &producers);
            thread::sleep(LEAST_INTERVAL);
            // Whoever rings while it sleeps is heard here.
            thread::park_timeout(INTERVAL);
        }
    })?;
    Ok(())
}

/// Reads what of the settings matters for durability and for the size of a record batch.
fn read(connection: &ClientConfig, topics: &Topics, producers: &Weak<Producers>) {
    let names: Vec<&str> = topics.ids().map(|id| topics.name(id)).collect();
    match durability::describe(connection, &names) {
        Ok(found) => {
            for (name, settings) in found {
                if let Some(id) = topics.find(&name) {
                    topics.learn_settings(id, settings);
                }
            }
            if let Some((bytes, producers)) = topics.smallest_max_message_bytes().zip(producers.upgrade()) {
                producers.limit_batches(bytes);
            }
        }
        Err(error) => tracing::info!(%error, "Kafka does not tell the topics' settings"),
    }
}
