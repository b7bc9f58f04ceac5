//! The users who are written to: their ids, the channel that each came by, and how often each is written to.

use std::str::FromStr;

use rand::Rng;

/// The share of each channel among the users, for example `WEB=80,WHATSAPP=15,LINE=5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelMix(Vec<(String, u32)>);

/// Why a channel mix could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelMixError {
    /// An entry is not of the form `CHANNEL=WEIGHT`.
    #[error("`{0}` is not CHANNEL=WEIGHT with a whole weight of at least 1")]
    Entry(String),
    /// A channel occurs twice.
    #[error("channel `{0}` occurs twice")]
    Twice(String),
}

impl FromStr for ChannelMix {
    type Err = ChannelMixError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut mix: Vec<(String, u32)> = Vec::new();
        for entry in text.split(',') {
            let wrong = || ChannelMixError::Entry(entry.to_owned());
            let (channel, weight) = entry.split_once('=').ok_or_else(wrong)?;
            let weight = weight.parse().ok().filter(|weight| *weight > 0).ok_or_else(wrong)?;
            if channel.is_empty() {
                return Err(wrong());
            }
            if mix.iter().any(|(other, _)| other == channel) {
                return Err(ChannelMixError::Twice(channel.to_owned()));
            }
            mix.push((channel.to_owned(), weight));
        }
        Ok(Self(mix))
    }
}

/// One user of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The message's `to`, and so the record's key. Unique in a run.
    pub id: String,
    /// Index of the user's channel in [`Users::channels`].
    pub channel: usize,
}

/// All users of a run.
#[derive(Debug, PartialEq)]
pub struct Users {
    all: Vec<User>,
    channels: Vec<String>,
    /// Running sums of the users' weights, to draw a user by.
    cumulative: Vec<f64>,
}

impl Users {
    /// Makes `count` users (at least one).
    pub fn new(count: u32, mix: &ChannelMix, rng: &mut impl Rng) -> Self {
        let total: u64 = mix.0.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let user = |number| {
            let channel = channel_at(mix, rng.random_range(0..total));
            User { id: user_id(&mix.0[channel].0, number), channel }
        };
        let all = (0..count.max(1)).map(user).collect();
        Self::listed(mix.0.iter().map(|(name, _)| name.clone()).collect(), all)
    }

    /// These users, by rank, of these channels.
    pub(crate) fn listed(channels: Vec<String>, all: Vec<User>) -> Self {
        let mut sum = 0.0;
        let weigh = |(rank, _)| {
            // Zipf: the user of rank r is written to in proportion to 1/r.
            sum += 1.0 / f64::from(rank);
            sum
        };
        let cumulative = (1_u32..).zip(&all).map(weigh).collect();
        Self { all, channels, cumulative }
    }

    /// Draws a user by its weight and gives its index.
    pub fn pick(&self, rng: &mut impl Rng) -> usize {
        let total = self.cumulative.last().copied().unwrap_or_default();
        let point = rng.random::<f64>() * total;
        self.cumulative.partition_point(|sum| *sum <= point).min(self.all.len() - 1)
    }

    /// The users, by index.
    pub fn all(&self) -> &[User] {
        &self.all
    }

    /// The user at `index`.
    pub(crate) fn user(&self, index: u32) -> &User {
        &self.all[index as usize]
    }

    /// The channels' names.
    pub fn channels(&self) -> &[String] {
        &self.channels
    }

    /// The name of the channel of the user at `index`.
    pub fn channel_of(&self, index: usize) -> &str {
        &self.channels[self.all[index].channel]
    }
}

fn channel_at(mix: &ChannelMix, point: u64) -> usize {
    let mut sum = 0;
    mix.0
        .iter()
        .position(|(_, weight)| {
            sum += u64::from(*weight);
            point < sum
        })
        .unwrap_or_default()
}

/// Phone numbers on WhatsApp, `U…` ids as LINE has them elsewhere, and on the web whatever the site calls its users.
fn user_id(channel: &str, number: u32) -> String {
    match (channel, number % 16) {
        ("WHATSAPP", _) => format!("86138{number:08}"),
        ("WEB", 3) => format!("张三-{number}"),
        ("WEB", 7) => format!("مستخدم {number}"),
        ("WEB", 11) => format!("😀{number}@example.com"),
        ("WEB", _) => format!("{}", 44_444_444 + u64::from(number)),
        _ => format!("U{:032x}", u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::{SeedableRng, rngs::StdRng};

    use super::*;

    fn users(count: u32) -> (Users, StdRng) {
        let mut rng = StdRng::seed_from_u64(7);
        (Users::new(count, &"WEB=80,WHATSAPP=15,LINE=5".parse().unwrap(), &mut rng), rng)
    }

    #[test]
    fn ids_are_unique_whatever_the_channel() {
        let (users, _) = users(5_000);
        let ids: HashSet<_> = users.all().iter().map(|user| &user.id).collect();
        assert_eq!(ids.len(), 5_000);
    }

    #[test]
    fn channels_have_about_their_share_of_the_users() {
        let (users, _) = users(10_000);
        let mut counts = [0_u32; 3];
        for user in users.all() {
            counts[user.channel] += 1;
        }
        assert!((7_700..8_300).contains(&counts[0]), "{counts:?}");
        assert!((1_300..1_700).contains(&counts[1]), "{counts:?}");
        assert!((400..600).contains(&counts[2]), "{counts:?}");
    }

    #[test]
    fn the_first_user_is_written_to_ten_times_as_often_as_the_tenth() {
        let (users, mut rng) = users(1_000);
        let mut counts = vec![0_u32; 1_000];
        for _ in 0..200_000 {
            counts[users.pick(&mut rng)] += 1;
        }
        let ratio = f64::from(counts[0]) / f64::from(counts[9]);
        assert!((8.5..11.5).contains(&ratio), "{ratio}");
        assert!(counts.iter().filter(|count| **count > 0).count() > 990);
    }

    #[test]
    fn a_mix_that_cannot_be_meant_is_refused() {
        for text in ["", "WEB", "WEB=", "WEB=0", "WEB=-1", "=5", "WEB=1,,LINE=1"] {
            assert!(matches!(text.parse::<ChannelMix>(), Err(ChannelMixError::Entry(_))), "{text}");
        }
        assert_eq!("WEB=1,WEB=2".parse::<ChannelMix>(), Err(ChannelMixError::Twice("WEB".to_owned())));
    }
}
