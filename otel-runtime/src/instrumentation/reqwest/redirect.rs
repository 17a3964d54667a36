//! Which redirects may a client follow, given that it sends its headers along?

use ::reqwest::Url;
use ::reqwest::redirect::Policy;

use crate::context::Outbound;

/// Follows redirects as reqwest does by default, ten at most. It does not follow one that would take trace context
/// or baggage to a host that `outbound` does not send them: then the response is the redirect itself.
///
/// If the first host was not sent them, redirects to any host are followed.
///
/// ```
/// use otel_runtime::context::Outbound;
/// use otel_runtime::reqwest::redirect_policy;
///
/// let outbound = Outbound::default().trace_context_to("private,.example.com".parse()?);
/// let client = reqwest::Client::builder().redirect(redirect_policy(outbound)).build();
/// # drop(client);
/// # Ok::<(), otel_runtime::context::HostsError>(())
/// ```
#[must_use]
pub fn redirect_policy(outbound: Outbound) -> Policy {
    Policy::custom(move |attempt| {
        let leaks =
            attempt.previous().first().is_some_and(|first| leaks(&outbound, first, attempt.url()));
        if leaks { attempt.stop() } else { Policy::default().redirect(attempt) }
    })
}

/// Whether something that `first` was sent would get to a host that may not have it.
fn leaks(outbound: &Outbound, first: &Url, next: &Url) -> bool {
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
    let port = |url: &Url| url.port_or_known_default();
    outbound.leaks((&host(first), port(first)), (&host(next), port(next)))
}
