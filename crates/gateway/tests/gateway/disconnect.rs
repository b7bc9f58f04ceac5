//! Clients that hang up: a batch ends as it would have without that, whole or not at all.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::admin::sample;
use crate::batch::{Batch, Landed};
use crate::support::{Relay, Request};

const TIMEOUT: Duration = Duration::from_mins(1);
const MESSAGES: usize = 20;
/// Clients at the same time, each of which hangs up again and again.
const CLIENTS: u64 = 8;
/// For each client.
const WITH_KAFKA: usize = 40;
const WITH_KAFKA_PAUSED: usize = 15;

/// How much of a push a client sends, and how it goes.
#[derive(Debug, Clone, Copy)]
struct HangUp {
    sent: usize,
    all: bool,
    after: Duration,
    /// RST, after which the gateway may not even see what was sent, instead of FIN.
    reset: bool,
}

impl HangUp {
    /// Half of them send the whole push. The pauses are about as long as serving takes.
    fn random(random: &mut StdRng, length: usize) -> Self {
        let all = random.random();
        Self {
            sent: if all { length } else { random.random_range(0..length) },
            all,
            after: Duration::from_micros(random.random_range(0..15_000)),
            reset: random.random(),
        }
    }
}

#[test]
fn a_client_that_hangs_up_tears_no_batch() {
    let kafka = Kafka::start(1);
    let relay = Relay::on(&kafka, "hang-up", &[], "");

    let served = hang_up("Kafka serves", relay.server(), WITH_KAFKA);
    wait_until_settled(&relay);
    kafka.broker(0).pause();
    let waiting = hang_up("Kafka is paused", relay.server(), WITH_KAFKA_PAUSED);
    wait_until(TIMEOUT, "messages are in flight that nobody waits for", || {
        sample(relay.gateway.admin(), "aicc_gateway_inflight_messages").is_some_and(|messages| messages > 0.0)
    });
    kafka.broker(0).resume();
    wait_until_settled(&relay);

    let last = Batch::new("last", MESSAGES);
    last.push(relay.server()).is(200, "0", "after all the others have hung up");
    let landed = Landed::new(kafka.records(relay.topics.names()));
    landed.has_once(&last, "after all the others have hung up");
    for (batch, how) in served.iter().chain(&waiting) {
        let scenario = format!("{how:?}");
        match (how.all, how.reset) {
            (true, false) => landed.has_once(batch, &scenario),
            (true, true) if landed.copies(batch)[0] > 0 => landed.has_once(batch, &scenario),
            _ => landed.lacks(batch, &scenario),
        }
    }
}

/// A body that is JSON already before its announced end, with a credential that does not cover it.
#[test]
fn a_push_whose_end_is_missing_is_not_published() {
    const TOKEN: &str = "a-token-that-only-the-test-knows";
    let token = format!("[[auth.bearer_tokens]]\nname = \"test\"\ntoken = \"{TOKEN}\"\n");
    let relay = Relay::on(Kafka::shared(), "cut", &[], &token);
    let batch = Batch::new("cut", MESSAGES);
    let push = || Request::push(batch.body()).with("Authorization", &format!("Bearer {TOKEN}"));
    let longer = push().with("Content-Length", &(batch.body().len() + 10).to_string()).to_bytes();
    let chunked = {
        let mut push = push().with("Transfer-Encoding", "chunked");
        push.body = format!("{:x}\r\n{}\r\n", batch.body().len(), batch.body()).into_bytes();
        push.to_bytes()
    };

    for reset in [false, true] {
        for bytes in [&longer, &chunked] {
            let how = HangUp { sent: bytes.len(), all: true, after: Duration::from_millis(5), reset };
            runtime().block_on(send_and_hang_up(relay.server(), bytes, how)).unwrap();
        }
    }

    wait_until_settled(&relay);
    let last = Batch::new("last", 1);
    last.push(relay.server()).is(200, "0", "after the others have hung up");
    let landed = Landed::new(relay.records(1));
    landed.lacks(&batch, "its end never came");
}

/// Lets every client hang up so many times. Gives what each has sent of what.
fn hang_up(phase: &str, server: SocketAddr, times: usize) -> Vec<(Batch, HangUp)> {
    let client = async |client: u64| {
        let mut random = StdRng::seed_from_u64(client);
        let mut hung_up = Vec::new();
        for time in 0..times {
            let batch = Batch::new(format!("{phase}, client {client}, time {time}"), MESSAGES);
            let bytes = batch.request().to_bytes();
            let how = HangUp::random(&mut random, bytes.len());
            send_and_hang_up(server, &bytes, how).await.expect("the gateway takes connections");
            hung_up.push((batch, how));
        }
        hung_up
    };
    let clients = futures_util::future::join_all((0..CLIENTS).map(client));
    runtime().block_on(clients).into_iter().flatten().collect()
}

async fn send_and_hang_up(server: SocketAddr, bytes: &[u8], how: HangUp) -> io::Result<()> {
    let mut stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&bytes[..how.sent]).await?;
    tokio::time::sleep(how.after).await;
    if how.reset {
        stream.set_zero_linger()?;
    }
    Ok(())
}

/// Waits until nothing is held any more of what clients have sent.
fn wait_until_settled(relay: &Relay<'_>) {
    for gauge in ["inflight_messages", "inflight_bytes", "kafka_queue_messages"] {
        wait_until(TIMEOUT, &format!("{gauge} is 0"), || {
            sample(relay.gateway.admin(), &format!("aicc_gateway_{gauge}")) == Some(0.0)
        });
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}
