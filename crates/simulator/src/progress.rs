//! The line that says how a run goes, each second on standard error.

use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::recorder::{Count, Recorder};

/// Shows lines until it is [finished](Self::finish).
pub(crate) struct Progress(JoinHandle<()>);

impl Progress {
    pub(crate) fn start(recorder: Arc<Recorder>) -> Self {
        Self(tokio::spawn(show(recorder)))
    }

    /// Ends the line.
    pub(crate) fn finish(self) {
        self.0.abort();
        if io::stderr().is_terminal() {
            let _ = writeln!(io::stderr());
        }
    }
}

async fn show(recorder: Arc<Recorder>) {
    let terminal = io::stderr().is_terminal();
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.tick().await;
    let mut last = (recorder.start(), Count::default());
    loop {
        ticks.tick().await;
        let line = line(&recorder, &mut last);
        // A progress line that cannot be written is no reason to end the run.
        let _ =
            if terminal { write!(io::stderr(), "\r\x1b[K{line}") } else { writeln!(io::stderr(), "{line}") };
    }
}

/// The state now, with rates and latencies since the `last` line.
fn line(recorder: &Recorder, last: &mut (Instant, Count)) -> String {
    let begun = recorder.pushes_begun();
    let mut tally = recorder.tally();
    let (total, acknowledged) = (tally.total(), tally.acknowledged());
    let latency = |quantile| Millis(tally.recent.value_at_quantile(quantile));
    let (p50, p99) = (latency(0.5), latency(0.99));
    tally.recent.reset();
    drop(tally);

    let now = Instant::now();
    let new = u128::from(acknowledged.messages - last.1.messages);
    let rate = new * 1000 / now.duration_since(last.0).as_millis().max(1);
    *last = (now, acknowledged);
    format!(
        "{:>4} s  sent {}  acknowledged {}  {}/s  in flight {}  p50 {p50}  p99 {p99}  failed pushes {}",
        now.duration_since(recorder.start()).as_secs(),
        Grouped(total.messages),
        Grouped(acknowledged.messages),
        Grouped(u64::try_from(rate).unwrap_or(u64::MAX)),
        begun.saturating_sub(total.pushes),
        Grouped(total.pushes - acknowledged.pushes),
    )
}

/// A number with its thousands apart.
pub(crate) struct Grouped(pub(crate) u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (0, rest) => write!(f, "{rest}"),
            (thousands, rest) => write!(f, "{},{rest:03}", Self(thousands)),
        }
    }
}

/// Microseconds, shown as milliseconds.
pub(crate) struct Millis(pub(crate) u64);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} ms", Grouped(self.0 / 1000), self.0 % 1000 / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        let grouped = [0, 999, 1_000, 1_234_567].map(|number| Grouped(number).to_string());
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(Millis(1_234_567).to_string(), "1,234.56 ms");
    }
}
