//! What if the peer of a connection goes, and says nothing?

use std::net::SocketAddr;
use std::thread;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Receiver;
use super::listening::Listening;

/// A way to a backend, of which the connections can go dead, as they do behind a router that forgets
/// them. Those that are made later are alive.
pub struct Relay {
    listening: Listening,
    /// Every connection that is alive listens to it.
    dead: watch::Sender<()>,
}

impl Relay {
    /// A way to this backend.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn to(backend: &Receiver) -> Self {
        let dead = watch::Sender::new(());
        let behind = backend.listening.address;
        let alive = dead.clone();
        let listening = Listening::start(move |listener| relay(listener, behind, alive));
        Relay { listening, dead }
    }

    /// Its address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.listening.address)
    }

    /// From now on nothing passes over the connections that there are, and nobody hangs up.
    pub fn go_silent(&self) {
        self.dead.send_replace(());
        while self.dead.receiver_count() > 0 {
            thread::yield_now();
        }
    }
}

async fn relay(listener: TcpListener, behind: SocketAddr, dead: watch::Sender<()>) {
    loop {
        let (mut client, _) = listener.accept().await.expect("a socket");
        let mut died = dead.subscribe();
        tokio::spawn(async move {
            let mut server = TcpStream::connect(behind).await.expect("a backend");
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => return,
                _ = died.changed() => drop(died),
            }
            // Both sockets stay open.
            std::future::pending::<()>().await;
        });
    }
}
