//! The pushes of a run: messages of many conversations, packed into batches. The same seed and start give the same
//! pushes to the byte.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use hyper::body::Bytes;
use rand::{Rng, SeedableRng, rngs::StdRng};

use crate::conversation::{Conversation, Users};

/// Mean bytes of a message, to size a body before it is written.
const USUAL_MESSAGE: usize = 400;

/// How many messages a push has: a number, or a range to draw from evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchSizes {
    min: u32,
    max: u32,
}

/// Why batch sizes could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a number of messages (10) or a range of them (1-50), from 1 up to 100000")]
pub struct BatchSizesError(String);

impl FromStr for BatchSizes {
    type Err = BatchSizesError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (min, max) = text.split_once('-').unwrap_or((text, text));
        match (min.parse(), max.parse()) {
            (Ok(min), Ok(max)) if 1 <= min && min <= max && max <= 100_000 => Ok(Self { min, max }),
            _ => Err(BatchSizesError(text.to_owned())),
        }
    }
}

/// What is sent in a run.
#[derive(Debug)]
pub struct Traffic {
    /// Whom the messages are for.
    pub users: Arc<Users>,
    /// Messages in a push.
    pub sizes: BatchSizes,
    /// Messages in all; without it the pushes have no end.
    pub messages: Option<u64>,
    /// Decides everything that is random.
    pub seed: u64,
    /// The first message's timestamp, in milliseconds since 1970. It makes the values of one run differ from those of
    /// another with the same seed, which a gateway could take for repeats.
    pub start_ms: i64,
}

/// One push, ready to be signed and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// Number of the push in the run, from 0.
    pub sequence: u32,
    /// How many messages the run's earlier pushes have.
    pub messages_before: u64,
    /// The JSON body.
    pub body: Bytes,
    /// Where each message stands in the body, and for whom it is.
    pub messages: Vec<Placed>,
}

/// A message inside a push's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Index of the user in [`Users::all`].
    pub user: usize,
    /// The message's bytes in the body.
    pub bytes: Range<usize>,
}

/// The pushes of a run, one after the other.
#[derive(Debug)]
pub struct Batches {
    traffic: Traffic,
    conversations: Vec<Conversation>,
    rng: StdRng,
    sequence: u32,
    messages: u64,
}

impl Batches {
    /// Starts a conversation for every user.
    pub fn new(traffic: Traffic) -> Self {
        let mut rng = StdRng::seed_from_u64(traffic.seed);
        let conversations = traffic.users.all().iter().map(|_| Conversation::new(&mut rng)).collect();
        Self { traffic, conversations, rng, sequence: 0, messages: 0 }
    }

    /// The simulated clock: it goes on by a millisecond every 16 messages, however fast they are sent.
    fn now(&self) -> i64 {
        self.traffic.start_ms.saturating_add_unsigned(self.messages / 16)
    }
}

impl Iterator for Batches {
    type Item = Push;

