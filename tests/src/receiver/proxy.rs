//! What does a proxy for HTTP see?

use std::net::SocketAddr;
use std::sync::mpsc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Receiver;
use super::listening::Listening;

/// A proxy by which one backend is reached, whatever host is asked for.
pub struct Proxy {
    listening: Listening,
    heads: mpsc::Receiver<String>,
}

impl Proxy {
    /// The way to this backend.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn to(backend: &Receiver) -> Self {
        let (sender, heads) = mpsc::channel();
        let behind = backend.listening.address;
        let listening = Listening::start(move |listener| serve(listener, behind, sender));
        Proxy { listening, heads }
    }

    /// Its address, with a user and a password.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://user:secret@{}", self.listening.address)
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.listening.address)
    }

    /// The first lines and headers that came, one for each connection.
    pub fn heads(&self) -> impl Iterator<Item = String> {
        self.heads.try_iter()
    }
}

async fn serve(listener: TcpListener, behind: SocketAddr, heads: mpsc::Sender<String>) {
    loop {
        let (mut client, _) = listener.accept().await.expect("a socket");
        let heads = heads.clone();
        tokio::spawn(async move {
            let mut read = Vec::new();
            while !read.windows(4).any(|end| end == b"\r\n\r\n") {
                if client.read_buf(&mut read).await.unwrap_or(0) == 0 {
                    return;
                }
            }
            let end = read.windows(4).position(|end| end == b"\r\n\r\n").map_or(0, |at| at + 4);
            let head = String::from_utf8_lossy(&read[..end]).into_owned();
            let mut server = TcpStream::connect(behind).await.expect("a backend");
            if head.starts_with("CONNECT ") {
                client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.expect("a client");
            } else {
                server.write_all(&read).await.expect("a backend");
            }
            // Nobody looks any more: the test is over.
            let _ = heads.send(head);
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
    }
}
