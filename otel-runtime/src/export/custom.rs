//! How does an exporter of the user's become one that the pipeline can drive?
//!
//! Its methods are called on a thread where they may block. `export` is called once at a time, as the
//! [specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-exporter) promises;
//! `force_flush` and `shutdown` may be called while an `export` has not returned.

use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::task::Poll;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::blocking::Calls;
use super::{Calling, Export, ExportError, Exported, Exporting};
use crate::record::Batch;

pub(crate) struct Custom<E> {
    /// Only `set_resource` takes the lock for writing, before the first export.
    exporter: Arc<RwLock<E>>,
    exports: Calls,
    flushes: Calls,
    shutdowns: Calls,
}

impl<E: SpanExporter + 'static> Custom<E> {
    pub(crate) fn new(exporter: E) -> Self {
        Custom {
            exporter: Arc::new(RwLock::new(exporter)),
            exports: Calls::default(),
            flushes: Calls::default(),
            shutdowns: Calls::default(),
        }
    }
}

impl<E: SpanExporter + 'static> Export for Custom<E> {
    fn destination(&self) -> String {
        "the exporter".to_owned()
    }

    fn set_resource(&mut self, resource: &Resource) {
        let (exporter, resource) = (Arc::clone(&self.exporter), resource.clone());
        self.exports.clone().begin(move || {
            exporter.write().unwrap_or_else(PoisonError::into_inner).set_resource(&resource);
        });
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        let batch: Vec<SpanData> = batch.iter().map(SpanData::from).collect();
        let (exporter, exports) = (Arc::clone(&self.exporter), self.exports.clone());
        Box::pin(async move {
            let reactor = Handle::current();
            // Dropped with this future when nobody waits any more, which makes the call give up, too.
            let (_awaited, given_up) = oneshot::channel::<()>();
            let export = move || {
                let exporter = read(&exporter);
                reactor.block_on(until(given_up, exporter.export(batch)))
            };
            match exports.call(export).await {
                Ok(Some(result)) => result.map(|()| Exported::default()).map_err(Into::into),
                Ok(None) => Err(ExportError::Failed("nobody waited for it".to_owned())),
                Err(error) => Err(error.into()),
            }
        })
    }

    fn flush(&mut self) -> Calling {
        let (exporter, flushes) = (Arc::clone(&self.exporter), self.flushes.clone());
        Box::pin(async move {
            let call = flushes.try_call(move || read(&exporter).force_flush());
            call.await.unwrap_or_else(|why| Err(OTelSdkError::InternalFailure(why.into())))
        })
    }

    fn shutdown(&mut self) -> Calling {
        let (exporter, shutdowns) = (Arc::clone(&self.exporter), self.shutdowns.clone());
        Box::pin(async move {
            // Not `shutdown_with_timeout`: some exporters implement only this one, and the default of
            // this one calls the other.
            let call = shutdowns.try_call(move || read(&exporter).shutdown());
            call.await.unwrap_or_else(|why| Err(OTelSdkError::InternalFailure(why.into())))
        })
    }
}

fn read<E>(exporter: &RwLock<E>) -> RwLockReadGuard<'_, E> {
    exporter.read().unwrap_or_else(PoisonError::into_inner)
}

/// The output of a future, or `None` if whoever waits gives up before.
async fn until<F: Future>(mut given_up: oneshot::Receiver<()>, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        if let Poll::Ready(made) = future.as_mut().poll(cx) {
            return Poll::Ready(Some(made));
        }
        Pin::new(&mut given_up).poll(cx).map(|_| None)
    })
    .await
}
