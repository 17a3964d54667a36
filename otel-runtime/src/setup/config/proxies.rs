//! Through which proxy do requests go?
//!
//! The variables are those that curl and most HTTP clients read; they are no settings of ours. As with
//! curl, `NO_PROXY` lists hosts, domains and networks; as with most clients, requests to this machine
//! itself use no proxy.

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use http::{
    Uri,
    uri::{Authority, Scheme},
};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use hyper_util::client::proxy::matcher::Matcher;

use super::environment::Environment;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use super::problems::Problems;
use super::source::{Given, Source};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::settings::{Proxy, is_this_machine};

/// The proxy variables. Not `Debug`: they may hold passwords.
#[derive(Clone, Default)]
pub(crate) struct Proxies {
    http: Option<Given<String>>,
    https: Option<Given<String>>,
    all: Option<Given<String>>,
    no: Option<Given<String>>,
}

impl Proxies {
    pub(super) fn read(environment: &Environment) -> Proxies {
        let one = |name: &'static str| {
            let value = environment.get(name)?.to_string_lossy().trim().to_owned();
            (!value.is_empty()).then_some(Given { value, from: Source::Variable(name) })
        };
        // Under CGI, a client can set this variable, by sending a header `Proxy`.
        let is_cgi = environment.get("REQUEST_METHOD").is_some();
        Proxies {
            http: one("HTTP_PROXY").filter(|_| !is_cgi).or_else(|| one("http_proxy")),
            https: one("HTTPS_PROXY").or_else(|| one("https_proxy")),
            all: one("ALL_PROXY").or_else(|| one("all_proxy")),
            no: one("NO_PROXY").or_else(|| one("no_proxy")),
        }
    }

    pub(super) fn over(self, less: Proxies) -> Proxies {
        let Proxies { http, https, all, no } = self;
        Proxies {
            http: http.or(less.http),
            https: https.or(less.https),
            all: all.or(less.all),
            no: no.or(less.no),
        }
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
impl Proxies {
    /// The proxy for this URL. One that cannot be used is left out, with a warning.
    pub(super) fn of(&self, url: &Uri, problems: &mut Problems) -> Option<Proxy> {
        let own = if url.scheme() == Some(&Scheme::HTTPS) { &self.https } else { &self.http };
        let given = own.as_ref().or(self.all.as_ref())?;
        if is_this_machine(url.host()?) {
            return None;
        }
        let no = self.no.as_ref().map_or("", |no| no.value.as_str());
        let through = |proxy: &str| Matcher::builder().all(proxy).no(no).build().intercept(url);
        through("http://any")?;
        let usable = through(&given.value).filter(|it| is_usable(it.uri()));
        let Some(it) = usable else {
            // It may hold a password.
            let shown = given.value.split_once("://").map_or("", |(scheme, _)| scheme);
            let why = "this is left out, and requests go without it: write http:// and the host and \
                       port of a proxy for HTTP";
            problems.warn(&given.from, format!("{shown}…"), why);
            return None;
        };
        let authorization = it.basic_auth().cloned().map(|mut value| {
            value.set_sensitive(true);
            value
        });
        Some(Proxy { uri: it.uri().clone(), authorization })
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn is_usable(proxy: &Uri) -> bool {
    let has_port = |it: &Authority| it.port_u16().is_some() || it.as_str() == it.host();
    proxy.scheme() == Some(&Scheme::HTTP) && proxy.authority().is_some_and(has_port)
}

#[cfg(all(test, feature = "otlp-http"))]
mod tests {
    use super::*;

    /// The proxy for `url`, and whether there is a warning about the variables.
    fn proxy(variables: &[(&str, &str)], url: &'static str) -> (Option<String>, bool) {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let proxies = Proxies::read(&variables.collect());
        let mut problems = Problems::default();
        let proxy = proxies.of(&Uri::from_static(url), &mut problems);
        let told = problems.finish().is_ok_and(|warnings| !warnings.is_empty());
        (proxy.map(|proxy| proxy.uri.to_string()), told)
    }

    const PROXY: [(&str, &str); 2] =
        [("HTTP_PROXY", "http://plain:3128"), ("https_proxy", "secure:3128")];

    #[test]
    fn the_scheme_of_the_url_chooses_the_variable() {
        let through = |uri: &str| (Some(uri.to_owned()), false);
        assert_eq!(proxy(&PROXY, "http://backend:4318"), through("http://plain:3128/"));
        assert_eq!(proxy(&PROXY, "https://backend"), through("http://secure:3128/"));
        assert_eq!(proxy(&[("ALL_PROXY", "all:1")], "https://backend"), through("http://all:1/"));
        assert_eq!(proxy(&[("HTTPS_PROXY", "p:1")], "http://backend"), (None, false));
        assert_eq!(proxy(&[], "http://backend"), (None, false));
    }

    #[test]
    fn some_hosts_are_reached_without_one() {
        for url in ["http://localhost:4318", "http://127.0.0.1:4318", "https://[::1]:4318"] {
            assert_eq!(proxy(&PROXY, url), (None, false), "{url}");
        }
        for no in ["backend.example.com", "example.com", ".example.com", "*", "a, example.com"] {
            let variables = [&PROXY[..], &[("NO_PROXY", no)]].concat();
            assert_eq!(proxy(&variables, "http://backend.example.com:4318"), (None, false), "{no}");
        }
        let variables = [&PROXY[..], &[("no_proxy", "10.0.0.0/8,other.com")]].concat();
        assert_eq!(proxy(&variables, "http://10.1.2.3:4318"), (None, false));
        assert!(proxy(&variables, "http://backend.example.com").0.is_some());
    }

    #[test]
    fn what_a_client_sent_to_a_server_is_no_proxy() {
        let cgi = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "http://evil:1")];
        assert_eq!(proxy(&cgi, "http://backend"), (None, false));
    }

    #[test]
    fn one_that_cannot_be_used_is_told() {
        for value in ["socks5://user:secret@p:1080", "https://p:443", "http://p:99999", "a b"] {
            let variables = [("HTTP_PROXY", value)];
            assert_eq!(proxy(&variables, "http://backend"), (None, true), "{value}");
            assert_eq!(proxy(&variables, "http://localhost"), (None, false), "{value}");
        }
    }

    #[test]
    fn a_password_goes_to_the_proxy_and_is_not_shown() {
        let variables = [("HTTP_PROXY".to_owned(), "http://user:secret@p:1")].into_iter();
        let proxy = Proxies::read(&variables.collect())
            .of(&Uri::from_static("http://backend"), &mut Problems::default())
            .expect("a proxy");
        let authorization = proxy.authorization.as_ref().expect("a password");
        assert_eq!(authorization, "Basic dXNlcjpzZWNyZXQ=");
        assert!(!format!("{proxy:?}{authorization:?}").contains("secret"));
        assert_eq!(proxy.uri, "http://p:1");
    }
}
