//! What both commands ask about Kafka: where it is, which topics there are, and what they may hold.

use clap::Args;

use crate::push::Proof;
use crate::verify::{Duplicates, Kafka, Topics};

/// The proof's side of the command line. Without `Debug`: a Kafka property may be a password.
#[derive(Args)]
#[command(next_help_heading = "Verification")]
pub struct KafkaArgs {
    /// Kafka, to read the topics from.
    #[arg(long, value_name = "HOST:PORT,…", default_value = "localhost:9092")]
    bootstrap_servers: String,
    /// A librdkafka property; may be given again.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    kafka_property: Vec<(String, String)>,
    /// The topic of a channel; may be given again, and then replaces the defaults.
    #[arg(
        long,
        value_name = "CHANNEL=TOPIC",
        value_parser = pair,
        default_values = ["WEB=aicc.downlink.web", "WHATSAPP=aicc.downlink.whatsapp"]
    )]
    topic: Vec<(String, String)>,
    /// The topic of every other channel.
    #[arg(long, value_name = "TOPIC", default_value = "aicc.downlink.other")]
    default_topic: String,
    /// The topic of invalid messages.
    #[arg(long, value_name = "TOPIC", default_value = "aicc.downlink.dead-letter")]
    dead_letter_topic: String,
    /// More duplicates than this after attempts of unknown outcome are a violation. [default: any number is allowed]
    #[arg(long, value_name = "N")]
    max_duplicates: Option<u64>,
}

impl KafkaArgs {
    /// What to verify against.
    pub fn proof(&self) -> Proof {
        let kafka = Kafka {
            bootstrap_servers: self.bootstrap_servers.clone(),
            properties: self.kafka_property.clone(),
        };
        let topics = Topics {
            channels: self.topic.clone(),
            default: self.default_topic.clone(),
            dead_letter: self.dead_letter_topic.clone(),
        };
        let promised = Duplicates::AS_PROMISED;
        let after_unknown = self.max_duplicates.unwrap_or(promised.after_unknown);
        Proof { kafka, topics, allowed: Duplicates { after_unknown, ..promised } }
    }
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("not NAME=VALUE"),
    }
}
