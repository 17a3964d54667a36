//! How do spans leave by OTLP?
//!
//! A batch is encoded once. A transport sends the bytes, one attempt at a time; [`retry`] decides what
//! to do when an attempt fails.
//!
//! Specification: [OTLP](https://opentelemetry.io/docs/specs/otlp/).

#[cfg(feature = "otlp-http")]
mod append;
mod backoff;
mod compress;
mod connection;
mod dial;
mod encode;
mod excerpt;
mod failure;
#[cfg(feature = "otlp-http")]
mod file;
#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;
#[cfg(feature = "otlp-http")]
mod inquiry;
#[cfg(feature = "otlp-http")]
mod json;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
mod mistakes;
mod names;
mod parts;
mod reply;
mod request;
mod retry;
mod retry_after;
mod stream;
mod tls;
mod transport;
mod version;
mod warnings;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_sdk::Resource;

#[cfg(feature = "otlp-http")]
pub(crate) use self::file::FileExporter;
#[cfg(feature = "otlp-http")]
pub(crate) use self::inquiry::Inquiry;

use self::backoff::Backoff;
use self::encode::Encoder;
use self::failure::Contact;
use self::parts::Sizes;
use self::request::Request;
use self::retry::Sending;
use self::transport::Transport;
use super::{Export, Exporting, Retries};
use crate::export::settings::{Otlp, Protocol, is_this_machine};
use crate::record::Batch;

/// Makes the exporter, which connects with its first request: a backend that is not there yet is no
/// error.
///
/// It has to be called inside the runtime that will drive the exporter.
pub(crate) fn connect(otlp: &Otlp, retries: Retries) -> Result<Box<dyn Export>, String> {
    match otlp.protocol {
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => Ok(Exporter::boxed(grpc::Client::new(otlp)?, otlp, retries)),
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf | Protocol::HttpJson => {
            Ok(Exporter::boxed(http::Client::new(otlp)?, otlp, retries))
        }
        #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
        protocol => Err(format!("{protocol} is not built in")),
    }
}

/// Sends requests that are encoded already.
#[cfg(feature = "metrics")]
pub(crate) type Sender = Box<dyn Fn(Bytes) -> Exporting + Send>;

/// The same for what is encoded elsewhere, in requests that cannot be divided.
#[cfg(feature = "metrics")]
pub(crate) fn sender(otlp: &Otlp, retries: Retries) -> Result<Sender, String> {
    fn of(transport: impl Transport, otlp: &Otlp, retries: Retries) -> Sender {
        let backend = Backend::new(transport, otlp, retries);
        Box::new(move |body| backend.send(Request { body, spans: 1 }))
    }
    match otlp.protocol {
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => Ok(of(grpc::Client::new(otlp)?, otlp, retries)),
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf | Protocol::HttpJson => {
            Ok(of(http::Client::new(otlp)?, otlp, retries))
        }
        #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
        protocol => Err(format!("{protocol} is not built in")),
    }
}

/// Checks whether the backend takes a request, by sending one without spans, once.
///
/// It has to be called inside a runtime.
pub(crate) async fn check(otlp: &Otlp) -> Result<(), String> {
    match otlp.protocol {
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => nothing_by(grpc::Client::new(otlp)?).await,
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf | Protocol::HttpJson => nothing_by(http::Client::new(otlp)?).await,
        #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
        protocol => Err(format!("{protocol} is not built in")),
    }
}

async fn nothing_by(transport: impl Transport) -> Result<(), String> {
    let Err(failure) = transport.send(Bytes::new()).await else { return Ok(()) };
    // If the backend answered, it is there, and the hint below would mislead.
    Err(match failure.contact {
        Contact::Made => failure.error.to_string(),
        Contact::None | Contact::Refused => format!("{}; {IS_IT_THERE}", failure.error),
    })
}

/// The hint to give if the backend did not answer at all.
pub(crate) const IS_IT_THERE: &str = "is a backend there, and is it OTLP?";

struct Exporter<T> {
    encoder: Encoder,
    destination: String,
    backend: Backend<T>,
}

