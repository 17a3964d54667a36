//! What if the peer of a connection goes, and says nothing?

use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};

use super::Receiver;

/// A way to a backend, of which the connections can go dead, as they do behind a router that forgets
/// them. Those that are made later are alive.
pub struct Relay {
    address: SocketAddr,
    /// How often the connections went dead.
    dead: watch::Sender<u64>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// A way to this backend.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn to(backend: &Receiver) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let address = listener.local_addr().expect("an address");
        let (dead, died) = watch::channel(0);
        let (stop, stopped) = oneshot::channel();
        let behind = backend.address;
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a reactor").block_on(async {
                tokio::select! {
                    () = relay(listener, behind, died) => {}
                    _ = stopped => {}
                }
            });
        });
        Relay { address, dead, stop: Some(stop), thread: Some(thread) }
    }

    /// Its address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on nothing passes over the connections that there are, and nobody hangs up.
    pub fn go_silent(&self) {
        self.dead.send_modify(|times| *times += 1);
    }
}

async fn relay(listener: TcpListener, behind: SocketAddr, mut died: watch::Receiver<u64>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
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

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
