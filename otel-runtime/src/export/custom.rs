//! How does an exporter of the user's become one that the pipeline can drive?

use std::sync::Arc;

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::{Export, Exported, Exporting};
use crate::pipeline::Batch;

pub(crate) struct Custom<E>(Arc<E>);

impl<E: SpanExporter> Custom<E> {
    pub(crate) fn new(exporter: E) -> Self {
        Custom(Arc::new(exporter))
    }
}

impl<E: SpanExporter + 'static> Export for Custom<E> {
    fn destination(&self) -> String {
        "the exporter".to_owned()
    }

    fn set_resource(&mut self, resource: &Resource) {
        if let Some(exporter) = Arc::get_mut(&mut self.0) {
            exporter.set_resource(resource);
        }
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        let batch: Vec<SpanData> = batch.iter().map(SpanData::from).collect();
        let exporter = Arc::clone(&self.0);
        Box::pin(async move {
            exporter.export(batch).await?;
            Ok(Exported::default())
        })
    }

    fn flush(&mut self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown(&mut self) -> OTelSdkResult {
        // Not `shutdown_with_timeout`: some exporters implement only this one, and the default of
        // this one calls the other.
        self.0.shutdown()
    }
}
