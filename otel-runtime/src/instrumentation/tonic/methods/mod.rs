//! Which methods may a span be named for?
//!
//! A client may write any path. If spans were named after it without a check, any client could make as many
//! names as it likes.

mod descriptor;
mod seen;

use std::collections::HashSet;
use std::sync::Arc;

pub use descriptor::DescriptorSetError;
use seen::Seen;

use crate::process::inbound::{self, Inbound, cut};

/// `rpc.method` of a method that is not known.
pub(super) const OTHER: &str = "_OTHER";
/// The name of a span of such a method.
pub(super) const UNNAMED: &str = "grpc";

/// The methods that are known: those that were listed or, if none was listed, those that were called.
#[derive(Clone, Debug)]
pub(super) enum Methods {
    Listed(Arc<HashSet<String>>),
    /// Shared by all copies of a layer.
    Called(Arc<Called>),
}

/// The methods that were called so far, as far as there is room.
#[derive(Debug)]
pub(super) struct Called {
    /// They have replied, so the server has them.
    replied: Seen,
    /// They ended by a status that anything in front of the server may have given, such as a check of who calls.
    /// A stranger can fill this set with names of its own, but not the other one.
    unsure: Seen,
}

/// What the end of a call says about its method.
#[derive(Clone, Copy, Debug)]
pub(super) enum Evidence {
    /// The server has it.
    Exists,
    /// The server does not have it: `UNIMPLEMENTED`.
    Missing,
    /// Nothing: `UNAUTHENTICATED`, say, or the caller gave up.
    None,
}

/// What a path says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Method {
    /// A name that a span may have.
    Named(String),
    /// Anything else, as it came, but cut to 256 bytes.
    Other(String),
}

/// How many names are remembered, for ever. A server with more methods has to list them.
const REPLIED: usize = 1024;
const UNSURE: usize = 128;
/// How many bytes are recorded of a path that names no method.
const ORIGINAL: usize = 256;
/// A longer path is never the name of a method here. Protobuf itself sets no limit.
const NAME: usize = 256;

impl Default for Methods {
    fn default() -> Self {
        Methods::Called(Arc::new(Called { replied: Seen::new(REPLIED), unsure: Seen::new(UNSURE) }))
    }
}

impl Methods {
    /// Adds these to the list. With a list, only listed methods are known.
    pub(super) fn list(&mut self, names: impl IntoIterator<Item = String>) {
        let mut all = match self {
            Methods::Listed(listed) => HashSet::clone(listed),
            Methods::Called(_) => HashSet::new(),
        };
        all.extend(names.into_iter().map(|name| as_listed(&name).to_owned()));
        *self = Methods::Listed(Arc::new(all));
    }

    /// Adds all methods of a `FileDescriptorSet` to the list.
    pub(super) fn list_described(&mut self, set: &[u8]) -> Result<(), DescriptorSetError> {
        self.list(descriptor::methods(set)?);
        Ok(())
    }

    /// The method of a request for this path, such as `/shop.Stock/Count`.
    pub(super) fn of(&self, path: &str) -> Method {
        match name(path) {
            Some(name) if self.may_name(name) => Method::Named(name.into()),
            _ => Method::Other(original(path)),
        }
    }

    /// Whether the server is known to have the method of this path.
    pub(super) fn has(&self, path: &str) -> bool {
        let has = |name| match self {
            Methods::Listed(listed) => listed.contains(name),
            Methods::Called(called) => called.replied.has(name),
        };
        name(path).is_some_and(has)
    }

    fn may_name(&self, name: &str) -> bool {
        match self {
            Methods::Listed(listed) => listed.contains(name),
            Methods::Called(called) => {
                let may_be_in = |seen: &Seen| seen.has(name) || !seen.is_full_for(name);
                or_refused(may_be_in(&called.replied) || may_be_in(&called.unsure), name)
            }
        }
    }

    /// Whether a span may keep the name of its method, now that the call has ended.
    pub(super) fn keep(&self, name: &str, evidence: Evidence) -> bool {
        let Methods::Called(called) = self else { return true };
        let Called { replied, unsure } = &**called;
        match evidence {
            Evidence::Exists => or_refused(replied.add(name) || unsure.has(name), name),
            Evidence::None => or_refused(replied.has(name) || unsure.add(name), name),
            Evidence::Missing => replied.has(name) || unsure.has(name),
        }
    }
}

/// Whether there is room for `name`; if not, that is counted.
fn or_refused(has_room: bool, name: &str) -> bool {
    if !has_room {
        inbound::refuse(Inbound::Method, name.len());
    }
    has_room
}

/// `package.Service/Method` of a path. Segments before it, as in `/api/shop.Stock/Count`, are a router's prefix.
fn name(path: &str) -> Option<&str> {
    let (rest, method) = path.rsplit_once('/')?;
    let (before, service) = rest.rsplit_once('/')?;
    let name = path.get(before.len() + 1..)?;
    let is_identifier = |text: &str, also: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || also.contains(c))
    };
    let is_name = name.len() <= NAME && is_identifier(service, ".-") && is_identifier(method, "-");
    is_name.then_some(name)
}

