//! A journal as a file: lines of text, so that what is in it can be searched without a tool.
//!
//! ```text
//! aicc-simulator-journal 1
//! run {run id, 16 hexadecimal digits} {start, nanoseconds since 1970}
//! start {offset} {partition} {topic}
//! channel {name as a JSON string}
//! user {index of the channel} {id as a JSON string}
//! push {sequence} {value hash, hexadecimal}:{index of the user} …
//! attempt {sent} {answered} {outcome}
//! end {number of pushes}
//! ```
//!
//! One `start` a partition whose end before the run is known; channels and users are counted from 0 in the order of
//! their lines; a push is followed by its attempts, whose numbers are their order; instants are in nanoseconds from the
//! start of the run; an outcome is its label (`200/0`, `timed out`). A file without its last line is refused: it was cut.

use std::io::{self, BufRead, Write};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Attempt, Entry, Journal, MessageEntry, Offsets, RunId};
use crate::conversation::{User, Users};
use crate::outcome::Outcome;

/// The first line of a file.
pub const FORMAT: &str = "aicc-simulator-journal 1";

/// Why a file is not a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read.
    #[error("cannot read the journal: {0}")]
    Read(#[from] io::Error),
    /// It is something else, or of another version.
    #[error("not a journal: its first line is not `{FORMAT}`")]
    Format,
    /// A line is not as it should be.
    #[error("line {0} of the journal is not as its format has it")]
    Line(usize),
    /// The last line is missing, or counts other pushes than there are.
    #[error("the journal was cut: its end is missing")]
    Cut,
}

impl Journal {
    /// Writes the journal as a file of format [`FORMAT`]. `out` should be buffered.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        let started = self.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        writeln!(out, "{FORMAT}\nrun {:016x} {}", self.run.number(), started.as_nanos())?;
        for ((topic, partition), offset) in &self.starts {
            writeln!(out, "start {offset} {partition} {topic}")?;
        }
        for channel in self.users.channels() {
            writeln!(out, "channel {}", serde_json::to_string(channel)?)?;
        }
        for user in self.users.all() {
            writeln!(out, "user {} {}", user.channel, serde_json::to_string(&user.id)?)?;
        }
        for entry in self.pushes() {
            write_push(&mut out, self, entry)?;
        }
        writeln!(out, "end {}", self.pushes.len())?;
        out.flush()
    }

    /// Reads what [`write`](Self::write) wrote; the journal is sorted.
    pub fn read(input: impl BufRead) -> Result<Self, JournalError> {
        let mut lines = input.lines();
        if lines.next().transpose()?.as_deref() != Some(FORMAT) {
            return Err(JournalError::Format);
        }
        let mut draft = Draft::default();
        for (number, line) in (2..).zip(lines) {
            draft.line(&line?).ok_or(JournalError::Line(number))?;
        }
        draft.finish().ok_or(JournalError::Cut)
    }
}

fn write_push(out: &mut impl Write, journal: &Journal, Entry { push, .. }: Entry<'_>) -> io::Result<()> {
    write!(out, "push {}", push.sequence)?;
    for message in &journal.messages[push.first..][..push.count] {
        write!(out, " {:x}:{}", message.value, message.user)?;
    }
    writeln!(out)?;
    for attempt in journal.attempts_of(push) {
        let (sent, answered) = (attempt.sent.as_nanos(), attempt.answered.as_nanos());
        writeln!(out, "attempt {sent} {answered} {}", attempt.outcome.label())?;
    }
    Ok(())
}

/// A journal whose lines are still coming.
#[derive(Default)]
struct Draft {
    run: Option<(RunId, SystemTime)>,
    starts: Offsets,
    channels: Vec<String>,
    users: Vec<User>,
    /// Begun with the first push: from then on there is no new user.
    journal: Option<Journal>,
    ended: bool,
}

impl Draft {
    /// Takes the next line, if it may stand here.
    fn line(&mut self, line: &str) -> Option<()> {
        if self.ended {
            return None;
        }
        let (kind, rest) = line.split_once(' ')?;
        match (kind, &mut self.journal) {
            ("run", None) if self.run.is_none() => self.run = Some(run(rest)?),
            ("start", None) => {
                let (offset, rest) = rest.split_once(' ')?;
                let (partition, topic) = rest.split_once(' ')?;
                self.starts.insert((topic.to_owned(), partition.parse().ok()?), offset.parse().ok()?);
            }
            ("channel", None) => self.channels.push(serde_json::from_str(rest).ok()?),
            ("user", None) => {
                let (channel, id) = rest.split_once(' ')?;
                let channel = channel.parse().ok().filter(|channel| *channel < self.channels.len())?;
                self.users.push(User { id: serde_json::from_str(id).ok()?, channel });
            }
            ("push", _) => push(self.journal()?, rest)?,
            ("attempt", Some(journal)) => {
                journal.attempts.push(attempt(rest)?);
                journal.pushes.last_mut()?.attempts += 1;
            }
            ("end", _) => {
                self.ended = rest.parse() == Ok(self.journal()?.pushes.len());
                return self.ended.then_some(());
            }
            _ => return None,
        }
        Some(())
    }