/// A backend, and what was learned of it.
struct Backend<T> {
    transport: Arc<T>,
    /// How long one attempt may take.
    timeout: Duration,
    retries: Retries,
    sizes: Arc<Sizes>,
    backoff: Arc<Backoff>,
    /// Whether the backend is on this machine.
    is_local: bool,
}

impl<T: Transport> Exporter<T> {
    fn boxed(transport: T, otlp: &Otlp, retries: Retries) -> Box<dyn Export> {
        Box::new(Exporter {
            encoder: Encoder::new(&Resource::builder_empty().build()),
            destination: otlp.address(),
            backend: Backend::new(transport, otlp, retries),
        })
    }
}

impl<T: Transport> Backend<T> {
    fn new(transport: T, otlp: &Otlp, retries: Retries) -> Self {
        Backend {
            transport: Arc::new(transport),
            timeout: otlp.timeout,
            retries,
            sizes: Arc::default(),
            backoff: Arc::default(),
            is_local: otlp.endpoint.host().is_some_and(is_this_machine),
        }
    }

    /// Sends a request, again and again if need be.
    fn send(&self, request: Request) -> Exporting {
        let transport = Arc::clone(&self.transport);
        let (timeout, retries, sizes) =
            (self.timeout, self.retries.clone(), Arc::clone(&self.sizes));
        let (backoff, is_local) = (Arc::clone(&self.backoff), self.is_local);
        Box::pin(async move {
            let (transport, retries, sizes) = (transport.as_ref(), &retries, sizes.as_ref());
            let backoff = backoff.as_ref();
            let sending = Sending { transport, timeout, retries, sizes, backoff, is_local };
            sending.send_all(request).await
        })
    }
}

impl<T: Transport> Export for Exporter<T> {
    fn destination(&self) -> String {
        self.destination.clone()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.encoder = Encoder::new(resource);
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        let body = self.encoder.encode(batch.iter()).into();
        let request = Request { body, spans: batch.iter().count() as u64 };
        self.backend.send(request)
    }

    fn concurrency(&self) -> usize {
        CONCURRENCY
    }

    fn limit(&self, _: Duration) -> Duration {
        // Each attempt has its own limit already. The extra second lets the last one fail by itself,
        // with its own reason.
        retry::TIME + self.backend.timeout + Duration::from_secs(1)
    }
}

/// How many batches are sent at the same time, with those that wait for another attempt: one that keeps
/// failing does not hold up the others.
const CONCURRENCY: usize = 4;

#[cfg(test)]
pub(crate) use self::flaky::{Reply, flaky};

/// A backend in trouble.
#[cfg(test)]
mod flaky {
    use super::failure::{Failure, Verdict};
    use super::*;
    use crate::export::Exported;

    pub(crate) enum Reply {
        Takes,
        Fails,
        /// There is no backend.
        None,
    }

    struct Flaky<F>(F);

    impl<F: Fn() -> Reply + Send + Sync + 'static> Transport for Flaky<F> {
        async fn send(&self, _: Bytes) -> Result<Exported, Failure> {
            tokio::time::sleep(Duration::from_millis(2)).await;
            match (self.0)() {
                Reply::Takes => Ok(Exported::default()),
                Reply::Fails => {
                    Err(Failure::new(Verdict::Again { after: None }, "not now".to_owned()))
                }
                Reply::None => std::future::pending().await,
            }
        }
    }

    /// An exporter whose backend replies as `reply` says.
    pub(crate) fn flaky(
        retries: Retries,
        reply: impl Fn() -> Reply + Send + Sync + 'static,
    ) -> Box<dyn Export> {
        Box::new(Exporter {
            encoder: Encoder::new(&Resource::builder_empty().build()),
            destination: "a flaky backend".to_owned(),
            backend: Backend {
                transport: Arc::new(Flaky(reply)),
                timeout: Duration::from_secs(10),
                retries,
                sizes: Arc::default(),
                backoff: Arc::default(),
                is_local: false,
            },
        })
    }
}