/// Whether a path names a method of a service in a package, as in `/shop.v1.Stock/Count`, and nothing else.
pub(super) fn is_qualified(path: &str) -> bool {
    let name = name(path).filter(|name| name.len() + 1 == path.len());
    name.and_then(|name| name.split_once('/')).is_some_and(|(service, _)| service.contains('.'))
}

/// A method's name as it is compared: without the leading `/`, which users may well write.
pub(super) fn as_listed(name: &str) -> &str {
    name.strip_prefix('/').unwrap_or(name)
}

fn original(path: &str) -> String {
    cut(as_listed(path), ORIGINAL).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Method {
        Method::Named(name.to_owned())
    }

    fn other(path: &str) -> Method {
        Method::Other(path.to_owned())
    }

    #[test]
    fn a_path_names_its_method_wherever_a_router_put_the_service() {
        let methods = Methods::default();
        for (path, name) in [
            ("/shop.v1.Stock/Count", "shop.v1.Stock/Count"),
            ("/Stock/Count", "Stock/Count"),
            ("/api/grpc/shop.Stock/Count", "shop.Stock/Count"),
        ] {
            assert_eq!(methods.of(path), named(name), "{path}");
        }
        for path in [
            "/",
            "",
            "*",
            "/Count",
            "Stock/Count",
            "//Count",
            "/Stock/",
            "/a b/c",
            "/Stock/%2e%2e",
            "/Stock/Count?x=1",
            "/Stöck/Count",
        ] {
            assert!(matches!(methods.of(path), Method::Other(_)), "{path}");
        }
    }

    #[test]
    fn a_path_without_end_is_cut() {
        let methods = Methods::default();

        let Method::Other(original) = methods.of(&format!("/shop.Stock/{}", "é".repeat(10_000)))
        else {
            panic!("no method has such a name");
        };
        assert!(original.len() <= ORIGINAL && original.len() > ORIGINAL - 2, "{original}");
        let long = methods.of(&format!("/shop.Stock/{}", "C".repeat(10_000)));
        assert!(matches!(long, Method::Other(_)));
    }

    #[test]
    fn of_a_list_nothing_else_is_known_whatever_replies() {
        let mut methods = Methods::default();
        methods.list(["/shop.Stock/Count".to_owned(), "shop.Stock/Watch".to_owned()]);
        methods.list(["Ping/Ping".to_owned()]);

        for name in ["shop.Stock/Count", "shop.Stock/Watch", "Ping/Ping"] {
            assert_eq!(methods.of(&format!("/{name}")), named(name));
            assert!(methods.keep(name, Evidence::Missing), "{name}");
        }
        assert_eq!(methods.of("/shop.Stock/Hack"), other("shop.Stock/Hack"));
        assert!(methods.has("/shop.Stock/Count") && !methods.has("/shop.Stock/Hack"));
    }

    #[test]
    fn without_a_list_what_is_unimplemented_loses_its_name_unless_it_was_called_before() {
        let methods = Methods::default();

        assert!(!methods.keep("shop.Stock/Hack", Evidence::Missing));
        assert!(methods.keep("shop.Stock/Count", Evidence::Exists));
        assert!(methods.keep("shop.Stock/Count", Evidence::Missing));
        assert!(methods.keep("shop.Stock/Watch", Evidence::None), "it was dropped");
        assert!(methods.has("/shop.Stock/Count") && !methods.has("/shop.Stock/Watch"));
    }

    /// How many names are kept of a client's that makes up 100,000.
    fn kept(methods: &Methods, evidence: Evidence) -> usize {
        let name = |number| format!("shop.Stock/M{number}");
        let may_have = |name: &String| methods.of(&format!("/{name}")) == named(name);
        let all = (0..100_000).map(name).filter(may_have);
        all.filter(|name| methods.keep(name, evidence)).count()
    }

    #[test]
    fn a_client_that_makes_names_up_has_no_more_than_the_bound() {
        let methods = Methods::default();

        let refused = kept(&methods, Evidence::None);
        assert!(refused <= UNSURE, "{refused}");
        assert_eq!(kept(&methods, Evidence::Missing), refused, "no more than before");
        let replied = kept(&methods, Evidence::Exists);
        assert!(replied > REPLIED / 2 && replied <= REPLIED + UNSURE, "{replied}");
    }

    #[test]
    fn names_that_were_made_up_take_no_room_from_those_that_reply() {
        let methods = Methods::default();
        kept(&methods, Evidence::None);

        for number in 0..500 {
            let name = format!("shop.Orders/M{number}");
            assert_eq!(methods.of(&format!("/{name}")), named(&name));
            assert!(methods.keep(&name, Evidence::Exists), "{name}");
            assert!(methods.keep(&name, Evidence::None), "{name} is known now");
        }
    }
}
