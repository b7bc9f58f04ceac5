//! The options of the tests' runs.

use std::net::SocketAddr;
use std::time::Duration;

use aicc_auth::Secret;
use aicc_simulator::push::Options;
use aicc_simulator::sender::{Credentials, Load};

pub(crate) const ACCESS_KEY: &str = "aicc-web-01";
pub(crate) const SECRET: &str = "9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W";

/// `messages` in pushes of `batch` over `connections`, in a closed loop, not verified.
pub(crate) fn options(address: SocketAddr, messages: u64, batch: &str, connections: usize) -> Options {
    Options {
        load: Load {
            target: format!("http://{address}").parse().unwrap(),
            credentials: Credentials { access_key: ACCESS_KEY.to_owned(), secret: Secret::new(SECRET) },
            connections,
            rate: None,
            duration: None,
            timeout: Duration::from_secs(20),
            retries: 0,
            retry_delay: Duration::from_millis(1),
            disconnect_share: 0.0,
        },
        messages: Some(messages),
        batch: batch.parse().unwrap(),
        users: 100,
        channels: "WEB=80,WHATSAPP=15,LINE=5".parse().unwrap(),
        seed: 7,
        journal: false,
        verify: None,
    }
}
