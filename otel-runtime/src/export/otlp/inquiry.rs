//! How is a server asked for something by HTTP, time and again?

use bytes::Bytes;
use http::header::{ACCEPT, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::Full;
use tokio::time::timeout;

use super::connection::{Connection, MAX_REPLY};
use super::transport;
use super::version::Version;
use crate::export::settings::Otlp;

/// A question, with the connection that it goes over.
pub(crate) struct Inquiry {
    connection: Connection,
    to: Otlp,
}

impl Inquiry {
    /// Connects with the first request. It has to be called inside the runtime that will drive it.
    pub(crate) fn new(to: Otlp) -> Result<Self, String> {
        Ok(Inquiry { connection: Connection::new(&to, Version::Http1)?, to })
    }

    /// The body of the answer, or what is wrong with it.
    pub(crate) async fn ask(&self) -> Result<Bytes, String> {
        let mut request = Request::new(Full::new(Bytes::new()));
        *request.uri_mut() = self.to.endpoint.clone();
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, HeaderValue::from_static(transport::USER_AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = self.connection.proxy_authorization() {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        let asking = async {
            let reply = self.connection.send(request).await;
            let reply = reply.map_err(|failure| failure.error.to_string())?;
            Ok::<_, String>(reply.text().await)
        };
        let late = |_| format!("no answer within {:?}", self.to.timeout);
        let (head, body) = timeout(self.to.timeout, asking).await.map_err(late)??;
        if head.status != StatusCode::OK {
            return Err(format!("the answer has the status {}", head.status));
        }
        if body.len() >= MAX_REPLY {
            return Err("the answer is too long".to_owned());
        }
        Ok(body)
    }
}
