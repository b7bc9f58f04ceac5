//! Where the gateway is expected to put a channel's messages.

/// The topics of a gateway, as its configuration has them.
#[derive(Debug, Clone)]
pub struct Topics {
    /// Channel and topic.
    pub channels: Vec<(String, String)>,
    /// For every other channel.
    pub default: String,
    /// For invalid messages; a run sends none, so nothing of it may lie there.
    pub dead_letter: String,
}

impl Topics {
    /// The topic of a channel.
    pub fn of_channel(&self, channel: &str) -> &str {
        let own = self.channels.iter().find(|(name, _)| name == channel);
        own.map_or(&self.default, |(_, topic)| topic)
    }

    /// Every topic, once.
    pub fn names(&self) -> Vec<&str> {
        let channels = self.channels.iter().map(|(_, topic)| topic.as_str());
        let mut names: Vec<&str> =
            channels.chain([self.default.as_str(), self.dead_letter.as_str()]).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
