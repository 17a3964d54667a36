//! How is the name of a host looked up?
//!
//! By the system, on a thread of its own. A tokio runtime would use its pool of blocking threads, which
//! panics if the process can start no more threads for the moment; with `panic = "abort"`, that would
//! end the program.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::vec;

use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::{Semaphore, oneshot};
use tower_service::Service;

/// How many lookups may be under way: one that never returns keeps its thread.
const MOST: usize = 16;

/// Looks names up.
#[derive(Clone)]
pub(super) struct Names(Arc<Semaphore>);

impl Default for Names {
    fn default() -> Self {
        Names(Arc::new(Semaphore::new(MOST)))
    }
}

impl Service<Name> for Names {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Ok(permit) = Arc::clone(&self.0).try_acquire_owned() else {
            let error = io::Error::other("look-ups of names do not return");
            return Box::pin(std::future::ready(Err(error)));
        };
        let (sender, addresses) = oneshot::channel();
        let look_up = move || {
            let _permit = permit;
            // This fails if nobody waits any more, because the attempt has timed out.
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
        let mut names = Names::default();
        let localhost = names.call("localhost".parse().expect("a name")).await.expect("known");
        assert!(localhost.into_iter().any(|it| it.ip() == Ipv4Addr::LOCALHOST));
        assert!(names.call("nobody.invalid".parse().expect("a name")).await.is_err());
    }

    #[tokio::test]
    async fn look_ups_that_do_not_return_take_no_more_threads() {
        let mut names = Names::default();
        let hanging = Arc::clone(&names.0).acquire_many_owned(16).await.expect("all of them");

        let localhost = || "localhost".parse().expect("a name");
        let error = names.call(localhost()).await.expect_err("no thread");
        assert_eq!(error.to_string(), "look-ups of names do not return");

        drop(hanging);
        names.call(localhost()).await.expect("known");
    }
}
