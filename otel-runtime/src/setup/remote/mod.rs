//! How does a sampler learn what a server says?
//!
//! On the thread of the first exporter, which has a reactor: no call waits for it, and it ends with that exporter.

mod answer;
#[cfg(test)]
mod tests;

use std::time::Duration;

use http::Uri;
use opentelemetry::Key;
use opentelemetry_sdk::Resource;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::export::otlp::Inquiry;
use crate::export::pipeline::PipelineHandle;
use crate::export::settings::{Compression, Otlp, Protocol, Signal, Tls};
use crate::process::stderr;
use crate::sampling::Remote;
use crate::setup::config::Polled;
use answer::strategies;

/// How long a server may take for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Asks for the strategies of the service, from now on.
pub(crate) fn start(all: &[Polled], pipeline: &PipelineHandle, resource: &Resource) {
    let service = resource.get(&Key::from_static_str("service.name"));
    let service = service.map(|name| name.to_string()).unwrap_or_default();
    for Polled { remote, endpoint, interval } in all {
        let question =
            format!("{endpoint}?service={}", utf8_percent_encode(&service, NON_ALPHANUMERIC));
        // It was checked, and what was added is encoded.
        let Ok(question) = question.parse::<Uri>() else { continue };
        let to = Otlp {
            signal: Signal::Traces,
            protocol: Protocol::HttpJson,
            endpoint: question,
            timeout: TIMEOUT,
            headers: http::HeaderMap::new(),
            compression: Compression::None,
            tls: Tls::default(),
            proxy: None,
        };
        pipeline.spawn(poll(remote.clone(), to, endpoint.clone(), *interval));
    }
}

async fn poll(remote: Remote, to: Otlp, endpoint: String, interval: Duration) {
    let inquiry = match Inquiry::new(to) {
        Ok(inquiry) => inquiry,
        Err(why) => return tell(&remote, &endpoint, Err(why)),
    };
    loop {
        let answered = inquiry.ask().await.and_then(|answer| strategies(&answer));
        let result = answered.map(|strategies| remote.follow(&strategies));
        tell(&remote, &endpoint, result);
        tokio::time::sleep(interval).await;
    }
}

/// Counts, and says the first time on stderr that something is wrong.
fn tell(remote: &Remote, endpoint: &str, result: Result<(), String>) {
    let status = remote.asked(result);
    if let (1, Some(why)) = (status.failed, &status.why) {
        stderr::warn(&format!(
            "what is sampled could not be asked of {endpoint} ({why}): the last good answer holds, and before one \
             the initial sampler; told once",
        ));
    }
}
