//! One connection through a proxy: two directions, each a reader and a writer with a queue of what is on its way.

use std::io;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::{Control, Direction, Flow};

const PIECE: usize = 64 * 1024;
/// Pieces on their way in one direction; with more, the sender's window is closed, as a network's would be.
const PIECES: usize = 64;

/// When a piece arrives, and its bytes.
type Piece = (Instant, Vec<u8>);

pub(super) struct Connection {
    client: TcpStream,
    server: TcpStream,
    control: watch::Receiver<Control>,
    rng: StdRng,
}

impl Connection {
    pub(super) fn new(
        client: TcpStream,
        server: TcpStream,
        control: watch::Receiver<Control>,
        rng: StdRng,
    ) -> Self {
        Self { client, server, control, rng }
    }

    /// Until both directions have ended, or a reset.
    pub(super) async fn run(mut self) {
        let generation = self.control.borrow().generation;
        // The clients' own settings must not be undone by the proxy.
        let _ = self.client.set_nodelay(true).and_then(|()| self.server.set_nodelay(true));
        let was_reset = {
            let (from_client, to_client) = self.client.split();
            let (from_server, to_server) = self.server.split();
            let another = StdRng::from_rng(&mut self.rng);
            let there = Way::new(Direction::ToServer, &self.control, self.rng);
            let back = Way::new(Direction::ToClient, &self.control, another);
            let mut control = self.control.clone();
            tokio::select! {
                ended = async { tokio::try_join!(there.copy(from_client, to_server), back.copy(from_server, to_client)) } => {
                    // One side's reset is passed on to the other.
                    ended.is_err()
                }
                // An error is the proxy's end.
                _ = control.wait_for(|control| control.generation > generation) => true,
            }
        };
        if was_reset {
            // Without it, the connections are closed in the usual way, which is the most that can be done then.
            let _ = self.client.set_zero_linger();
            let _ = self.server.set_zero_linger();
        }
    }
}

/// One direction of a connection.
struct Way {
    direction: Direction,
    control: watch::Receiver<Control>,
    rng: StdRng,
}

impl Way {
    fn new(direction: Direction, control: &watch::Receiver<Control>, rng: StdRng) -> Self {
        Self { direction, control: control.clone(), rng }
    }

    async fn copy(self, from: ReadHalf<'_>, to: WriteHalf<'_>) -> io::Result<()> {
        let (pieces, arriving) = mpsc::channel(PIECES);
        let (direction, control) = (self.direction, self.control.clone());
        tokio::try_join!(self.read(from, pieces), write(to, arriving, direction, control)).map(drop)
    }

    async fn read(mut self, mut from: ReadHalf<'_>, pieces: mpsc::Sender<Piece>) -> io::Result<()> {
        let mut buffer = vec![0; PIECE];
        let mut last = Instant::now();
        loop {
            let read = from.read(&mut buffer).await?;
            if read == 0 {
                return Ok(());
            }
            last = last.max(Instant::now() + self.delay());
            if pieces.send((last, buffer[..read].to_vec())).await.is_err() {
                return Ok(());
            }
        }
    }

    fn delay(&mut self) -> Duration {
        match self.control.borrow().flow(self.direction) {
            Flow::Delay { least, jitter } => least + jitter.mul_f64(self.rng.random()),
            Flow::Pass | Flow::Cut => Duration::ZERO,
        }
    }
}

async fn write(
    mut to: WriteHalf<'_>,
    mut pieces: mpsc::Receiver<Piece>,
    direction: Direction,
    mut control: watch::Receiver<Control>,
) -> io::Result<()> {
    while let Some((due, piece)) = pieces.recv().await {
        sleep_until(due).await;
        passes(&mut control, direction).await?;
        to.write_all(&piece).await?;
    }
    // Its end travels the same way as the bytes.
    passes(&mut control, direction).await?;
    to.shutdown().await
}

async fn passes(control: &mut watch::Receiver<Control>, direction: Direction) -> io::Result<()> {
    let passes = control.wait_for(|control| control.flow(direction) != Flow::Cut).await;
    passes.map(drop).map_err(io::Error::other)
}