    fn next(&mut self) -> Option<Push> {
        let left = self.traffic.messages.map_or(u64::MAX, |all| all - self.messages);
        let size =
            u64::from(self.rng.random_range(self.traffic.sizes.min..=self.traffic.sizes.max)).min(left);
        if size == 0 {
            return None;
        }
        let messages_before = self.messages;
        let mut messages = Vec::new();
        let mut body = Vec::with_capacity(USUAL_MESSAGE * usize::try_from(size).unwrap_or_default());
        body.extend_from_slice(format!("{{\"timestamp\":{},\"messages\":[", self.now()).as_bytes());
        for index in 0..size {
            if index > 0 {
                body.push(b',');
            }
            let start = body.len();
            let user = self.traffic.users.pick(&mut self.rng);
            let now = self.now();
            self.conversations[user].next_message(
                &mut body,
                &self.traffic.users.all()[user],
                self.traffic.users.channel_of(user),
                now,
                &mut self.rng,
            );
            messages.push(Placed { user, bytes: start..body.len() });
            self.messages += 1;
        }
        body.extend_from_slice(b"]}");
        let sequence = self.sequence;
        self.sequence += 1;
        Some(Push { sequence, messages_before, body: body.into(), messages })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn batches(seed: u64, sizes: &str, messages: u64) -> Batches {
        let mut rng = StdRng::seed_from_u64(seed);
        let users = Users::new(100, &"WEB=80,WHATSAPP=15,LINE=5".parse().unwrap(), &mut rng);
        Batches::new(Traffic {
            users: Arc::new(users),
            sizes: sizes.parse().unwrap(),
            messages: Some(messages),
            seed,
            start_ms: 1_700_000_000_000,
        })
    }

    fn values(pushes: &[Push]) -> Vec<&[u8]> {
        pushes
            .iter()
            .flat_map(|push| push.messages.iter().map(|placed| &push.body[placed.bytes.clone()]))
            .collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
        let first: Vec<Push> = batches(1, "1-50", 2_000).collect();
        assert_eq!(first, batches(1, "1-50", 2_000).collect::<Vec<_>>());
        assert_ne!(first, batches(2, "1-50", 2_000).collect::<Vec<_>>());
    }

    #[test]
    fn batches_keep_their_sizes_and_the_last_one_ends_at_the_total() {
        let pushes: Vec<Push> = batches(3, "5-9", 1_003).collect();
        let sizes: Vec<usize> = pushes.iter().map(|push| push.messages.len()).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 1_003);
        assert!(sizes[..sizes.len() - 1].iter().all(|size| (5..=9).contains(size)), "{sizes:?}");
        let mut before = 0;
        for (sequence, push) in pushes.iter().enumerate() {
            assert_eq!((push.sequence as usize, push.messages_before), (sequence, before));
            before += push.messages.len() as u64;
        }
    }

    #[test]
    fn every_value_is_unique_and_about_300_bytes_long() {
        let pushes: Vec<Push> = batches(4, "10", 20_000).collect();
        let values = values(&pushes);
        assert_eq!(values.iter().collect::<HashSet<_>>().len(), 20_000);
        let mean = values.iter().map(|value| value.len()).sum::<usize>() / values.len();
        assert!((270..=360).contains(&mean), "{mean}");
    }

    #[test]
    fn conversations_have_every_control_type_media_type_and_read_form() {
        let pushes: Vec<Push> = batches(5, "10", 20_000).collect();
        let mut seen = HashSet::new();
        for value in values(&pushes) {
            let message: serde_json::Value = serde_json::from_slice(value).unwrap();
            let text = |name: &str| message[name].as_str().unwrap_or("-").to_owned();
            let mut sight = text("controlType");
            match sight.as_str() {
                "CHAT" => sight.extend([text("mediaType"), text("sourceType")]),
                "READ" if message["content"].is_array() => sight.push_str(" array"),
                "READ" if text("content").starts_with('[') => sight.push_str(" json"),
                _ => {}
            }
            seen.insert(sight);
        }
        let mut seen: Vec<_> = seen.into_iter().collect();
        seen.sort();
        let expected = [
            "CHATAUDIOAGENT",
            "CHATIMAGEAGENT",
            "CHATLOCATEAGENT",
            "CHATTEXTAGENT",
            "CHATTEXTROBOT",
            "CHATTEXTSYSTEM",
            "CHATVIDEOAGENT",
            "CONNECT",
            "DISCONNECT",
            "READ",
            "READ array",
            "READ json",
            "TRANS2AGENT",
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn sizes_that_cannot_be_meant_are_refused() {
        for text in ["", "0", "0-5", "9-3", "1-", "-5", "1-2-3", "100001", "ten"] {
            assert_eq!(text.parse::<BatchSizes>(), Err(BatchSizesError(text.to_owned())));
        }
    }
}
