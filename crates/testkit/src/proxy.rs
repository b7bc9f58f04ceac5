//! A TCP proxy to stand between a client and a broker, and to do to their connections what networks do.
//!
//! Per direction, bytes [pass, are late, or do not arrive](Flow); connections can be refused and reset. The proxy
//! takes connections in the kernel's stead, so a cut looks to a new connection like a peer that is frozen: it is
//! accepted, and nothing answers.

mod connection;

use std::io;
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use self::connection::Connection;

/// After a failure to listen again on a port that was given up for a while.
const PAUSE: Duration = Duration::from_millis(20);

/// What becomes of the bytes that go in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// They arrive at once.
    Pass,
    /// Each piece arrives later by `least` and up to `jitter` more, and never before an earlier piece.
    Delay {
        /// The shortest delay.
        least: Duration,
        /// What may come on top of it, evenly drawn from the proxy's seed.
        jitter: Duration,
    },
    /// Nothing arrives, as behind a cut cable. What was sent meanwhile arrives when the cut ends, as TCP's
    /// retransmissions would bring it, even if its sender has gone by then.
    Cut,
}

/// One of the two ways that bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From who connected.
    ToServer,
    /// Back.
    ToClient,
}

/// What all connections are to do now.
#[derive(Debug, Clone, Copy)]
struct Control {
    to_server: Flow,
    to_client: Flow,
    refuses: bool,
    /// Connections that began under a smaller number are reset.
    generation: u64,
}

impl Control {
    fn flow(&self, direction: Direction) -> Flow {
        match direction {
            Direction::ToServer => self.to_server,
            Direction::ToClient => self.to_client,
        }
    }

    /// Whether a connection's handshake gets through.
    fn connects(&self) -> bool {
        self.to_server != Flow::Cut && self.to_client != Flow::Cut
    }
}

/// A proxy that listens until it is dropped, which resets its connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    control: watch::Sender<Control>,
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1 and connects to `server` for whoever connects there.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    pub fn start(server: SocketAddr) -> Self {
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::start_on(free, server, 0).expect("a free loopback port")
    }

    /// As [`start`](Self::start), on an address of the caller's choice. `seed` decides the jitter.
    pub(crate) fn start_on(address: SocketAddr, server: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = runtime().block_on(TcpListener::bind(address))?;
        let address = listener.local_addr()?;
        let control = Control { to_server: Flow::Pass, to_client: Flow::Pass, refuses: false, generation: 0 };
        let (control, controlled) = watch::channel(control);
        runtime().spawn(Service { address, server, seed, control: controlled }.run(listener));
        Ok(Self { address, control })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Decides what becomes of one direction's bytes from now on, on connections old and new.
    pub fn set(&self, direction: Direction, flow: Flow) {
        self.control.send_modify(|control| match direction {
            Direction::ToServer => control.to_server = flow,
            Direction::ToClient => control.to_client = flow,
        });
    }

    /// Both directions.
    pub fn set_both(&self, flow: Flow) {
        self.control.send_modify(|control| (control.to_server, control.to_client) = (flow, flow));
    }

    /// Resets every connection (RST). New ones are served.
    pub fn reset(&self) {
        self.control.send_modify(|control| control.generation += 1);
    }

    /// Resets every connection and refuses new ones, as a machine does on which nobody listens.
    pub fn refuse(&self) {
        self.control.send_modify(|control| {
            control.refuses = true;
            control.generation += 1;
        });
    }

    /// Everything passes again, in both directions, and connections are accepted.
    pub fn heal(&self) {
        self.control.send_modify(|control| {
            (control.to_server, control.to_client, control.refuses) = (Flow::Pass, Flow::Pass, false);
        });
    }
}

/// Accepts and refuses.
struct Service {
    address: SocketAddr,
    server: SocketAddr,
    seed: u64,
    control: watch::Receiver<Control>,
}

impl Service {
    /// Until the proxy is dropped.
    async fn run(mut self, first: TcpListener) {
        let mut listener = Some(first);
        let mut connections = 0;
        while self.control.wait_for(|control| !control.refuses).await.is_ok() {
            let listening = match listener.take() {
                Some(listening) => Ok(listening),
                None => TcpListener::bind(self.address).await,
            };
            let Ok(listening) = listening else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let mut control = self.control.clone();
            tokio::select! {
                () = self.accept(&listening, &mut connections) => {}
                _ = control.wait_for(|control| control.refuses) => {}
            }
        }
    }

    async fn accept(&self, listener: &TcpListener, connections: &mut u64) {
        while let Ok((client, _)) = listener.accept().await {
            *connections += 1;
            let rng = StdRng::seed_from_u64(self.seed.wrapping_add(*connections));
            tokio::spawn(connect(client, self.server, self.control.clone(), rng));
        }
    }
}

async fn connect(client: TcpStream, server: SocketAddr, mut control: watch::Receiver<Control>, rng: StdRng) {
    if control.wait_for(Control::connects).await.is_err() {
        return;
    }
    match TcpStream::connect(server).await {
        Ok(server) => Connection::new(client, server, control, rng).run().await,
        // A server that is not there resets, too. An error leaves the connection to be closed, which does as well.
        Err(_) => drop(client.set_zero_linger()),
    }
}

/// One thread for all proxies of the process: they only copy.
fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("proxy")
            .enable_all()
            .build()
            .expect("a thread can be started")
    })
}
