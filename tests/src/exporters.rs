//! Which exporters misbehave, and how?

use std::panic::panic_any;
use std::sync::mpsc::{self, Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::sync::Semaphore;

/// Tells the test of every batch.
#[derive(Debug)]
pub struct Kept(mpsc::Sender<Vec<SpanData>>);

impl Kept {
    /// The exporter, and where its batches come out.
    #[must_use]
    pub fn new() -> (Self, Receiver<Vec<SpanData>>) {
        let (sender, batches) = mpsc::channel();
        (Kept(sender), batches)
    }
}

impl SpanExporter for Kept {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.send(batch).map_err(|_| OTelSdkError::InternalFailure("no test".to_owned()))
    }
}

/// Panics over the batches whose first span has a name that begins with `panic`: in the call with
/// `panic early`, in the future with `panic late`, and with `panic twice` once more when somebody drops
/// what the first panic threw.
#[derive(Debug)]
pub struct Panicking(pub Kept);

impl SpanExporter for Panicking {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        let name = batch.first().map(|span| span.name.clone()).unwrap_or_default();
        assert!(name != "panic early", "early");
        async move {
            assert!(name != "panic late", "late");
            if name == "panic twice" {
                panic_any(PanicsWhenDropped);
            }
            self.0.export(batch).await
        }
    }
}

/// Fails every batch, and its flush, in very many words.
#[derive(Debug)]
pub struct Verbose;

impl Verbose {
    fn fails() -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("ä".repeat(1 << 20)))
    }
}

impl SpanExporter for Verbose {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Verbose::fails()
    }

    fn force_flush(&self) -> OTelSdkResult {
        Verbose::fails()
    }
}

/// A panic's payload that is not to be dropped.
struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("twice");
    }
}

/// Fails every batch.
#[derive(Debug)]
pub struct Failing;

impl SpanExporter for Failing {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Err(OTelSdkError::InternalFailure("no room".to_owned()))
    }
}

/// Takes a batch only when the test lets it, and says when it has one.
#[derive(Debug)]
pub struct Gated {
    began: mpsc::Sender<usize>,
    gate: Arc<Semaphore>,
}

impl Gated {
    /// The exporter, the sizes of the batches that it was given, and the gate: a permit a batch.
    #[must_use]
    pub fn new() -> (Self, Receiver<usize>, Arc<Semaphore>) {
        let (began, begins) = mpsc::channel();
        let gate = Arc::new(Semaphore::new(0));
        (Gated { began, gate: Arc::clone(&gate) }, begins, gate)
    }
}

impl SpanExporter for Gated {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let _ = self.began.send(batch.len());
        self.gate.acquire().await.expect("an open semaphore").forget();
        Ok(())
    }
}

/// Blocks in one of its methods until the test lets it go on, and tells of every batch that it takes.
#[derive(Debug)]
pub struct Stuck {
    at: &'static str,
    end: Mutex<Receiver<()>>,
    batches: mpsc::Sender<usize>,
}

impl Stuck {
    /// The exporter, the sizes of its batches, and its end: when that is dropped.
    #[must_use]
    pub fn at(method: &'static str) -> (Self, Receiver<usize>, SyncSender<()>) {
        let (ends, end) = sync_channel(1);
        let (batches, taken) = mpsc::channel();
        (Stuck { at: method, end: Mutex::new(end), batches }, taken, ends)
    }

    fn called(&self, method: &str) {
        if self.at == method {
            let _ = self.end.lock().unwrap_or_else(PoisonError::into_inner).recv();
        }
    }
}

impl SpanExporter for Stuck {
    fn set_resource(&mut self, _: &Resource) {
        self.called("set_resource");
    }

    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.called("export");
        let _ = self.batches.send(batch.len());
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.called("force_flush");
        Ok(())
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.called("shutdown");
        Ok(())
    }
}

/// Blocks the thread that it is called on, as an exporter must not, until the test is over.
#[derive(Debug)]
pub struct Blocking {
    began: SyncSender<()>,
    end: Mutex<Receiver<()>>,
}

impl Blocking {
    /// The exporter, its beginning, and its end: when that is dropped.
    #[must_use]
    pub fn new() -> (Self, Receiver<()>, SyncSender<()>) {
        let (began, begins) = sync_channel(1);
        let (ends, end) = sync_channel(1);
        (Blocking { began, end: Mutex::new(end) }, begins, ends)
    }
}

impl SpanExporter for Blocking {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        let _ = self.began.send(());
        let _ = self.end.lock().unwrap_or_else(PoisonError::into_inner).recv();
        Ok(())
    }
}
