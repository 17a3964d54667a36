//! Where is a server asked what to sample, and how often?

use std::time::Duration;

use http::Uri;

const URL: &str = "write a URL with http:// or https://, such as http://localhost:5778/sampling";

/// The URL without a query; with the path that Jaeger has, if it has none.
pub(crate) fn endpoint(text: &str) -> Result<String, &'static str> {
    let uri: Uri = text.parse().map_err(|_| URL)?;
    let (Some("http" | "https"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(URL);
    };
    if authority.as_str().contains('@') {
        return Err("leave user and password out of the URL");
    }
    if uri.query().is_some() {
        return Err("leave the query out: the service is asked for by its name");
    }
    let text = text.trim_end_matches('/');
    Ok(if uri.path() == "/" { format!("{text}/sampling") } else { text.to_owned() })
}

/// From 100 ms to an hour.
pub(crate) fn interval(time: Duration) -> Result<Duration, &'static str> {
    let range = Duration::from_millis(100)..=Duration::from_secs(3600);
    if range.contains(&time) {
        Ok(time)
    } else {
        Err("write a time from 100 ms to an hour, such as 60 s")
    }
}