    fn journal(&mut self) -> Option<&mut Journal> {
        if self.journal.is_none() {
            let (run, started) = self.run?;
            let users = Users::listed(std::mem::take(&mut self.channels), std::mem::take(&mut self.users));
            let journal = Journal::new(run, Arc::new(users), std::mem::take(&mut self.starts));
            self.journal = Some(Journal { started, ..journal });
        }
        self.journal.as_mut()
    }

    fn finish(self) -> Option<Journal> {
        let mut journal = self.journal.filter(|_| self.ended)?;
        journal.sort();
        Some(journal)
    }
}

fn run(text: &str) -> Option<(RunId, SystemTime)> {
    let (run, started) = text.split_once(' ')?;
    let run = u64::from_str_radix(run, 16).ok()?;
    Some((RunId::new(run), SystemTime::UNIX_EPOCH.checked_add(nanoseconds(started)?)?))
}

fn push(journal: &mut Journal, text: &str) -> Option<()> {
    let mut words = text.split(' ');
    let sequence = u32::from_str(words.next()?).ok()?;
    let users = journal.users.all().len();
    let message = |word: &str| {
        let (value, user) = word.split_once(':')?;
        let user = u32::from_str(user).ok().filter(|user| (*user as usize) < users)?;
        Some(MessageEntry { value: u64::from_str_radix(value, 16).ok()?, user })
    };
    let messages = words.map(message).collect::<Option<Vec<_>>>()?;
    journal.add(sequence, messages.into_iter(), std::iter::empty());
    Some(())
}

fn attempt(text: &str) -> Option<Attempt> {
    let (sent, rest) = text.split_once(' ')?;
    let (answered, label) = rest.split_once(' ')?;
    let (sent, answered) = (nanoseconds(sent)?, nanoseconds(answered)?);
    Some(Attempt { sent, answered, outcome: Outcome::from_label(label)? })
}

fn nanoseconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_nanos)
}

#[cfg(test)]
mod tests {
    use aicc_schema::ResultCode;
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::batch::{Batches, Traffic};

    fn journal() -> Journal {
        let channels = "WEB=1,LINE=1".parse().unwrap();
        let users = Arc::new(Users::new(20, &channels, &mut StdRng::seed_from_u64(1)));
        let traffic = Traffic {
            users: Arc::clone(&users),
            sizes: "1-9".parse().unwrap(),
            messages: Some(200),
            seed: 1,
            start_ms: 0,
        };
        let starts = [(("web topic".to_owned(), 3), 17), (("other".to_owned(), 0), 0)].into();
        let mut journal = Journal::new(RunId::new(0xfeed), users, starts);
        let attempt = |nanos, outcome| Attempt {
            sent: Duration::from_nanos(nanos),
            answered: Duration::from_nanos(nanos + 7),
            outcome,
        };
        for push in Batches::new(traffic) {
            let nanos = u64::from(push.sequence) * 1_000_000_007;
            let last = attempt(nanos + 10, Outcome::Answered(200, Some(ResultCode::Success)));
            let attempts = [attempt(nanos, Outcome::TimedOut), last];
            journal.record(&push, &attempts[(push.sequence % 2) as usize..]);
        }
        journal
    }

    fn written(journal: &Journal) -> String {
        let mut file = Vec::new();
        journal.write(&mut file).unwrap();
        String::from_utf8(file).unwrap()
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let journal = journal();
        assert_eq!(Journal::read(written(&journal).as_bytes()).unwrap(), journal);
    }

    #[test]
    fn a_file_that_was_cut_anywhere_is_refused() {
        let file = written(&journal());
        let ends: Vec<usize> = file.match_indices('\n').map(|(at, _)| at).collect();
        for end in &ends[..ends.len() - 1] {
            assert!(Journal::read(&file.as_bytes()[..=*end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_line_that_cannot_stand_where_it_is_is_named() {
        let file = written(&journal());
        let first_push = 2 + file.lines().position(|line| line.starts_with("push")).unwrap();
        for wrong in
            ["user 0 \"late\"", "user 9 \"x\"", "attempt 1 2 maybe", "push x", "push 1 ab:20", "end 3", "x y"]
        {
            let mut lines: Vec<&str> = file.lines().collect();
            lines.insert(first_push - 1, wrong);
            let error = Journal::read(lines.join("\n").as_bytes()).unwrap_err();
            assert!(matches!(error, JournalError::Line(line) if line == first_push), "{wrong}: {error}");
        }
        let error = Journal::read(file.replace("journal 1", "journal 2").as_bytes()).unwrap_err();
        assert!(matches!(error, JournalError::Format), "{error}");
    }
}
