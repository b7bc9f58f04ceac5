//! What the gateway writes, and the addresses that it names there.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use serde_json::Value;

/// Where a gateway listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) server: SocketAddr,
    pub(super) admin: SocketAddr,
}

/// The lines of both outputs, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Log {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    text: String,
    addresses: Option<Addresses>,
    /// Outputs that are not at their end.
    open: usize,
}

impl Log {
    /// Reads an output to its end on a thread of its own.
    pub(super) fn capture(log: &Arc<Self>, output: impl Read + Send + 'static) {
        log.state().open += 1;
        let log = Arc::clone(log);
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line);
                let mut state = log.state();
                state.addresses = state.addresses.or_else(|| listening(&text));
                state.text.push_str(&text);
                drop(state);
                line.clear();
            }
            log.state().open -= 1;
        });
    }

    pub(super) fn text(&self) -> String {
        self.state().text.clone()
    }

    /// Whether both outputs were read to their ends.
    pub(super) fn is_complete(&self) -> bool {
        self.state().open == 0
    }

    pub(super) fn addresses(&self) -> Option<Addresses> {
        self.state().addresses
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics under this lock")
    }
}

/// The addresses in the JSON line that the gateway logs once it listens, in `fields` or beside it.
fn listening(line: &str) -> Option<Addresses> {
    let event: Value = serde_json::from_str(line).ok()?;
    let address =
        |name| [&event[name], &event["fields"][name]].iter().find_map(|value| value.as_str()?.parse().ok());
    Some(Addresses { server: address("server")?, admin: address("admin")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_nested_and_in_flat_events() {
        let expected =
            Addresses { server: ([127, 0, 0, 1], 1234).into(), admin: ([127, 0, 0, 1], 2345).into() };
        for line in [
            r#"{"level":"INFO","fields":{"message":"listening","server":"127.0.0.1:1234","admin":"127.0.0.1:2345"}}"#,
            r#"{"level":"INFO","message":"listening","server":"127.0.0.1:1234","admin":"127.0.0.1:2345"}"#,
        ] {
            assert_eq!(listening(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn other_lines_name_no_addresses() {
        for line in ["", "starting", r#"{"server":"127.0.0.1:1234"}"#, r#"{"server":1,"admin":2}"#, "[]"] {
            assert_eq!(listening(line), None, "{line}");
        }
    }
}
