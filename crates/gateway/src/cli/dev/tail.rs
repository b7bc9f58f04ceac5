//! Shows records as they land.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, bail};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::metadata::MetadataTopic;
use rdkafka::{Offset, TopicPartitionList};

use crate::config::Config;
use crate::kafka::connection;

const METADATA_TIMEOUT: Duration = Duration::from_secs(5);

/// The thread that reads and prints.
pub(super) struct Tail {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Tail {
    /// Starts at the current end of every topic, so that nothing that comes later is missed.
    pub(super) fn start(config: &Config) -> anyhow::Result<Self> {
        let mut client = connection(&config.kafka);
        client
            .set("group.id", "aicc-gateway-dev")
            .set("enable.auto.commit", "false")
            .set("fetch.wait.max.ms", "50");
        let consumer: BaseConsumer = client.create()?;
        let topics: Vec<String> = config.topics.names().into_iter().map(str::to_owned).collect();
        let ends = ends(&consumer, &topics).context("the topics cannot be read")?;
        consumer.assign(&ends)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::Builder::new().name("tail".into()).spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                match consumer.poll(Duration::from_millis(100)) {
                    // Nobody reads our output any more: nothing to tell, and nobody to tell it.
                    Some(Ok(message)) => drop(show(&message)),
                    Some(Err(error)) => tracing::warn!(%error, "reading records"),
                    None => {}
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    pub(super) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // A panic there has been reported already.
        let _ = self.thread.join();
    }
}

/// Every partition with the offset of its next record.
fn ends(consumer: &BaseConsumer, topics: &[String]) -> anyhow::Result<TopicPartitionList> {
    let mut ends = TopicPartitionList::new();
    for topic in topics {
        let metadata = consumer.fetch_metadata(Some(topic), METADATA_TIMEOUT)?;
        let partitions =
            metadata.topics().iter().find(|found| found.name() == topic).map(MetadataTopic::partitions);
        let Some(partitions) = partitions.filter(|partitions| !partitions.is_empty()) else {
            bail!("topic {topic} is missing");
        };
        for partition in partitions {
            let (_, end) = consumer.fetch_watermarks(topic, partition.id(), METADATA_TIMEOUT)?;
            ends.add_partition_offset(topic, partition.id(), Offset::Offset(end))?;
        }
    }
    Ok(ends)
}

fn show(message: &BorrowedMessage<'_>) -> io::Result<()> {
    let text = |bytes: Option<&[u8]>| {
        bytes.map_or("null".into(), |bytes| String::from_utf8_lossy(bytes).into_owned())
    };
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} partition {} offset {} key {}",
        message.topic(),
        message.partition(),
        message.offset(),
        text(message.key())
    )?;
    for header in message.headers().into_iter().flat_map(Headers::iter) {
        writeln!(out, "  {}: {}", header.key, text(header.value))?;
    }
    writeln!(out, "  {}\n", text(message.payload()))?;
    out.flush()
}
