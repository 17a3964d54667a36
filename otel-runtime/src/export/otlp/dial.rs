//! How does a connection come about?

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use tower_service::Service;

use super::stream::{Heard, Stream};

/// Connects over TCP, and listens to what is there.
#[derive(Clone)]
pub(super) struct Dial {
    tcp: HttpConnector,
    heard: Heard,
}

impl Dial {
    pub(super) fn new(tcp: HttpConnector, heard: Heard) -> Self {
        Dial { tcp, heard }
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

impl Service<Uri> for Dial {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        self.heard.set(None);
        let (connecting, heard) = (self.tcp.call(to), self.heard.clone());
        Box::pin(async move { Ok(Stream::new(connecting.await?, heard)) })
    }
}
