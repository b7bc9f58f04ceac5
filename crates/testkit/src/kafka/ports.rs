//! Free loopback ports.

use std::collections::HashSet;
use std::net::TcpListener;
use std::ops::Range;
use std::sync::Mutex;

/// Below the range from which the kernel picks ports for outgoing connections, so that nobody takes a broker's
/// port by chance while that broker is down.
const RANGE: Range<u16> = 15_000..32_000;

/// A port of 127.0.0.1 that nobody listens on now, and that this process gets only once.
///
/// Another process can still take it before it is used: who uses it tries again with another one.
pub(crate) fn free_port() -> u16 {
    static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);
    let mut given = GIVEN.lock().expect("nothing panics under this lock");
    let given = given.get_or_insert_default();
    loop {
        let port = rand::random_range(RANGE);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() && given.insert(port) {
            return port;
        }
    }
}
