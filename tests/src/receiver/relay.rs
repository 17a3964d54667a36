//! What if the peer of a connection goes, and says nothing?

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::Receiver;
use super::listening::Listening;

/// A way to a backend, of which the connections can go dead, as they do behind a router that forgets
/// them. Those that are made later are alive.
pub struct Relay {
    listening: Listening,
    /// How often the connections went dead.
    dead: watch::Sender<u64>,
}

impl Relay {
    /// A way to this backend.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn to(backend: &Receiver) -> Self {
        let (dead, died) = watch::channel(0);
        let behind = backend.listening.address;
        let listening = Listening::start(move |listener| relay(listener, behind, died));
        Relay { listening, dead }
    }

    /// Its address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.listening.address)
    }

    /// From now on nothing passes over the connections that there are, and nobody hangs up.
    pub fn go_silent(&self) {
        self.dead.send_modify(|times| *times += 1);
    }
}

async fn relay(listener: TcpListener, behind: SocketAddr, mut died: watch::Receiver<u64>) {
    loop {
        let (mut client, _) = listener.accept().await.expect("a socket");
        died.mark_unchanged();
        let mut died = died.clone();
        tokio::spawn(async move {
            let mut server = TcpStream::connect(behind).await.expect("a backend");
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                _ = died.changed() => std::future::pending().await,
            }
        });
    }
}
