//! How is the name of a host looked up?
//!
//! By the system, on a thread of its own. The pool of threads that a runtime has for this panics where
//! the process can have no more for the moment, and with `panic = "abort"` that would be its end.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::vec;

use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::oneshot;
use tower_service::Service;

/// Looks names up.
#[derive(Clone)]
pub(super) struct Names;

impl Service<Name> for Names {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (sender, addresses) = oneshot::channel();
        let look_up = move || {
            // Nobody waits any more: the attempt is out of time.
            let _ = sender.send((name.as_str(), 0).to_socket_addrs());
        };
        let thread = thread::Builder::new().name("otel-names".to_owned()).spawn(look_up);
        Box::pin(async move {
            thread?;
            addresses.await.map_err(|_| io::Error::other("the look-up of a name panicked"))?
        })
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[tokio::test]
    async fn a_name_has_addresses_or_is_told() {
        let localhost = Names.call("localhost".parse().expect("a name")).await.expect("known");
        assert!(localhost.into_iter().any(|it| it.ip() == Ipv4Addr::LOCALHOST));
        assert!(Names.call("nobody.invalid".parse().expect("a name")).await.is_err());
    }
}
