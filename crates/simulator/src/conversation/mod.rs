//! A user's conversation as AICC pushes it: connect, robot, transfer, queue, agent with read reports, disconnect;
//! then the next one begins.

mod message;
mod texts;
mod users;

use rand::{Rng, seq::IndexedRandom};

use self::message::{Code, Content, Envelope, Line};
use self::texts::{LANGUAGES, LOCATIONS, NICKNAMES, SIMILAR_QUESTIONS};
pub use self::users::{ChannelMix, ChannelMixError, User, Users};

/// Where one user's conversation stands.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    stage: Stage,
    language: usize,
    nickname: &'static str,
    /// The timestamp of the user's last message.
    last: i64,
}

#[derive(Debug, Clone, Copy)]
enum Stage {
    Connect,
    Robot { left: u32 },
    Transfer,
    Queue,
    Accept,
    Agent { left: u32 },
    Disconnect,
}

impl Conversation {
    pub(crate) fn new(rng: &mut impl Rng) -> Self {
        let nickname = NICKNAMES.choose(rng).copied().unwrap_or_default();
        Self { stage: Stage::Connect, language: rng.random_range(0..LANGUAGES.len()), nickname, last: 0 }
    }

    /// Appends the conversation's next message to `out`. `now` is in milliseconds since 1970.
    ///
    /// Every value is unique in a run, with a `messageCode` or without: a user's timestamps grow strictly.
    pub(crate) fn next_message(
        &mut self,
        out: &mut Vec<u8>,
        user: &User,
        channel: &str,
        now: i64,
        rng: &mut impl Rng,
    ) {
        self.last = now.max(self.last + 1);
        let line = self.advance(rng);
        let code = match rng.random_range(0..20) {
            0 => Code::Empty,
            1 | 2 => Code::Absent,
            _ => Code::Unique(rng.random()),
        };
        let from = format!("2021052844942226{:02}", user.channel);
        let explicit_nulls = rng.random_ratio(3, 4);
        let envelope =
            Envelope { from: &from, channel, to: &user.id, timestamp: self.last, code, explicit_nulls };
        message::write(out, &envelope, &line);
    }

    fn advance(&mut self, rng: &mut impl Rng) -> Line {
        match self.stage {
            Stage::Connect => {
                self.stage = Stage::Robot { left: rng.random_range(1..5) };
                system("CONNECT", None)
            }
            Stage::Robot { left } => {
                self.stage = if left == 0 { Stage::Transfer } else { Stage::Robot { left: left - 1 } };
                self.robot(rng)
            }
            Stage::Transfer => {
                self.stage = Stage::Queue;
                system("TRANS2AGENT", None)
            }
            Stage::Queue => {
                self.stage = if rng.random_ratio(1, 2) { Stage::Queue } else { Stage::Accept };
                system("CHAT", Some("Queuing..."))
            }
            Stage::Accept => {
                self.stage = Stage::Agent { left: rng.random_range(3..20) };
                system("CHAT", Some("The call is connected to an agent."))
            }
            Stage::Agent { left } => {
                self.stage = if left == 0 { Stage::Disconnect } else { Stage::Agent { left: left - 1 } };
                if rng.random_ratio(1, 5) { read_report(rng) } else { self.agent(rng) }
            }
            Stage::Disconnect => {
                *self = Self { last: self.last, ..Self::new(rng) };
                disconnect(rng)
            }
        }
    }

    fn robot(&self, rng: &mut impl Rng) -> Line {
        let content = Content::Text(sentences(LANGUAGES[self.language].robot, rng));
        let sim_questions =
            if rng.random_ratio(1, 3) { SIMILAR_QUESTIONS.choose(rng).copied() } else { None };
        Line { sim_questions, ..chat("ROBOT", "TEXT", content, "ROBOT") }
    }

    fn agent(&self, rng: &mut impl Rng) -> Line {
        let (media_type, content) = match rng.random_range(0..20) {
            0 | 1 => ("IMAGE", resource_id(rng)),
            2 => ("VIDEO", resource_id(rng)),
            3 => ("AUDIO", resource_id(rng)),
            4 => ("LOCATE", LOCATIONS.choose(rng).copied().unwrap_or_default().to_owned()),
            _ => ("TEXT", sentences(LANGUAGES[self.language].agent, rng)),
        };
        chat("AGENT", media_type, Content::Text(content), self.nickname)
    }
}

fn chat(source_type: &'static str, media: &'static str, content: Content, nickname: &'static str) -> Line {
    Line {
        control_type: "CHAT",
        source_type,
        media_type: Some(media),
        content,
        nickname: Some(nickname),
        sim_questions: None,
        is_offline_status: None,
    }
}

fn system(control_type: &'static str, text: Option<&str>) -> Line {
    let content = text.map_or(Content::None, |text| Content::Text(text.to_owned()));
    Line { control_type, media_type: text.map(|_| "TEXT"), ..chat("SYSTEM", "TEXT", content, "SYSTEM") }
}

/// By the agent, or by the system after a timeout, which says whether the user may still write.
fn disconnect(rng: &mut impl Rng) -> Line {
    let silent = |source_type| Line { source_type, nickname: None, ..system("DISCONNECT", None) };
    match rng.random_range(0..3) {
        0 => silent("AGENT"),
        1 => Line { is_offline_status: Some(false), ..silent("SYSTEM") },
        _ => Line {
            is_offline_status: Some(true),
            ..system("DISCONNECT", Some("Nobody is here right now; leave a message and we will answer."))
        },
    }
}

/// A read report in one of the three forms that occur: an array, a comma-separated list, a JSON array in a string.
fn read_report(rng: &mut impl Rng) -> Line {
    let ids: Vec<String> = (0..rng.random_range(1..4)).map(|_| resource_id(rng)).collect();
    let content = match rng.random_range(0..3) {
        0 => Content::List(ids),
        1 => Content::Text(ids.join(",")),
        _ => Content::Text(format!("[\"{}\"]", ids.join("\",\""))),
    };
    Line { control_type: "READ", media_type: None, nickname: None, ..chat("AGENT", "TEXT", content, "") }
}

fn sentences(pool: &[&str], rng: &mut impl Rng) -> String {
    let mut text = pool.choose(rng).copied().unwrap_or_default().to_owned();
    if rng.random_ratio(1, 4) {
        text.push(' ');
        text.push_str(pool.choose(rng).copied().unwrap_or_default());
    }
    text
}

fn resource_id(rng: &mut impl Rng) -> String {
    format!("{:016x}", rng.random::<u64>())
}
